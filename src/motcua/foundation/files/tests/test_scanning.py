"""The virus scanner: the real clamd with one signature of our own, and servers that behave badly."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from motcua.foundation.files import errors, tasks
from motcua.foundation.files.adapters.clamd import ScannerUnavailable, scan
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import (
    open_file,
    quarantine_infected,
    scan_waiting,
    scanning,
    store_bytes,
)
from motcua.foundation.journal.models import Entry

from .factories import NOW, store_upload, upload

# The test virus that every scanner knows; in pieces, so that none finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def clamd() -> Iterator[str]:
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not program:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(prefix="clamd-") as name:
        folder = Path(name)
        (folder / "db").mkdir()
        (folder / "db" / "test.ndb").write_text(f"EICAR-TEST:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"LocalSocket {folder}/socket\nDatabaseDirectory {folder}/db\nForeground yes\nStreamMaxLength 3M\n"
        )
        with subprocess.Popen(
            [program, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            wait_for(folder / "socket", process)
            yield f"unix:{folder}/socket"
            process.terminate()


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("clamd did not start")


@contextmanager
def server(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """One that answers each caller in its own way, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            caller, _ = listening.accept()
            with caller:
                behave(caller)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)


def read_to_the_end(caller: socket.socket) -> bytes:
    got = b""
    while not got.endswith(b"\0\0\0\0"):
        got += caller.recv(65536)
    return got


def infected_pdf(pdf: bytes) -> bytes:
    return pdf + b"\n% " + EICAR + b"\n%%EOF\n"


class TestProtocol:
    def test_finds_the_signature_in_a_file_of_any_kind(self, clamd, pdf):
        assert scan(io.BytesIO(infected_pdf(pdf)), address=clamd).startswith("EICAR-TEST")

    def test_finds_nothing_in_a_clean_file(self, clamd, pdf):
        assert scan(io.BytesIO(pdf), address=clamd) is None

    def test_sends_a_large_file_in_parts(self, clamd):
        assert scan(io.BytesIO(bytes(2 * MB) + EICAR), address=clamd)

    def test_a_file_over_the_scanners_limit_is_not_called_clean(self, clamd):
        with pytest.raises(ScannerUnavailable, match="size_limit"):
            scan(io.BytesIO(bytes(8 * MB)), address=clamd)

    def test_speaks_over_tcp_too(self):
        def behave(caller: socket.socket) -> None:
            got.append(read_to_the_end(caller))
            caller.sendall(b"stream: Evil.Thing FOUND\0")

        got: list[bytes] = []
        with server(behave) as address:
            assert scan(io.BytesIO(b"hello"), address=address) == "Evil.Thing"
        assert got == [b"zINSTREAM\0" + b"\0\0\0\5hello" + b"\0\0\0\0"]

    @pytest.mark.parametrize("reply", [b"", b"hello\0", b"stream: \0", b"UNKNOWN COMMAND\0", b"\xff" * 5000])
    def test_an_answer_that_is_no_verdict_is_not_called_clean(self, reply):
        def behave(caller: socket.socket) -> None:
            read_to_the_end(caller)
            caller.sendall(reply)

        with server(behave) as address, pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(b"hello"), address=address)

    def test_a_scanner_that_says_nothing_is_given_up(self):
        quiet = server(lambda caller: [read_to_the_end(caller), caller.recv(1)])
        with quiet as address, pytest.raises(ScannerUnavailable, match="TimeoutError"):
            scan(io.BytesIO(b"hello"), address=address, timeout_seconds=0.2)

    def test_a_scanner_that_hangs_up_is_not_called_clean(self):
        with server(lambda caller: caller.close()) as address, pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(bytes(4 * MB)), address=address)

    @pytest.mark.parametrize("address", ["unix:/nowhere/socket", "127.0.0.1:1", "nonsense", "127.0.0.1:port"])
    def test_a_scanner_that_is_not_there_is_told(self, address):
        with pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(b"hello"), address=address)


@pytest.mark.django_db
class TestUploads:
    def test_refuses_an_infected_file_by_its_name_and_tells_the_journal(
        self, clamd, pdf, settings, files_dir
    ):
        settings.CLAMD = clamd
        with pytest.raises(errors.InfectedFile, match=r"found “EICAR-TEST.*” in the file"):
            store_upload(upload=upload(infected_pdf(pdf)))
        entry = Entry.objects.get(kind="file.infected")
        assert set(entry.facts) == {"sha256", "signature"}
        assert entry.actor_kind == "anonymous"
        assert [path for path in files_dir.rglob("*") if path.is_file()] == []

    def test_takes_a_clean_file(self, clamd, pdf, settings):
        settings.CLAMD = clamd
        assert store_upload(upload=upload(pdf)).pk

    def test_takes_nothing_while_the_scanner_is_down(self, pdf, settings):
        settings.CLAMD = "unix:/nowhere/socket"
        with pytest.raises(errors.CannotScan, match="in a few minutes"):
            store_upload(upload=upload(pdf))
        assert not StoredFile.objects.exists()

    def test_takes_it_and_scans_later_where_the_office_wants_that(self, clamd, pdf, settings):
        settings.CLAMD, settings.CLAMD_DOWN = "unix:/nowhere/socket", "accept"
        file = store_upload(upload=upload(infected_pdf(pdf)))
        assert waiting_jobs() == [{"sha256": file.sha256}]
        with open_file(file) as stream:
            assert stream.read(4) == b"%PDF"

        settings.CLAMD = clamd
        assert quarantine_infected(file.sha256, at=NOW) == 1
        file.refresh_from_db()
        with pytest.raises(errors.QuarantinedFile, match="EICAR-TEST"):
            open_file(file)
        assert Entry.objects.get(kind="file.infected").object_id == file.pk
        assert quarantine_infected(file.sha256, at=NOW) == 0

    def test_a_clean_file_stays_open_after_the_later_scan(self, clamd, pdf, settings):
        file = store_bytes(content=pdf, name="a.pdf", media_type="application/pdf")
        settings.CLAMD = clamd
        assert quarantine_infected(file.sha256, at=NOW) == 0
        open_file(file).close()

    def test_remembers_which_uploads_a_scanner_called_clean(self, clamd, pdf, settings):
        before = store_upload(upload=upload(pdf))
        settings.CLAMD = clamd
        after = store_upload(upload=upload(pdf + b"\n"))
        assert (before.scanned_at, after.scanned_at) == (None, NOW)

    def test_what_lost_its_job_is_scanned_all_the_same(self, clamd, pdf, settings):
        settings.CLAMD, settings.CLAMD_DOWN = "unix:/nowhere/socket", "accept"
        infected, clean = store_upload(upload=upload(infected_pdf(pdf))), store_upload(upload=upload(pdf))
        settings.CLAMD = clamd
        assert scan_waiting(at=NOW) == 2
        infected.refresh_from_db()
        clean.refresh_from_db()
        assert infected.infection.startswith("EICAR-TEST")
        assert clean.scanned_at == NOW
        assert scan_waiting(at=NOW) == 0

    def test_what_was_taken_before_there_was_a_scanner_is_scanned_once_there_is_one(
        self, clamd, pdf, settings
    ):
        file = store_upload(upload=upload(infected_pdf(pdf)))
        assert waiting_jobs() == []
        assert scan_waiting(at=NOW) == 0
        settings.CLAMD = clamd
        assert scan_waiting(at=NOW) == 1
        file.refresh_from_db()
        assert file.quarantined_at == NOW

    def test_scanning_what_waits_ends_while_the_scanner_is_down(self, pdf, settings, caplog):
        store_upload(upload=upload(pdf)), store_upload(upload=upload(pdf + b"\n"))
        settings.CLAMD = "unix:/nowhere/socket"
        assert scan_waiting(at=NOW) == 0
        assert caplog.text.count("file_not_scanned") == 1

    def test_what_the_scanner_does_not_take_holds_up_nothing_behind_it(
        self, clamd, pdf, settings, monkeypatch
    ):
        monkeypatch.setattr(scanning, "_PAGE", 1)
        large = store_upload(upload=upload(pdf + b"\n%" + bytes(8 * MB) + b"\n%%EOF"))
        small = store_upload(upload=upload(pdf))
        settings.CLAMD = clamd
        assert scan_waiting(at=NOW) == 1
        large.refresh_from_db()
        small.refresh_from_db()
        assert (large.scanned_at, small.scanned_at) == (None, NOW)

    @pytest.mark.parametrize("down", ["accept", "refuse"])
    def test_refuses_a_file_over_the_scanners_limit_in_every_mode(self, clamd, pdf, settings, down):
        settings.CLAMD, settings.CLAMD_DOWN = clamd, down
        with pytest.raises(errors.UnscannableFile, match="too large"):
            store_upload(upload=upload(pdf + b"\n%" + bytes(8 * MB) + b"\n%%EOF"))
        assert not StoredFile.objects.exists()

    def test_does_not_scan_what_we_made(self, clamd, pdf, settings):
        store_bytes(content=pdf, name="a.pdf", media_type="application/pdf")
        settings.CLAMD = clamd
        assert scan_waiting(at=NOW) == 0

    def test_the_job_scans_what_waits(self, clamd, pdf, settings):
        file = store_upload(upload=upload(pdf))
        settings.CLAMD = clamd
        tasks.scan_unscanned(timestamp=0)
        file.refresh_from_db()
        assert file.scanned_at

    def test_the_later_scan_is_tried_again_while_the_scanner_is_down(self, pdf, settings):
        file = store_bytes(content=pdf, name="a.pdf", media_type="application/pdf")
        settings.CLAMD = "unix:/nowhere/socket"
        with pytest.raises(ScannerUnavailable):
            quarantine_infected(file.sha256, at=NOW)


def waiting_jobs() -> list[dict[str, str]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return [job.args for job in ProcrastinateJob.objects.filter(task_name="files.scan_later")]
