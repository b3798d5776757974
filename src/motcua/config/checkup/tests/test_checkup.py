"""Each check says that all is well when it is, and what is wrong when it is not."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from motcua.config.checkup import database, journal, machine, outside, secrets, work
from motcua.config.checkup.findings import Finding, State, fail, fine, warn
from motcua.config.checkup.running import CHECKS, Report, run_checks
from motcua.config.environment import environment
from motcua.foundation.files.services import store_bytes
from motcua.foundation.journal.models import Batch, Entry, Verification
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.signatures.keys import issue_signing_key, make_authority

AT = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def state_of(finding: Finding | None) -> State | None:
    return finding.state if finding else None


@pytest.fixture
def var(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(settings, "VAR", tmp_path)
    monkeypatch.setattr(settings, "SIGNATURES_DIR", tmp_path / "signatures")
    return tmp_path


# The database.


def test_a_database_that_answers_is_well(db):
    checks = (database.reachable, database.version, database.migrations, journal.rights)
    assert [state_of(check(timezone.now())) for check in (*checks, database.extensions, database.clock)] == [
        State.OK
    ] * 6


def test_says_that_the_database_does_not_answer(monkeypatch):
    def refuse(**address: object) -> None:
        raise psycopg.OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr("psycopg.connect", refuse)
    finding = database.reachable(AT)
    assert finding.state is State.FAIL
    assert "connection refused" in finding.says and "\n" not in finding.says


@pytest.mark.parametrize(
    ("check", "answer", "state"),
    [
        (database.version, "140012", State.FAIL),
        (database.version, "150001", State.OK),
        (database.commit_times, "off", State.WARN),
        (database.commit_times, "on", State.OK),
    ],
)
def test_looks_at_the_databases_version_and_settings(monkeypatch, check, answer, state):
    monkeypatch.setattr(database, "_value", lambda query: answer)
    assert check(AT).state is state


@pytest.mark.parametrize(
    ("apart", "state"), [(0, State.OK), (1, State.OK), (5, State.WARN), (-5, State.WARN), (60, State.FAIL)]
)
def test_says_that_the_clocks_differ(monkeypatch, apart, state):
    monkeypatch.setattr(database, "_value", lambda query: timezone.now() + timedelta(seconds=apart))
    assert database.clock(AT).state is state


def test_says_that_migrations_are_missing(db, monkeypatch):
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda self, targets: [1, 2]
    )
    finding = database.migrations(AT)
    assert (finding.state, finding.command) == (State.FAIL, "motcua migrate")


def test_says_that_the_role_may_change_the_journal(db):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # the tables' owner
        assert journal.rights(AT).state is State.FAIL
        cursor.execute(f"SET ROLE {settings.APP_DATABASE_ROLE}")
    assert journal.rights(AT).state is State.OK


@pytest.mark.parametrize("table", ["entry", "detail", "leaf", "batch", "stamp"])
def test_says_which_table_of_the_journal_the_role_may_change(db, table):
    name = f"foundation_journal_{table}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [name]
        )
        column = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
        cursor.execute(f"GRANT UPDATE ({column}) ON {name} TO {settings.APP_DATABASE_ROLE}")
        cursor.execute(f"SET ROLE {settings.APP_DATABASE_ROLE}")
    finding = journal.rights(AT)
    assert (finding.state, table in finding.says) == (State.FAIL, True)


@pytest.mark.parametrize("way", ["DROP TRIGGER {} ON {}", "ALTER TABLE {1} DISABLE TRIGGER {0}"])
def test_says_that_a_trigger_of_the_journal_is_gone_or_off(db, way):
    assert journal.triggers(AT).state is State.OK
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(way.format("leaf_append_only", "foundation_journal_leaf"))
        cursor.execute(f"SET ROLE {settings.APP_DATABASE_ROLE}")
    finding = journal.triggers(AT)
    assert finding.state is State.FAIL
    assert finding.says.endswith(": leaf_append_only.")


@pytest.mark.parametrize(
    ("hours", "found", "state"),
    [
        (1, {}, State.OK),
        (27, {}, State.WARN),
        (1, {"unchecked": ["heads_file"]}, State.WARN),
        (1, {"fault_count": 2}, State.FAIL),
        (27, {"fault_count": 2}, State.FAIL),
    ],
)
def test_looks_at_the_last_verification_of_the_journal(db, hours, found, state):
    values = {"first_position": 1, "last_position": 5, "fault_count": 0} | found
    Verification.objects.create(at=AT - timedelta(hours=hours), **values)
    assert journal.verification(AT).state is state


def test_says_that_the_journal_was_never_verified(db):
    now = timezone.now()
    assert journal.verification(now).state is State.OK
    Entry.objects.create(at=AT, kind="test.made", actor_kind="system", object_kind="test", object_id=new_id())
    assert journal.verification(now + timedelta(hours=25)).state is State.OK
    assert journal.verification(now + timedelta(hours=27)).state is State.WARN


def test_says_that_heads_are_not_written_down(db, tmp_path, monkeypatch):
    path = tmp_path / "heads.jsonl"
    monkeypatch.setattr(settings, "JOURNAL_HEADS_FILE", path)
    assert journal.heads_file(AT).state is State.OK
    Entry.objects.create(at=AT, kind="test.made", actor_kind="system", object_kind="test", object_id=new_id())
    follow_once()
    batch = Batch.objects.order_by("-number").first()
    assert journal.heads_file(batch.sealed_at + timedelta(seconds=5)).state is State.OK
    late = batch.sealed_at + timedelta(seconds=90)
    assert journal.heads_file(late).state is State.WARN
    path.write_text(json.dumps({"number": batch.number, "last": 1, "head": "00"}) + "\n")
    assert journal.heads_file(late).state is State.OK
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    assert "written" in journal.heads_file(AT).says
    monkeypatch.setattr(settings, "JOURNAL_HEADS_FILE", path / "below")
    assert "read" in journal.heads_file(AT).says


def test_says_that_an_extension_is_missing(db, monkeypatch):
    monkeypatch.setattr(database, "_EXTENSIONS", {"pg_trgm", "postgis"})
    assert "postgis" in database.extensions(AT).says


# The machine.


@pytest.mark.parametrize(("free", "state"), [(500, State.OK), (90, State.WARN), (0.5, State.FAIL)])
def test_says_that_a_disk_is_nearly_full(var, monkeypatch, free, state):
    usage = SimpleNamespace(total=1000 * 2**30, free=int(free * 2**30))
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage)
    assert machine.disk(AT).state is state


def test_says_that_files_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    assert machine.files_folder(AT).state is State.OK
    (tmp_path / "a file").touch()
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "a file")
    assert machine.files_folder(AT).state is State.FAIL
    monkeypatch.setattr(settings, "FILES_STORE", "s3:bucket", raising=False)
    assert machine.files_folder(AT) is None


def test_says_that_files_are_lost_or_damaged(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path)
    files = [
        store_bytes(content=f"paper {n}".encode(), name="p.txt", media_type="text/plain") for n in range(3)
    ]
    assert machine.files_intact(AT).state is State.OK
    paths = [tmp_path / file.sha256[:2] / file.sha256[2:4] / file.sha256 for file in files]
    paths[0].unlink()
    paths[1].chmod(0o600)
    paths[1].write_bytes(b"rotten")
    finding = machine.files_intact(AT)
    assert finding.state is State.FAIL
    assert finding.says.startswith("2 of 3")


def test_says_that_fonts_or_styles_are_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "FONTS_DIR", tmp_path)
    monkeypatch.setattr(settings, "STATIC_ROOT", tmp_path)
    monkeypatch.setattr(settings, "STATICFILES_DIRS", [tmp_path])
    assert [machine.fonts(AT).command, machine.static_files(AT).command] == ["make setup"] * 2
    (tmp_path / "Tinos.ttf").touch()
    (tmp_path / "main.css").touch()
    assert machine.fonts(AT).state is State.OK
    assert "collectstatic" in machine.static_files(AT).command
    (tmp_path / "staticfiles.json").touch()
    assert machine.static_files(AT).state is State.OK


@pytest.mark.parametrize(
    ("url", "demo", "state"),
    [
        ("", False, State.FAIL),
        ("http://motcua.example.vn", False, State.FAIL),
        ("http://127.0.0.1:8000", True, State.WARN),
        ("https://motcua.example.vn", False, State.OK),
    ],
)
def test_looks_at_the_address(monkeypatch, url, demo, state):
    monkeypatch.setattr(machine, "environment", replace(environment, base_url=url))
    monkeypatch.setattr(settings, "DEMO", demo)
    assert machine.base_url(AT).state is state


@pytest.mark.parametrize("on", [True, False])
def test_says_that_debug_or_the_demonstration_is_on(monkeypatch, on):
    monkeypatch.setattr(settings, "DEBUG", on)
    monkeypatch.setattr(settings, "DEMO", on)
    assert machine.debug(AT).state is (State.FAIL if on else State.OK)
    assert machine.demonstration(AT).state is (State.WARN if on else State.OK)


@pytest.mark.parametrize(
    ("noted", "state"),
    [
        (None, State.FAIL),
        ("", State.FAIL),
        ("torn {", State.FAIL),
        ((1, 0), State.OK),
        ((25, 0), State.OK),
        ((27, 0), State.WARN),
        ((24 * 8, 0), State.FAIL),
        ((1, 2), State.FAIL),
    ],
)
def test_looks_at_the_age_of_the_last_backup(var, noted, state):
    if isinstance(noted, tuple):
        hours, missing = noted
        noted = json.dumps({"at": (AT - timedelta(hours=hours)).isoformat(), "missing": missing}) + "\n"
    if noted is not None:
        (var / "backups.jsonl").write_text(noted)
    assert machine.backup(AT).state is state


# Secrets and keys.


def test_says_that_others_can_read_a_secret_and_not_what_it_is(var):
    (var / "secrets").mkdir()
    (var / "secrets" / "secret_key").write_text("opensesame")
    (var / "secrets" / "secret_key").chmod(0o640)
    finding = secrets.secret_files(AT)
    assert finding.state is State.FAIL
    assert "opensesame" not in repr(finding)
    (var / "secrets" / "secret_key").chmod(0o600)
    assert secrets.secret_files(AT).state is State.OK


@pytest.mark.parametrize(("later", "state"), [(0, State.OK), (350, State.WARN), (400, State.FAIL)])
def test_says_that_a_certificate_ends(var, later, state):
    folder = var / "signatures"
    make_authority(folder, name="Demo", at=AT)
    issue_signing_key(folder, key_ref="leader", person="An", organisation="X", title="Y", at=AT, days=365)
    finding = secrets.certificates(AT + timedelta(days=later))
    assert finding.state is state
    assert state is State.OK or "leader" in finding.says
    assert secrets.secret_files(AT).state is State.OK


def test_the_certificates_of_the_trust_list_are_no_secrets(var):
    make_authority(var / "signatures", name="Demo", at=AT)
    (var / "signatures" / "trust" / "tsa").mkdir()
    for folder in ("trust", "trust/tsa"):
        public = var / "signatures" / folder / "authority.pem"
        public.write_text("public")
        public.chmod(0o644)
    assert secrets.secret_files(AT).state is State.OK


def test_says_that_trust_yaml_names_an_unknown_certificate(var):
    make_authority(var / "signatures", name="Demo", at=AT)
    mark = "ab" * 32
    (var / "signatures" / "trust" / "trust.yaml").write_text(f"certificates: [{{sha256: {mark}}}]")
    finding = secrets.trust_list(AT)
    assert finding.state is State.FAIL
    assert mark in finding.says


def test_says_that_a_key_or_the_trust_list_cannot_be_read(var):
    assert secrets.trust_list(AT).state is State.FAIL
    make_authority(var / "signatures", name="Demo", at=AT)
    assert secrets.trust_list(AT).state is State.OK
    assert secrets.trust_list(AT + timedelta(days=30 * 365)).state is State.WARN
    (var / "signatures" / "trust" / "other.pem").write_text("no certificate")
    assert secrets.trust_list(AT).state is State.FAIL
    (var / "signatures" / "keys").mkdir()
    (var / "signatures" / "keys" / "leader.pem").write_text("nothing")
    assert secrets.certificates(AT).state is State.FAIL


# Work that goes on by itself.


def as_owner(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '{}') RETURNING id"
JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id, scheduled_at) "
    "VALUES ('default', 'test.task', '{}', {}, {}) RETURNING id"
)


def test_says_that_no_worker_runs(db):
    assert work.worker(timezone.now()).state is State.FAIL
    as_owner(WORKER.format("10 minutes"))
    assert work.worker(timezone.now()).state is State.FAIL
    as_owner(WORKER.format("5 seconds"))
    assert work.worker(timezone.now()).state is State.OK


def test_says_that_jobs_fail_wait_or_hang(db):
    def state() -> State:
        return work.jobs(timezone.now()).state

    alive, dead = as_owner(WORKER.format("1 second")), as_owner(WORKER.format("1 hour"))
    as_owner(JOB.format("doing", alive, "NULL"))
    as_owner(JOB.format("todo", "NULL", "now() + interval '1 day'"))
    as_owner(JOB.format("todo", "NULL", "NULL"))  # just deferred, as its event says
    assert state() is State.OK
    as_owner(JOB.format("failed", "NULL", "NULL"))
    assert "failed" in work.jobs(timezone.now()).says
    as_owner(JOB.format("todo", "NULL", "now() - interval '1 hour'"))
    assert "wait" in work.jobs(timezone.now()).says
    as_owner(JOB.format("doing", dead, "NULL"))
    assert state() is State.FAIL


def journal_state(**changes) -> SimpleNamespace:
    values = {
        "unsealed": 0,
        "last_batch": SimpleNamespace(number=7, sealed_at=AT),
        "last_stamp": SimpleNamespace(batch_id=7, made_at=AT),
        "consumers": (SimpleNamespace(name="dossiers", lag=5, tries=0),),
        "dead_letters": 0,
    }
    return SimpleNamespace(**(values | changes))


@pytest.mark.parametrize(("age_seconds", "state"), [(5, State.OK), (90, State.FAIL)])
def test_says_that_entries_wait_for_their_seal(db, monkeypatch, age_seconds, state):
    entry = Entry.objects.create(
        at=AT, kind="test.made", actor_kind="system", object_kind="test", object_id=new_id()
    )
    entry.refresh_from_db()
    monkeypatch.setattr(work, "journal_state", lambda: journal_state(unsealed=1))
    assert work.sealing(entry.recorded_at + timedelta(seconds=age_seconds)).state is state
    monkeypatch.setattr(work, "journal_state", lambda: journal_state())
    assert work.sealing(entry.recorded_at + timedelta(hours=1)).state is State.OK


@pytest.mark.parametrize(
    ("stamp", "hours", "state"),
    [
        (SimpleNamespace(batch_id=7, made_at=AT), 5, State.OK),  # nothing new to stamp
        (SimpleNamespace(batch_id=6, made_at=AT), 0.5, State.OK),
        (SimpleNamespace(batch_id=6, made_at=AT), 2, State.WARN),
        (None, 0.5, State.OK),
        (None, 2, State.WARN),
    ],
)
def test_says_that_seals_have_no_time_stamp(monkeypatch, stamp, hours, state):
    monkeypatch.setattr(settings, "TSA_URL", "http://127.0.0.1:1", raising=False)
    monkeypatch.setattr(work, "journal_state", lambda: journal_state(last_stamp=stamp))
    assert work.stamping(AT + timedelta(hours=hours)).state is state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.OK),
        ({"dead_letters": 2}, State.WARN),
        ({"consumers": (SimpleNamespace(name="indicators", lag=20_000, tries=0),)}, State.WARN),
        ({"consumers": (SimpleNamespace(name="indicators", lag=1, tries=3),)}, State.WARN),
    ],
)
def test_says_that_a_consumer_is_behind(monkeypatch, changes, state):
    monkeypatch.setattr(work, "journal_state", lambda: journal_state(**changes))
    assert work.following(AT).state is state


@pytest.mark.parametrize(("days", "state"), [(100, State.OK), (89, State.WARN), (-1, State.FAIL)])
def test_says_that_the_table_of_days_off_ends(monkeypatch, days, state):
    monkeypatch.setattr(
        work, "get_calendar", lambda: SimpleNamespace(table_until=AT.date() + timedelta(days=days))
    )
    assert work.calendar(AT).state is state


# Systems that are not ours.


@pytest.fixture
def listener() -> Iterator[tuple[socket.socket, str]]:
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(10)
    yield server, f"127.0.0.1:{server.getsockname()[1]}"
    server.close()


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    probe = socket.create_server(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    return f"127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("check", "setting", "form"),
    [
        (outside.virus_scanner, "CLAMD", "{}"),
        (outside.time_stamps, "TSA_URL", "http://{}/tsa"),
        (outside.sms, "SMS_URL", "http://{}/send"),
    ],
)
def test_says_that_a_system_is_not_set_up_or_does_not_answer(monkeypatch, nobody, check, setting, form):
    monkeypatch.setattr(settings, setting, "", raising=False)
    assert check(AT).state is State.WARN
    for address in (form.format(nobody), form.format("[broken"), "unix:/nowhere"):
        monkeypatch.setattr(settings, setting, address)
        assert check(AT).state is State.FAIL


@pytest.mark.parametrize(("check", "setting"), [(outside.time_stamps, "TSA_URL"), (outside.sms, "SMS_URL")])
def test_a_system_that_listens_is_well(monkeypatch, listener, check, setting):
    monkeypatch.setattr(settings, setting, f"http://{listener[1]}/x?token=s3cret", raising=False)
    assert check(AT).state is State.OK
    assert "s3cret" not in repr(check(AT))


@pytest.mark.parametrize(("reply", "state"), [(b"PONG\0", State.OK), (b"?", State.FAIL), (b"", State.FAIL)])
def test_asks_the_virus_scanner(monkeypatch, listener, reply, state):
    def answer() -> None:
        line, _ = listener[0].accept()
        with line:
            assert line.recv(64) == b"zPING\0"
            line.sendall(reply)

    monkeypatch.setattr(settings, "CLAMD", listener[1], raising=False)
    scanner = threading.Thread(target=answer)
    scanner.start()
    assert outside.virus_scanner(AT).state is state
    scanner.join()


def test_looks_at_the_mail_relay(monkeypatch, listener, nobody):
    monkeypatch.setattr(settings, "EMAIL_READY", False, raising=False)
    assert outside.mail(AT).state is State.WARN
    monkeypatch.setattr(settings, "EMAIL_READY", True)
    for address, state in ((listener[1], State.OK), (nobody, State.FAIL)):
        host, port = address.split(":")
        monkeypatch.setattr(settings, "EMAIL_HOST", host)
        monkeypatch.setattr(settings, "EMAIL_PORT", int(port))
        assert outside.mail(AT).state is state


# Running them.


@pytest.mark.parametrize(
    ("findings", "blind", "status"),
    [
        ([fine("a")], {}, 0),
        ([fine("a"), warn("b", "c")], {}, 0),
        ([fine("a"), fail("b", "c")], {}, 1),
        ([fine("a")], {"x": "KeyError"}, 2),
        ([fail("a", "b")], {"x": "KeyError"}, 1),
    ],
)
def test_the_status_is_honest(findings, blind, status):
    assert Report({str(number): finding for number, finding in enumerate(findings)}, blind).status == status


def test_a_check_that_breaks_stops_no_other_and_its_words_are_not_repeated():
    def broken(at: datetime) -> Finding:
        raise ValueError("password=s3cret")

    report = run_checks({"one": broken, "two": lambda at: fine("well")}, at=AT)
    assert report.blind == {"one": "ValueError"}
    assert list(report.findings) == ["two"]


def test_without_a_database_only_the_rest_is_looked_at():
    def must_not_run(at: datetime) -> Finding:
        raise AssertionError

    checks = {
        "database": lambda at: fail("gone", "start"),
        "worker": must_not_run,
        "disk": lambda at: fine("room"),
    }
    report = run_checks(checks, at=AT)
    assert (list(report.findings), report.blind, report.status) == (["database", "disk"], {}, 1)


def test_every_finding_that_is_not_well_says_what_to_do(db):
    report = run_checks(at=timezone.now())
    assert not report.blind
    assert set(report.findings) <= set(CHECKS)
    for finding in report.findings.values():
        assert finding.says.endswith(".")
        assert finding.state is State.OK or finding.mend.endswith(".")


def test_the_command_speaks_json_on_one_line(db, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("checkup", "--json")
    said = capsys.readouterr().out
    facts = json.loads(said)
    assert said.count("\n") == 1
    assert facts["status"] == ended.value.code == 1  # no worker runs beside the tests
    assert {"name", "state", "says", "mend", "command"} == set(facts["findings"][0])
    assert settings.SECRET_KEY not in said


def test_the_command_says_so_when_it_cannot_look(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DJANGO_"))}
    answer = subprocess.run(
        [sys.executable, "-m", "motcua.config.cli", "checkup"],
        env=own | {"MOTCUA_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("motcua: MOTCUA_SECRET_KEY is not set")
    assert answer.stderr.count("\n") == 1
