"""What a function in the limited process can do, and that nothing it does harms who called it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from motcua.foundation.kernel import limited
from motcua.foundation.kernel.limited import Broken, Limited, Objection, Overrun

TRIED = "motcua.foundation.kernel.tests.tried"
LENGTH, ATTEMPT = Limited(f"{TRIED}:length"), Limited(f"{TRIED}:attempt")
NOT_ALLOWED = {"PermissionError", "BlockingIOError", "OSError", "gaierror"}


def attempt(what: str, argument: Any = None) -> str:
    return ATTEMPT(b"", what=what, argument=argument).value


def server() -> subprocess.Popen[bytes]:
    """The fork server of this process, running."""
    LENGTH(b"")
    assert limited._server.process is not None
    return limited._server.process


def wait_until_gone(pid: int, seconds: float = 10) -> None:
    deadline, stat = time.monotonic() + seconds, Path(f"/proc/{pid}/stat")
    while time.monotonic() < deadline:
        # A zombie has ended, too: who should bury it is not ours.
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("it still runs")


class TestCalls:
    def test_gives_the_answer_and_the_bytes(self):
        answer = LENGTH(b"hello", more=2)
        assert (answer.value, answer.content) == (7, b"olleh")

    def test_reads_a_file_from_its_start(self, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(b"hello")
        with path.open("rb") as file:
            file.read(3)
            assert LENGTH(file).value == 5

    def test_passes_on_an_objection_with_its_fields(self):
        with pytest.raises(Objection) as objection:
            Limited(f"{TRIED}:object_to")(b"navy")
        assert (objection.value.code, objection.value.fields) == ("too_blue", {"shade": "navy"})

    def test_ten_megabytes_go_in_and_out(self):
        content = os.urandom(10 * 1024 * 1024)
        assert LENGTH(content).content == content[::-1]

    def test_many_threads_call_at_once(self):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: LENGTH(b"x" * n).value, range(40)))
        assert answers == list(range(40))


class TestWalls:
    def test_has_no_network(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            assert attempt("connect", server.getsockname()) in NOT_ALLOWED
        assert attempt("socket", ("127.0.0.1", 1)) == "-1"

    def test_reads_no_file_not_even_one_that_all_may_read(self):
        assert attempt("read", "/etc/hostname") in NOT_ALLOWED

    def test_writes_no_file(self, tmp_path):
        assert attempt("write", str(tmp_path / "a")) in NOT_ALLOWED
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("what", ["fork", "execute"])
    def test_starts_no_process(self, what):
        assert attempt(what) in NOT_ALLOWED

    def test_kills_no_process(self):
        with subprocess.Popen(["sleep", "60"]) as bystander:
            assert attempt("kill", bystander.pid) in NOT_ALLOWED
            assert bystander.poll() is None
            bystander.kill()

    def test_sees_no_environment(self, monkeypatch):
        monkeypatch.setenv("MOTCUA_SECRET_KEY", "secret")
        limited._server.stop()
        assert attempt("environment") == "[]"

    def test_holds_its_file_and_its_answer_and_nothing_else(self):
        assert attempt("descriptors") == "[0, 1]"

    @pytest.mark.skipif(os.getuid() != 0, reason="only root has another user to become")
    def test_is_nobody_where_we_are_root(self):
        status = Path(f"/proc/{server().pid}/status").read_text()
        assert "Uid:\t65534\t65534\t65534\t65534" in status
        assert "NoNewPrivs:\t1" in status

    def test_the_network_is_its_own_and_empty(self):
        assert os.readlink(f"/proc/{server().pid}/ns/net") != os.readlink("/proc/self/ns/net")


class TestHarm:
    def test_endless_computing_is_stopped(self):
        with pytest.raises(Overrun):
            Limited(f"{TRIED}:spin", cpu_seconds=1)(b"")

    def test_endless_waiting_is_stopped(self):
        with pytest.raises(Overrun):
            Limited(f"{TRIED}:sleep", wall_seconds=0.3)(b"")

    def test_too_much_memory_is_refused(self):
        with pytest.raises(Overrun):
            Limited(f"{TRIED}:swell")(b"")

    def test_a_crash_is_told(self):
        with pytest.raises(Broken, match="signal 11"):
            Limited(f"{TRIED}:crash")(b"")

    def test_too_long_an_answer_is_refused(self):
        with pytest.raises(Overrun):
            Limited(f"{TRIED}:babble", answer_bytes=50_000)(b"")

    def test_nonsense_for_an_answer_is_no_answer(self):
        with pytest.raises(Broken, match="nonsense"):
            Limited(f"{TRIED}:lie")(b"")

    def test_a_failure_is_logged_without_its_words(self, caplog):
        with pytest.raises(Broken, match="KeyError"):
            Limited(f"{TRIED}:fail")(b"")
        assert "KeyError" in caplog.text
        assert "Nguyễn" not in caplog.text

    def test_a_call_after_all_that_works(self):
        with pytest.raises(Broken):
            Limited(f"{TRIED}:crash")(b"")
        assert LENGTH(b"hello").value == 5


class TestServer:
    def test_is_started_again_after_it_was_killed(self):
        before = server()
        before.kill()
        assert LENGTH(b"hello").value == 5
        assert server().pid != before.pid

    def test_a_call_that_ran_when_it_was_killed_runs_again(self):
        wait, before = Limited(f"{TRIED}:sleep", wall_seconds=1), server()
        with ThreadPoolExecutor(1) as pool:
            calling = pool.submit(wait, b"")
            before.kill()
            with pytest.raises(Overrun):
                calling.result()

    def test_ends_with_the_process_that_started_it(self):
        code = (
            "import sys\n"
            "from motcua.foundation.kernel import limited\n"
            f"limited.Limited('{TRIED}:length')(b'')\n"
            "print(limited._server.process.pid, flush=True)\n"
            "sys.stdin.read()\n"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes) as owner:
            pid = int(owner.stdout.readline())
            assert Path(f"/proc/{pid}").exists()
            owner.kill()
        wait_until_gone(pid)

    def test_a_forked_process_starts_its_own(self):
        mine = server().pid
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(write, str(server().pid).encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(write)
        with open(read, "rb") as told:
            assert int(told.read()) != mine
        assert server().pid == mine
