"""What must be there before Django starts: secrets, the database, its tables, collected styles."""

from __future__ import annotations

import os
import subprocess
import sys

from motcua.config.environment import REPOSITORY, MissingSetting, environment

_SECRETS = ("secret_key", "journal_key")
# The hidden option by which the command learns that there is nothing to compare with.
NOTHING_THERE = "--nothing-there"


def prepare(arguments: list[str]) -> list[str]:
    """Make them, and give the command's arguments. A dry run makes nothing, and helping neither.

    Raises MissingSetting where the environment asks for the demonstration, CannotStartPostgres.
    """
    if environment.demo:
        raise MissingSetting(
            "MOTCUA_DEMO is set: a real installation is not set up as a demonstration. Unset it."
        )
    if "--help" in arguments or "-h" in arguments:
        return _with_placeholders(arguments)
    if "--dry-run" in arguments and not _is_there():
        return _with_placeholders([*arguments, NOTHING_THERE])
    if "--dry-run" not in arguments:
        os.environ["MOTCUA_MAKE_SECRETS"] = "1"
    for name in _SECRETS:
        environment.secret(name)
    if not environment.database_url:
        from motcua.foundation.postgres import server

        server.ensure_running(environment.var)
    if "--dry-run" not in arguments:
        _run("migrate", "--verbosity", "0", role="owner")
        if (REPOSITORY / "build" / "static").is_dir():
            _run("collectstatic", "--noinput", "--verbosity", "0")
    return arguments


def _is_there() -> bool:
    return all(
        (environment.var / "secrets" / name).exists() or os.environ.get(f"MOTCUA_{name.upper()}")
        for name in _SECRETS
    )


def _with_placeholders(arguments: list[str]) -> list[str]:
    for name in _SECRETS:
        os.environ.setdefault(f"MOTCUA_{name.upper()}", "not used by this command")
    return arguments


def _run(*arguments: str, role: str = "app") -> None:
    """In a process of its own: the schema's owner is another database role."""
    command = [sys.executable, "-m", "motcua.config.cli", *arguments]
    subprocess.run(  # noqa: S603  our own command
        command, check=True, stdout=sys.stderr, env=os.environ | {"MOTCUA_DATABASE_ROLE": role}
    )
