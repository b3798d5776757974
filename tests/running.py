"""A whole installation for tests: `motcua demo` itself, with a database, ports and data of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from motcua.foundation.postgres import server
from motcua.foundation.postgres.cluster import locate

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "test-results"
MOTCUA = Path(sys.executable).parent / "motcua"
START_SECONDS = 300


def ask(var: Path, question: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of the database of an installation, for what no page shows."""
    where = server.address(var)
    with psycopg.connect(
        host=str(where.socket_dir), port=where.port, dbname=where.database, user=server.OWNER_ROLE
    ) as connection:
        return connection.execute(question, values).fetchall()


@dataclass(frozen=True)
class Running:
    """Where it listens and keeps its data; `story` and `again`: what the command said at its two starts."""

    base: str
    eid: str
    var: Path
    story: subprocess.CompletedProcess[str]
    again: str

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        return ask(self.var, question, *values)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """A `motcua` command in this installation."""
        return subprocess.run(
            [MOTCUA, *arguments], env=environment_of(self.var), cwd=ROOT, capture_output=True, text=True
        )


@contextmanager
def installation(var: Path) -> Iterator[Running]:
    """Set up in the empty folder `var`, play the story, end; start again and serve. Nothing of it stays."""
    web, eid, tsa, sms = _free_ports(4)
    environment = environment_of(var) | {
        "MOTCUA_PORT": str(web),
        "MOTCUA_EID_PORT": str(eid),
        "MOTCUA_TSA_PORT": str(tsa),
        "MOTCUA_SMS_PORT": str(sms),
    }
    command = [MOTCUA, "demo"]
    try:
        story = subprocess.run(
            command, env=environment | {"DEMO_ONCE": "1"}, cwd=ROOT, capture_output=True, text=True
        )
        with _serving(command, environment) as told:
            yield Running(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{eid}", var, story, told)
    finally:
        _remove(var)


def environment_of(var: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DJANGO_"))}
    # The code beside these tests, also where the command was installed from another checkout.
    code = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return own | {"MOTCUA_VAR": str(var), "MOTCUA_DEMO": "1", "PYTHONPATH": code}


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def _serving(command: Sequence[str | Path], environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        yield _read_until_served(process)
    finally:
        family = _family(process.pid)
        process.terminate()
        _gone, left = psutil.wait_procs(family, timeout=20)
        for one in left:
            one.kill()
        process.wait()
        _keep_words(process)


def _keep_words(process: subprocess.Popen[str]) -> None:
    """What it said while it served: why it ended, if it ended early."""
    assert process.stdout
    (RESULTS / "log").mkdir(parents=True, exist_ok=True)
    (RESULTS / "log" / "demo.log").write_text(f"{process.stdout.read()}\nexit status {process.returncode}\n")
    process.stdout.close()


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _read_until_served(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    told = ""
    too_late = threading.Timer(START_SECONDS, process.kill)
    too_late.start()
    try:
        for line in process.stdout:
            told += line
            if "Ctrl-C" in line:
                return told
    finally:
        too_late.cancel()
    raise RuntimeError(f"motcua demo did not come to serving; it said:\n{told}")


def _remove(var: Path) -> None:
    """The server, then the cluster, which for root lies outside of `var`, then the rest. The log is kept."""
    if (var / "log").is_dir():
        shutil.copytree(var / "log", RESULTS / "log", dirs_exist_ok=True)
    server.stop(var)
    cluster = locate(var)
    for folder in (cluster.home, cluster.socket_dir, var):
        shutil.rmtree(folder, ignore_errors=True)
