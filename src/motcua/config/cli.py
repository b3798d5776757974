"""The `motcua` command: Django's manage command, with the embedded database started where it is needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

# These touch no database, or bring their own.
WITHOUT_DATABASE = {
    "verify",
    "help",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "version",
    "deadline",
    "restore",
}
# These run as the schema's owner; everything else as the role that cannot change the journal.
AS_OWNER = {"migrate", "makemigrations", "sqlmigrate", "test", "flush", "dbshell", "examples"}
# These work on a database of their own, which they make and throw away.
SCRATCH = {"examples"}


def main(arguments: list[str] | None = None) -> None:
    arguments = list(sys.argv if arguments is None else arguments)
    command = arguments[1] if len(arguments) > 1 else "help"
    if command == "demo":
        os.environ["MOTCUA_DEMO"] = "1"
    if command in AS_OWNER or _fills_tables(arguments):
        os.environ["MOTCUA_DATABASE_ROLE"] = "owner"
    needs_database = command not in WITHOUT_DATABASE and not _is_about_a_file(arguments)
    if not needs_database or command in SCRATCH | {"makemigrations"}:
        # Nothing is signed or encrypted by these: they must work before a secret exists.
        for secret in ("MOTCUA_SECRET_KEY", "MOTCUA_JOURNAL_KEY"):
            os.environ.setdefault(secret, "not used by this command")

    from motcua.config.environment import environment

    if command == "setup":
        needs_database = _prepare_setup(arguments)
    settings = "test" if command in SCRATCH else "demo" if environment.demo else "base"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"motcua.config.settings.{settings}")
    if command == "demo":
        # Sets up before Django starts: secrets, the stand-ins, the database.
        from motcua.config.demo.run import run

        sys.exit(run(arguments[2:]))
    if needs_database and not environment.database_url:
        _start_database(command)

    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


def _is_about_a_file(arguments: list[str]) -> bool:
    """`motcua process` asks the database for published processes only."""
    if arguments[1:2] != ["process"]:
        return False
    return arguments[2:3] != ["export"] or any(Path(it).is_file() for it in arguments[3:])


def _fills_tables(arguments: list[str]) -> bool:
    """A nation's facts fill millions of rows, which only the tables' owner can have counted for the planner."""
    return arguments[1:2] == ["simulate"] and any(it.split("=")[-1] == "nation" for it in arguments[2:])


def _prepare_setup(arguments: list[str]) -> bool:
    """Make what `motcua setup` stands on; whether it asks the database at all."""
    from motcua.config.environment import MissingSetting
    from motcua.config.setup.ground import NOTHING_THERE, prepare
    from motcua.foundation.postgres.errors import CannotStartPostgres

    try:
        arguments[2:] = prepare(arguments[2:])
    except (MissingSetting, CannotStartPostgres) as error:
        _refuse("setup", error)
    return not {NOTHING_THERE, "--help", "-h"} & set(arguments)


def _start_database(command: str) -> None:
    """The embedded one, unless it runs."""
    from motcua.config.environment import MissingSetting, environment
    from motcua.foundation.postgres import server

    try:
        for secret in ("secret_key", "journal_key"):
            environment.secret(secret)
    except MissingSetting as error:
        # Before a server is started, and without a traceback: it says what to do.
        _refuse(command, error)
    try:
        server.ensure_running(environment.var)
    except server.CannotStartPostgres as error:
        _refuse(command, error)


def _refuse(command: str, error: Exception) -> NoReturn:
    """One line and 1; for `checkup` 2, since it could not look."""
    sys.stderr.write(f"motcua: {error}\n")
    sys.exit(2 if command == "checkup" else 1)


if __name__ == "__main__":
    main()
