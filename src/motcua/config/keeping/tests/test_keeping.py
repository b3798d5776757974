"""A small site with a signed result, backed up and restored into a folder and a database of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pyrage
import pytest
from cryptography import x509
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from motcua.casework.dossiers.tests.factories import returned
from motcua.config.environment import environment
from motcua.config.keeping.archive import Key, Lock
from motcua.config.keeping.database import Place, embedded
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.making import Made, Site, make_backup
from motcua.config.keeping.restoring import restore_backup
from motcua.config.keeping.retention import dated_name, drop_older
from motcua.config.management.commands import backup
from motcua.foundation.files.models import StoredFile
from motcua.foundation.postgres import server
from motcua.foundation.postgres.cluster import locate
from motcua.foundation.signatures.verification import verify_pdf

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]

OWNER = pyrage.x25519.Identity.generate()
LOCK, KEY = Lock(recipients=(str(OWNER.to_public()),)), Key(identities=(str(OWNER),))


@pytest.fixture
def db(shared_database):
    """pg_dump is another connection: it must see what is done."""


@pytest.fixture
def site(world, tmp_path) -> Site:
    """One birth registered and signed; `var` with its files, keys, secrets and the heads of the journal."""
    returned(world.desk, world.mother)
    var = tmp_path / "site"
    for folder in (settings.FILES_DIR, settings.SIGNATURES_DIR):
        shutil.copytree(folder, var / Path(folder).name)
    for name in ("secrets/secret_key", "journal/heads.jsonl", "newkind/key", "log/web.log", "demo/x"):
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_text(name)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "key").write_text("kept elsewhere")
    (tmp_path / "elsewhere" / "round").symlink_to(tmp_path / "elsewhere")
    (var / "linked").symlink_to(tmp_path / "elsewhere")
    return Site(var, _place(), var / "files", "folder", "0.1.0")


def _place() -> Place:
    return replace(embedded(environment.var), name=connection.settings_dict["NAME"])


@pytest.fixture
def into(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "restored"
    yield folder
    server.stop(folder)
    for place in (locate(folder).home, locate(folder).socket_dir):
        shutil.rmtree(place, ignore_errors=True)


def known() -> list[str]:
    with _place().connect() as asked:
        return [str(name) for (name,) in asked.execute("SELECT app || '.' || name FROM django_migrations")]


def make(site: Site, path: Path) -> Made:
    return make_backup(site, path, LOCK, at=timezone.now(), tell=lambda what, done, total: None)


def restore(path: Path, folder: Path, *, names: list[str] | None = None):
    return restore_backup(
        path, KEY, folder, known=known() if names is None else names, tell=lambda what, done, total: None
    )


def nothing_of(folder: Path) -> bool:
    cluster = locate(folder)
    return not any(place.exists() for place in (folder, cluster.home, cluster.socket_dir))


def test_what_was_backed_up_is_restored_whole_and_the_signature_still_holds(site, into, tmp_path):
    made = make(site, tmp_path / "b.tar")
    restored = restore(made.path, into)

    assert restored.manifest == made.manifest
    assert made.manifest.tables["casework_dossiers_dossier"] == 1
    assert made.manifest.tables["foundation_journal_entry"] > 5
    assert made.manifest.parts["files"].count == StoredFile.objects.values("sha256").distinct().count()

    with embedded(into).connect() as asked:
        digest = asked.execute(
            "SELECT sha256 FROM foundation_files_storedfile WHERE media_type = 'application/pdf' "
            "ORDER BY created_at DESC LIMIT 1"
        ).fetchone()[0]
        assert asked.execute("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'").fetchone() == (1,)
    pdf = (into / "files" / digest[:2] / digest[2:4] / digest).read_bytes()
    trust = x509.load_pem_x509_certificates((into / "signatures" / "trust" / "root.pem").read_bytes())
    assert verify_pdf(pdf, at=timezone.now(), trust=trust).verdict == "TOTAL-PASSED"

    # As before: the application's role may read entries and not change them.
    as_app = replace(embedded(into), user=server.APP_ROLE)
    with as_app.connect() as asked, pytest.raises(psycopg.errors.InsufficientPrivilege):
        asked.execute("UPDATE foundation_journal_entry SET kind = 'x.y'")

    kept = {path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file()}
    assert {"secrets/secret_key", "journal/heads.jsonl", "newkind/key"} <= kept
    assert "RESTORING" not in kept
    assert not {"log/web.log", "demo/x", "linked/round/key"} & kept
    assert (into / "linked" / "key").read_text() == "kept elsewhere"
    assert (into / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (into / "signatures").stat().st_mode & 0o077 == 0


def test_nothing_is_left_behind_when_the_database_does_not_come_back(site, into, tmp_path, monkeypatch):
    made = make(site, tmp_path / "b.tar")
    monkeypatch.setattr(
        "motcua.config.keeping.restoring.count_rows", lambda asked: {**made.manifest.tables, "extra": 1}
    )
    with pytest.raises(CannotKeep, match="as many rows"):
        restore(made.path, into)
    assert nothing_of(into)


def test_refuses_before_touching_anything(site, into, tmp_path, monkeypatch):
    made = make(site, tmp_path / "b.tar")
    with pytest.raises(CannotKeep, match="newer version of motcua"):
        restore(made.path, into, names=["a.0001"])
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "flipped.tar").write_bytes(content)
    with pytest.raises(CannotKeep):
        restore(tmp_path / "flipped.tar", into)
    with monkeypatch.context() as patched:
        patched.setattr("shutil.disk_usage", lambda place: shutil._ntuple_diskusage(1, 1, 0))
        with pytest.raises(CannotKeep, match="not enough room"):
            restore(made.path, into)
    assert nothing_of(into)
    into.mkdir()
    (into / "something").touch()
    with pytest.raises(CannotKeep, match="not empty"):
        restore(made.path, into)
    assert [path.name for path in into.iterdir()] == ["something"]


def test_a_lost_or_damaged_file_is_named_and_the_rest_is_kept(site, tmp_path):
    one, other = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).distinct()[:2]
    paths = [site.files / digest[:2] / digest[2:4] / digest for digest in (one, other)]
    paths[0].unlink()
    paths[1].chmod(0o600)
    paths[1].write_bytes(b"rotten")
    manifest = make(site, tmp_path / "b.tar").manifest
    assert manifest.missing == tuple(sorted((one, other)))
    assert manifest.parts["files"].count == StoredFile.objects.values("sha256").distinct().count() - 2


def test_a_file_erased_meanwhile_is_not_called_lost(site, tmp_path, monkeypatch):
    digest = StoredFile.objects.order_by("sha256").values_list("sha256", flat=True)[0]
    (site.files / digest[:2] / digest[2:4] / digest).unlink()
    monkeypatch.setattr("motcua.config.keeping.database.Snapshot.still_named", lambda self, digests: set())
    manifest = make(site, tmp_path / "b.tar").manifest
    assert (manifest.missing, manifest.erased) == ((), (digest,))


def test_rows_added_meanwhile_are_in_neither_the_dump_nor_the_count(site, into, tmp_path, monkeypatch):
    """The dump, the counts and the files are of one instant: else the restored counts would differ."""
    from motcua.config.keeping.database import Snapshot

    tables = Snapshot.tables

    def count_then_add(self: Snapshot) -> dict[str, int]:
        counts = tables(self)
        StoredFile.objects.create(sha256="0" * 64, size_bytes=1, media_type="image/png", name="late.png")
        return counts

    monkeypatch.setattr(Snapshot, "tables", count_then_add)
    made = make(site, tmp_path / "b.tar")
    assert not made.manifest.missing
    assert restore(made.path, into).manifest == made.manifest


def test_never_overwrites(site, tmp_path):
    (tmp_path / "b.tar").write_text("older")
    with pytest.raises(CannotKeep, match="never overwrites"):
        make(site, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_text() == "older"


@pytest.mark.parametrize("name", ["daily/b.tar", "b.tar", "signatures/b.tar"])
def test_refuses_a_place_that_would_go_into_the_next_backup(site, name):
    (site.var / name).parent.mkdir(exist_ok=True)
    with pytest.raises(CannotKeep, match="would go into the next one"):
        make(site, site.var / name)


def test_of_two_restores_at_once_the_second_touches_nothing(site, into, tmp_path, monkeypatch):
    made = make(site, tmp_path / "b.tar")
    from motcua.config.keeping import restoring

    fill = restoring._claim

    def claimed_before(folder: Path) -> Path:
        fill(folder)
        (folder / "theirs").touch()
        return fill(folder)

    monkeypatch.setattr(restoring, "_claim", claimed_before)
    with pytest.raises(CannotKeep, match="being restored already"):
        restore(made.path, into)
    assert (into / "theirs").exists()
    shutil.rmtree(into)


def test_a_key_that_cannot_be_read_is_named(site, tmp_path, monkeypatch):
    def refuse(self, path, name):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("motcua.config.keeping.parts.Writer.add_var", refuse)
    with pytest.raises(CannotKeep, match=r"Permission denied: .*heads\.jsonl"):
        make(site, tmp_path / "b.tar")
    assert not list(tmp_path.glob("*b.tar*"))


def test_a_failing_dump_is_said_and_leaves_nothing(site, tmp_path):
    broken = tmp_path / "programs"
    broken.mkdir()
    (broken / "pg_dump").write_text("#!/bin/sh\necho half\necho 'pg_dump: error: no more' >&2\nexit 3\n")
    (broken / "pg_dump").chmod(0o755)
    with pytest.raises(CannotKeep, match="pg_dump ended with 3: pg_dump: error: no more"):
        make(replace(site, place=replace(site.place, programs=broken)), tmp_path / "b.tar")
    assert not list(tmp_path.glob("*b.tar*"))


def test_the_command_keeps_the_latest_and_notes_what_it_made(site, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(backup, "_site", lambda: site)
    monkeypatch.setattr(settings, "VAR", site.var)
    folder = tmp_path / "backups"
    folder.mkdir()
    older = [folder / f"motcua-2026030{day}T020000Z.tar" for day in (1, 2, 3)]
    for path in (*older, folder / "other.tar"):
        path.touch()
    call_command("backup", str(folder), "--recipient", str(OWNER.to_public()), "--keep", "2", "--json")
    facts = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in folder.iterdir()) == [
        older[2].name,
        Path(facts["path"]).name,
        "other.tar",
    ]
    assert facts["dropped"] == [str(older[1]), str(older[0])]
    noted = json.loads((site.var / "backups.jsonl").read_text())
    assert (noted["path"], noted["rows"]) == (facts["path"], facts["rows"])


def test_the_command_drops_nothing_when_files_are_lost(site, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_site", lambda: site)
    monkeypatch.setattr(settings, "VAR", site.var)
    shutil.rmtree(site.files)
    site.files.mkdir()
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "motcua-20260301T020000Z.tar").touch()
    with pytest.raises(CommandError, match="lost or damaged"):
        call_command("backup", str(folder), "--recipient", str(OWNER.to_public()), "--keep", "1")
    assert len(list(folder.iterdir())) == 2


def test_only_dated_backups_are_dropped(tmp_path):
    names = [dated_name(timezone.now()), "motcua-20200101T000000Z.tar", "motcua-old.tar", "x.tar"]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in drop_older(tmp_path, 1)] == ["motcua-20200101T000000Z.tar"]


@pytest.mark.parametrize("passphrase", ["", "short"])
def test_refuses_to_write_without_a_good_passphrase(monkeypatch, tmp_path, passphrase):
    monkeypatch.setattr(backup, "environment", replace(environment, backup_passphrase=passphrase))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "b.tar"))
    assert not list(tmp_path.iterdir())


def test_a_password_of_the_database_is_never_an_argument():
    place = Place(Path("/x"), "db", "5432", "motcua", "motcua_owner", "s3cret")
    assert "s3cret" not in " ".join(place.command("pg_dump")) + repr(place)
    assert place.environment()["PGPASSWORD"] == "s3cret"
