"""A cluster's files: where they lie, how they are made, what is refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from motcua.foundation.postgres.errors import CannotStartPostgres
from motcua.foundation.postgres.programs import Account, Programs, run_as, system_account

OWNER_ROLE = "motcua_owner"
APP_ROLE = "motcua_app"
SUPERUSER = "motcua_superuser"
DATABASE = "motcua"
PORT = 5432  # names the socket file only: the server opens no TCP port
ROOTS_FOLDER = Path("/var/lib/motcua")
_LOG_LIMIT_BYTES = 4 * 1024 * 1024
_UNFINISHED = "data.new-"

# Statements and values stay out of the log: they hold personal data, and the application reports its errors.
_SETTINGS = """\
# Written by motcua at every start; changes here are lost. ALTER SYSTEM lasts.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
# A page's statement is short: what compiling it or starting processes for it would take is more than it saves.
jit = off
max_parallel_workers_per_gather = 0
huge_pages = try
fsync = on
synchronous_commit = on
track_commit_timestamp = on
# Fewer checkpoints: each makes the next change of every page write the page whole. Durable all the same; what lies
# longer is the way back after a crash.
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
"""

# One command a line, as single-user mode reads them. The schema `public` belongs to the database's owner and
# is open to read, closed to write for everybody else: PostgreSQL's own rule since version 15.
_ROLES = f"""\
CREATE ROLE {APP_ROLE} LOGIN
CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB
GRANT {APP_ROLE} TO {OWNER_ROLE}
CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC
GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {OWNER_ROLE}, {APP_ROLE}
"""


@dataclass(frozen=True)
class Cluster:
    """`home` holds everything but the socket of an ordinary user, whose path must stay below 108 bytes."""

    home: Path
    socket_dir: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def settings(self) -> Path:
        return self.home / "postgresql.conf"

    def account(self) -> Account:
        """Who runs the server: for root the owner of the existing data, else the system user."""
        if os.geteuid() != 0:
            return Account(os.geteuid(), os.getegid())
        if self.data.is_dir():
            owner = self.data.stat()
            return Account(owner.st_uid, owner.st_gid)
        return system_account()

    def major(self) -> int | None:
        """Major version of the existing cluster; None when there is none yet.

        Raises CannotStartPostgres when the folder holds something else.
        """
        try:
            return int((self.data / "PG_VERSION").read_text())
        except (FileNotFoundError, ValueError):
            if not self.data.exists() or (self.data.is_dir() and not any(self.data.iterdir())):
                return None
        raise CannotStartPostgres(
            f"{self.data} exists and is not a PostgreSQL cluster. "
            "Move it away, or set MOTCUA_VAR to another folder."
        )


def locate(var: Path) -> Cluster:
    """The place of the cluster that belongs to the folder `var`, for the current user. Touches nothing."""
    var = var.resolve()
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()
    uid = os.geteuid()
    if uid == 0:
        home = ROOTS_FOLDER / digest[:12]
        return Cluster(home, home / "socket")
    return Cluster(var / "postgres", Path(f"/tmp/motcua-{uid}-{digest[:8]}"))  # noqa: S108  checked before use


def make_home(var: Path, cluster: Cluster) -> None:
    """Create the folder around the cluster. For root it stays root's, open to read, so that the server's user
    can reach what is its own in there and change nothing else.

    Raises CannotStartPostgres when root comes to a folder whose cluster an ordinary user made: a second,
    empty one would look as if the data were lost.
    """
    if os.geteuid() != 0:
        _make_folder(cluster.home, 0o700)
        return
    other = var / "postgres" / "data"
    if other.is_dir():
        raise CannotStartPostgres(
            f"The database in {other} was made by the user with id {other.stat().st_uid}. "
            "Run this as that user."
        )
    _make_folder(ROOTS_FOLDER, 0o755)
    _make_folder(cluster.home, 0o755)


def _make_folder(folder: Path, mode: int) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(mode)


def create(cluster: Cluster, account: Account, programs: Programs) -> None:
    """Make a new cluster with its roles and database beside its final place, then put it there in one step.

    Whatever is found in the final place is therefore complete; what a killed process left behind is removed.
    """
    _sweep(cluster)
    fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cluster.home))
    os.chown(fresh, account.uid, account.gid)
    options = ["--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=reject"]
    initdb = [programs["initdb"], "-D", str(fresh), f"--username={SUPERUSER}", *options]
    _run_or_refuse(account, initdb)
    single = [programs["postgres"], "--single", "-D", str(fresh), "-c", "exit_on_error=on", "postgres"]
    _run_or_refuse(account, single, _ROLES)
    fresh.rename(cluster.data)
    # Again: the initdb of a killed process may have gone on writing while its folder was removed.
    _sweep(cluster)


def _sweep(cluster: Cluster) -> None:
    for leftover in cluster.home.glob(_UNFINISHED + "*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _run_or_refuse(account: Account, command: list[str], text: str = "") -> None:
    answer = run_as(account, command, text=text)
    if answer.returncode != 0:
        output = (answer.stdout + answer.stderr).strip()
        raise CannotStartPostgres(f"The PostgreSQL cluster cannot be made; {command[0]} says:\n{output}")


def prepare_start(cluster: Cluster, account: Account) -> None:
    """Write the settings, make the socket's folder, keep the log small, disarm what a killed server left.

    To be called under the lock, and only when no server runs on the data.
    """
    cluster.settings.write_text(_SETTINGS.format(port=PORT, socket_dir=cluster.socket_dir))
    cluster.settings.chmod(0o644)
    _make_socket_folder(cluster.socket_dir, account)
    if cluster.log.exists() and cluster.log.stat().st_size > _LOG_LIMIT_BYTES:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    cluster.log.touch(mode=0o600)
    os.chown(cluster.log, account.uid, account.gid)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (cluster.socket_dir / name).unlink(missing_ok=True)
    _disarm_pid_file(cluster.data / "postmaster.pid")


def _make_socket_folder(folder: Path, account: Account) -> None:
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        state = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or state.st_uid != account.uid:
            raise CannotStartPostgres(
                f"{folder} exists and does not belong to this installation (owner: user id {state.st_uid}). "
                "Have it removed by its owner or an administrator."
            ) from None
        folder.chmod(0o700)


def _disarm_pid_file(path: Path) -> None:
    """Put a number that no process can have in place of a dead server's: another program may have it by now.

    The rest of the file stays: by it PostgreSQL recognises processes of the dead server that still write.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    impossible = 2**31 - 2  # Linux numbers processes up to 2**22
    with os.fdopen(descriptor, "r+") as file:
        lines = file.read().split("\n")
        file.seek(0)
        file.write("\n".join([str(impossible), *lines[1:]]))
        file.truncate()
