"""Start, find and stop the embedded server."""

from __future__ import annotations

import fcntl
import os
import shlex
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq

from motcua.foundation.postgres import cluster as clusters
from motcua.foundation.postgres.cluster import APP_ROLE, DATABASE, OWNER_ROLE, PORT, SUPERUSER, Cluster
from motcua.foundation.postgres.errors import CannotStartPostgres
from motcua.foundation.postgres.programs import Account, Programs, find_programs, run_as

__all__ = [
    "APP_ROLE",
    "OWNER_ROLE",
    "Address",
    "CannotStartPostgres",
    "address",
    "ensure_running",
    "is_running",
    "stop",
]

_START_SECONDS = 60  # one start, with the recovery after a crash
_RETRY_SECONDS = 10  # after a kill, the dead server's processes need a moment to notice
_LOG_TAIL_LINES = 15


@dataclass(frozen=True)
class Address:
    """Where to connect: the folder of the socket, the number in the socket's name, the database."""

    socket_dir: Path
    port: int
    database: str


def address(var: Path) -> Address:
    """Where the server of the folder `var` listens once it runs. Starts and touches nothing."""
    return Address(clusters.locate(var).socket_dir, PORT, DATABASE)


def ensure_running(var: Path) -> Address:
    """Start the server of the folder `var`, making its cluster first where there is none.

    Returns at once if it runs. Safe to call from several processes at the same time. A new cluster holds the
    two roles and an empty database that OWNER_ROLE owns. Raises CannotStartPostgres; what is found in the way
    is never removed or stopped.
    """
    cluster = clusters.locate(var)
    try:
        if not _is_ready(cluster):
            clusters.make_home(var, cluster)
            with _locked(cluster):
                if not _is_ready(cluster):
                    _create_and_start(cluster)
    except OSError as problem:
        raise CannotStartPostgres(f"PostgreSQL cannot be started in {cluster.home}: {problem}.") from problem
    return address(var)


def is_running(var: Path) -> bool:
    """Whether the server of `var` accepts connections; another server on its socket does not count."""
    return _is_ready(clusters.locate(var))


def stop(var: Path) -> None:
    """Stop the server of `var` and wait for it; open connections are cut. Does nothing if none runs."""
    cluster = clusters.locate(var)
    if not cluster.data.is_dir():
        return
    with _locked(cluster):
        account = cluster.account()
        if _postmaster(cluster, account) is None:
            return
        programs = find_programs(account, major=cluster.major(), copies=clusters.ROOTS_FOLDER)
        command = [programs["pg_ctl"], "stop", "-D", str(cluster.data), "-m", "fast", "-w", "-t", "60"]
        answer = run_as(account, command)
        if answer.returncode != 0:
            raise CannotStartPostgres(
                f"PostgreSQL cannot be stopped: {(answer.stdout + answer.stderr).strip()}"
            )


@contextmanager
def _locked(cluster: Cluster) -> Iterator[None]:
    descriptor = os.open(cluster.home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _create_and_start(cluster: Cluster) -> None:
    major = cluster.major()
    account = cluster.account()
    own = _postmaster(cluster, account)
    if own is not None:
        _wait_for(cluster, own)
        return
    stranger = _listener(cluster)
    if stranger is not None:
        raise CannotStartPostgres(
            f"Another program (process {stranger}) already listens in {cluster.socket_dir}. "
            "Stop it, or set MOTCUA_VAR to another folder."
        )
    programs = find_programs(account, major=major, copies=clusters.ROOTS_FOLDER)
    if major is None:
        clusters.create(cluster, account, programs)
    _start(cluster, account, programs)


def _start(cluster: Cluster, account: Account, programs: Programs) -> None:
    options = f"-c config_file={shlex.quote(str(cluster.settings))}"
    limit = ["-w", "-t", str(_START_SECONDS)]
    command = [
        programs["pg_ctl"],
        "start",
        "-D",
        str(cluster.data),
        "-l",
        str(cluster.log),
        "-o",
        options,
        *limit,
    ]
    give_up_at = time.monotonic() + _RETRY_SECONDS
    clusters.prepare_start(cluster, account)
    while run_as(account, command).returncode != 0:
        if time.monotonic() > give_up_at:
            raise CannotStartPostgres(f"PostgreSQL did not start. The end of its log:\n{_log_tail(cluster)}")
        time.sleep(0.2)


def _wait_for(cluster: Cluster, process: int) -> None:
    """Wait for a server that was started before and is not ready yet, after a crash for example."""
    give_up_at = time.monotonic() + _START_SECONDS
    while not _is_ready(cluster):
        if time.monotonic() > give_up_at:
            raise CannotStartPostgres(
                f"PostgreSQL runs on {cluster.data} (process {process}), but does not answer in "
                f"{cluster.socket_dir}. The end of its log:\n{_log_tail(cluster)}"
            )
        time.sleep(0.1)


def _log_tail(cluster: Cluster) -> str:
    lines = cluster.log.read_text(errors="replace").splitlines() if cluster.log.exists() else []
    return "\n".join(lines[-_LOG_TAIL_LINES:] or ["(empty)"]) + f"\n(from {cluster.log})"


def _is_ready(cluster: Cluster) -> bool:
    if not cluster.data.is_dir():
        return False
    process = _postmaster(cluster, cluster.account())
    if process is None or _listener(cluster) != process:
        return False
    question = f"host={cluster.socket_dir} port={PORT} user={SUPERUSER} dbname=postgres connect_timeout=5"
    return pq.PGconn.ping(question.encode()) == pq.Ping.OK


def _postmaster(cluster: Cluster, account: Account) -> int | None:
    """The process that serves this cluster's data, None if there is none, whatever postmaster.pid says."""
    try:
        process = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return process if _working_folder(process, account) == str(cluster.data.resolve()) else None


def _working_folder(process: int, account: Account) -> str | None:
    """A server always works in its data folder, which tells it from a program that got its number later."""
    link = f"/proc/{process}/cwd"
    try:
        return os.readlink(link)
    except PermissionError:  # root in a container may not look at another user's process, that user may
        return run_as(account, ["/usr/bin/readlink", link]).stdout.rstrip("\n") or None
    except OSError:
        return None


def _listener(cluster: Cluster) -> int | None:
    """The process that opened the socket for listening (0: unseen, in another container); None if nobody."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(cluster.socket_dir / f".s.PGSQL.{PORT}"))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        peer = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", peer)[0])
