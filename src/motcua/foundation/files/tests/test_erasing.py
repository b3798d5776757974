"""What nobody uses is erased after its time; what anybody uses, or a hold covers, never is."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from motcua.foundation.files import contributions, errors, selectors, services
from motcua.foundation.files.models import DiscardedContent, StoredFile
from motcua.foundation.files.services import erase_file, store_bytes, sweep_unused
from motcua.foundation.files.services.storing import lock_content
from motcua.foundation.files.stores import FolderStore
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold, release_hold
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.ids import new_id

from .factories import NOW, upload

WEEK = timedelta(days=7)


@pytest.fixture
def busy(monkeypatch) -> set[UUID]:
    """The files that a room uses."""
    ids: set[UUID] = set()
    monkeypatch.setattr(contributions, "_users", {"tests": lambda asked: ids & set(asked)})
    return ids


def kept(content: bytes = b"%PDF-1.7 a paper", **fields: object) -> StoredFile:
    return store_bytes(content=content, name="a.pdf", media_type="application/pdf", **fields)


def exists(file: StoredFile) -> bool:
    return StoredFile.objects.filter(pk=file.pk).exists()


def contents(files_dir) -> list[str]:
    return sorted(path.name for path in files_dir.glob("??/??/*"))


@pytest.mark.django_db
class TestSweep:
    def test_erases_row_and_content_a_week_after_nobody_used_it(self, busy, files_dir):
        file = kept()
        assert sweep_unused(at=NOW).unused == 1
        assert sweep_unused(at=NOW + WEEK - timedelta(seconds=1)).erased == 0
        assert exists(file)
        outcome = sweep_unused(at=NOW + WEEK)
        assert (outcome.erased, outcome.contents) == (1, 1)
        assert not exists(file)
        assert contents(files_dir) == []

    def test_writes_one_entry_for_each_file_without_its_name(self, busy):
        file = kept()
        sweep_unused(at=NOW)
        sweep_unused(at=NOW + WEEK)
        entry = Entry.objects.get(kind="file.erased")
        assert (entry.object_id, entry.actor_kind) == (file.pk, "system")
        assert entry.facts == {"sha256": file.sha256, "reason": "unused"}

    def test_leaves_what_is_used(self, busy, files_dir):
        file = kept()
        busy.add(file.pk)
        sweep_unused(at=NOW)
        assert sweep_unused(at=NOW + 100 * WEEK).unused == 0
        assert exists(file)

    def test_counts_the_week_anew_when_it_was_used_between(self, busy):
        file = kept()
        sweep_unused(at=NOW)
        busy.add(file.pk)
        sweep_unused(at=NOW + WEEK)
        busy.clear()
        assert sweep_unused(at=NOW + 2 * WEEK).erased == 0
        assert exists(file)

    def test_leaves_the_content_that_another_row_has(self, busy, files_dir):
        first, second = kept(), kept()
        busy.add(second.pk)
        sweep_unused(at=NOW)
        outcome = sweep_unused(at=NOW + WEEK)
        assert (outcome.erased, outcome.contents) == (1, 0)
        assert not exists(first)
        assert services.read_file(second)
        assert not DiscardedContent.objects.exists()

    @pytest.mark.parametrize("on", ["file", "dossier", "person"])
    def test_a_legal_hold_keeps_it(self, busy, on):
        dossier, person = new_id(), new_id()
        file = kept(belongs_to=dossier)
        StoredFile.objects.update(owner_id=person)
        objects = {"file": file.pk, "dossier": dossier, "person": person}
        hold = place_hold(actor=SYSTEM, object_id=objects[on], reason="court", at=NOW)
        sweep_unused(at=NOW)
        outcome = sweep_unused(at=NOW + WEEK)
        assert (outcome.due, outcome.held, outcome.erased) == (1, 1, 0)
        release_hold(actor=SYSTEM, hold_id=hold.pk, at=NOW + WEEK)
        assert sweep_unused(at=NOW + WEEK).erased == 1

    def test_an_infected_file_stays_locked_for_a_month(self, busy):
        file = kept()
        StoredFile.objects.update(quarantined_at=NOW, infection="EICAR")
        sweep_unused(at=NOW)
        assert sweep_unused(at=NOW + WEEK).erased == 0
        assert sweep_unused(at=NOW + timedelta(days=30)).erased == 1
        assert Entry.objects.get(kind="file.erased").facts["reason"] == "quarantined"
        assert not exists(file)

    def test_a_dry_run_counts_and_changes_nothing(self, busy, files_dir):
        file = kept()
        sweep_unused(at=NOW)
        outcome = sweep_unused(at=NOW + WEEK, dry_run=True)
        assert (outcome.looked_at, outcome.due, outcome.erased) == (1, 1, 0)
        assert exists(file)
        assert contents(files_dir) == [file.sha256]

    def test_erases_nothing_when_nobody_said_what_they_use(self, monkeypatch):
        monkeypatch.setattr(contributions, "_users", {})
        kept()
        with pytest.raises(RuntimeError):
            sweep_unused(at=NOW)

    def test_asks_a_fixed_number_of_times_for_a_thousand_files(self, busy, django_assert_max_num_queries):
        for number in range(20):
            busy.add(kept(b"paper %d" % number).pk)
        with django_assert_max_num_queries(6):
            sweep_unused(at=NOW)

    def test_content_that_the_store_keeps_is_tried_again_after_its_date(self, busy, monkeypatch, files_dir):
        file, until = kept(), NOW + 2 * WEEK
        delete = services.erasing.store().__class__.delete

        def locked(self, digest):
            raise errors.ContentLocked(until=until.isoformat(), at=until)

        monkeypatch.setattr("motcua.foundation.files.stores.FolderStore.delete", locked)
        sweep_unused(at=NOW)
        outcome = sweep_unused(at=NOW + WEEK)
        assert (outcome.erased, outcome.contents) == (1, 0)
        assert list(outcome.locked) == [file.sha256]
        monkeypatch.setattr("motcua.foundation.files.stores.FolderStore.delete", delete)
        assert sweep_unused(at=until - timedelta(seconds=1)).contents == 0
        assert sweep_unused(at=until).contents == 1
        assert contents(files_dir) == []

    def test_content_that_never_got_a_row_goes_after_a_week(self, busy, files_dir):
        orphan = kept()
        orphan.delete()
        assert (sweep_unused(at=NOW).orphaned, sweep_unused(at=NOW).orphaned) == (1, 0)
        assert sweep_unused(at=NOW + WEEK - timedelta(seconds=1)).contents == 0
        assert contents(files_dir) == [orphan.sha256]
        assert sweep_unused(at=NOW + WEEK).contents == 1
        assert contents(files_dir) == []

    def test_content_whose_row_comes_after_all_stays(self, busy, files_dir):
        orphan = kept()
        orphan.delete()
        sweep_unused(at=NOW)
        busy.add(kept().pk)
        assert sweep_unused(at=NOW + WEEK).contents == 0
        assert contents(files_dir) == [orphan.sha256]
        assert not DiscardedContent.objects.exists()

    def test_a_checked_upload_that_nobody_kept_goes_after_a_week(self, busy, files_dir, pdf):
        with services.checked_upload(upload=upload(pdf), actor=SYSTEM, at=NOW):
            pass
        sweep_unused(at=NOW + WEEK - timedelta(seconds=1))
        assert len(contents(files_dir)) == 1
        sweep_unused(at=NOW + WEEK)
        assert contents(files_dir) == []

    def test_what_a_killed_process_left_half_written_goes_after_a_day(self, busy, files_dir):
        import os
        import time

        old, fresh = files_dir / "incoming" / "old", files_dir / "incoming" / "fresh"
        old.parent.mkdir(parents=True)
        old.write_bytes(b"x")
        fresh.write_bytes(b"x")
        os.utime(old, (time.time() - 90_000,) * 2)
        sweep_unused(at=NOW)
        assert [path.name for path in old.parent.iterdir()] == ["fresh"]


@pytest.mark.django_db
class TestErasingOne:
    def test_refuses_a_file_in_use(self, busy):
        file = kept()
        busy.add(file.pk)
        with pytest.raises(errors.FileInUse):
            erase_file(file=file, reason="request", actor=SYSTEM, at=NOW)
        assert exists(file)

    def test_deletes_the_content_after_the_commit_only(
        self, busy, files_dir, django_capture_on_commit_callbacks
    ):
        file = kept()
        with django_capture_on_commit_callbacks(execute=False) as callbacks:
            erase_file(file=file, reason="request", actor=SYSTEM, at=NOW)
        assert contents(files_dir) == [file.sha256]
        for callback in callbacks:
            callback()
        assert contents(files_dir) == []


class TestRaces:
    """Two connections, what each commits is there for the other."""

    @pytest.fixture
    def db(self, shared_database):
        return shared_database

    def test_an_upload_reaches_the_store_before_any_transaction(self, db, busy, pdf, monkeypatch):
        """A store that hangs must not hold the draft's lock and a connection."""
        keep = FolderStore.keep

        def watched(self, path, digest):
            seen.append(connection.in_atomic_block)
            keep(self, path, digest)

        seen = []
        monkeypatch.setattr(FolderStore, "keep", watched)
        with (
            services.checked_upload(upload=upload(pdf), actor=SYSTEM, at=NOW) as checked,
            transaction.atomic(),
        ):
            file = services.store_checked(checked)
        assert seen == [False]
        assert services.read_file(file) == pdf

    def test_content_is_not_deleted_between_its_upload_and_its_row(self, db, busy, pdf):
        """Meanwhile the last row with the same content is erased."""
        old = kept(pdf)
        with services.checked_upload(upload=upload(pdf), actor=SYSTEM, at=NOW) as checked:
            services.delete_discarded(at=NOW)
            erase_file(file=old, reason="request", actor=SYSTEM, at=NOW)
            services.delete_discarded(at=NOW)
            file = services.store_checked(checked)
        assert services.read_file(file) == pdf

    def test_a_hold_that_is_being_placed_is_waited_for(self, db, busy):
        file, person = kept(), new_id()
        StoredFile.objects.filter(pk=file.pk).update(owner_id=person)
        file.refresh_from_db()
        placed, may_commit = threading.Event(), threading.Event()

        def place() -> None:
            try:
                with transaction.atomic():
                    place_hold(actor=SYSTEM, object_id=person, reason="court", at=NOW)
                    placed.set()
                    may_commit.wait(20)
            finally:
                connection.close()

        def erase() -> None:
            try:
                erase_file(file=file, reason="request", actor=SYSTEM, at=NOW)
            except errors.FileInUse:
                refused.set()
            finally:
                connection.close()

        refused = threading.Event()
        placing, erasing = threading.Thread(target=place), threading.Thread(target=erase)
        placing.start()
        assert placed.wait(20)
        erasing.start()
        wait_for_a_lock("relation")
        may_commit.set()
        placing.join(20)
        erasing.join(20)
        assert refused.is_set()
        assert exists(file)

    def test_counts_what_it_deletes_when_commits_are_real(self, db, busy, files_dir):
        busy.update(StoredFile.objects.values_list("pk", flat=True))
        kept()
        sweep_unused(at=NOW)
        outcome = sweep_unused(at=NOW + WEEK)
        assert (outcome.erased, outcome.contents) == (1, 1)
        assert contents(files_dir) == []

    def test_an_upload_that_is_not_committed_yet_keeps_its_content(self, db, busy, files_dir):
        """The sweep has erased the only row; the same content is being stored again at this moment."""
        old = kept()
        with transaction.atomic():
            DiscardedContent.objects.create(sha256=old.sha256, since=NOW)
            old.delete()
        stored, may_commit = threading.Event(), threading.Event()

        def store_again() -> None:
            try:
                with transaction.atomic():
                    kept()
                    stored.set()
                    may_commit.wait(20)
            finally:
                connection.close()

        uploading = threading.Thread(target=store_again)
        uploading.start()
        assert stored.wait(20)
        deleting = threading.Thread(target=lambda: (services.delete_discarded(at=NOW), connection.close()))
        deleting.start()
        wait_for_a_lock()
        may_commit.set()
        uploading.join(20)
        deleting.join(20)
        assert services.read_file(StoredFile.objects.get())
        assert not DiscardedContent.objects.exists()

    def test_an_upload_that_comes_while_content_is_deleted_stores_it_anew(self, db, busy, files_dir):
        old = kept()
        with transaction.atomic():
            lock_content(old.sha256, shared=False)
            old.delete()
            uploading = threading.Thread(target=lambda: (kept(), connection.close()))
            uploading.start()
            wait_for_a_lock()
            services.erasing.store().delete(old.sha256)
        uploading.join(20)
        assert services.read_file(StoredFile.objects.get())


def wait_for_a_lock(kind: str = "advisory") -> None:
    """Until another connection waits for a lock of that kind."""
    import time

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = %s AND NOT granted", [kind])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


def told(*arguments: str) -> dict[str, object]:
    output = StringIO()
    call_command("files", *arguments, "--json", stdout=output)
    lines = output.getvalue().splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


@pytest.mark.django_db
class TestCommand:
    def test_check_finds_a_whole_store_whole(self):
        kept()
        assert told("check") == {
            "whole": True, "contents": 1, "missing": {}, "damaged": {}, "orphaned": [], "discarded": 0,
        }  # fmt: skip

    def test_check_names_what_is_missing_damaged_and_nobodys(self, files_dir):
        missing, damaged, fine = kept(b"one"), kept(b"two"), kept(b"three")
        (place,) = files_dir.rglob(damaged.sha256)
        place.chmod(0o640)
        place.write_bytes(b"tow")
        next(files_dir.rglob(missing.sha256)).unlink()
        orphan = kept(b"four")
        orphan.delete()
        report = selectors.check_store()
        assert report.missing == {missing.sha256: [str(missing.pk)]}
        assert report.damaged == {damaged.sha256: [str(damaged.pk)]}
        assert report.orphaned == [orphan.sha256]
        assert report.contents == 3
        assert fine.sha256 not in report.damaged
        with pytest.raises(SystemExit) as ended:
            told("check")
        assert ended.value.code == 1

    def test_sweep_says_what_it_would_do(self, busy):
        kept()
        assert told("sweep", "--dry-run")["unused"] == 1

    def test_hold_and_release(self, busy):
        file = kept()
        placed = told("hold", str(file.pk), "--reason", "Order 12/2026")
        assert told("release", str(file.pk))["released"] == [placed["hold"]]
        kinds = (
            Entry.objects.filter(kind__startswith="hold.").order_by("sequence").values_list("kind", flat=True)
        )
        assert list(kinds) == ["hold.placed", "hold.released"]


class TestReading:
    @pytest.fixture(autouse=True)
    def _db(self, db):
        """A row to read."""

    def test_a_damaged_file_is_never_given_out_whole(self, files_dir):
        content = bytes(range(256)) * 4096
        file = kept(content)
        (place,) = files_dir.rglob(file.sha256)
        place.chmod(0o640)
        place.write_bytes(content[:-1] + b"!")
        given = b""
        with pytest.raises(errors.DamagedFile), services.open_file(file) as stream:
            while part := stream.read(10_000):
                given += part
        assert len(given) < len(content)

    def test_gives_out_a_large_file_in_order(self):
        content = bytes(range(256)) * 4096 + b"end"
        with services.open_file(kept(content)) as stream:
            assert b"".join(iter(lambda: stream.read(7777), b"")) == content
