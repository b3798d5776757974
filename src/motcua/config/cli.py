"""The `motcua` command: Django's manage command, with the embedded database started where it is needed."""

from __future__ import annotations

import os
import sys

# These touch no database, or bring their own.
WITHOUT_DATABASE = {"verify", "help", "makemessages", "compilemessages", "collectstatic", "version"}
# These run as the schema's owner; everything else as the role that cannot change the journal.
AS_OWNER = {"migrate", "makemigrations", "sqlmigrate", "test", "flush", "dbshell"}


def main(arguments: list[str] | None = None) -> None:
    arguments = list(sys.argv if arguments is None else arguments)
    command = arguments[1] if len(arguments) > 1 else "help"
    if command == "demo":
        os.environ["MOTCUA_DEMO"] = "1"
    if command in AS_OWNER:
        os.environ["MOTCUA_DATABASE_ROLE"] = "owner"
    if command in WITHOUT_DATABASE or command == "makemigrations":
        # Nothing is signed or encrypted by these: they must work before a secret exists.
        for secret in ("MOTCUA_SECRET_KEY", "MOTCUA_JOURNAL_KEY"):
            os.environ.setdefault(secret, "not used by this command")

    from motcua.config.environment import MissingSetting, environment

    settings = "demo" if environment.demo else "base"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"motcua.config.settings.{settings}")
    if command == "demo":
        # Sets up before Django starts: secrets, the stand-ins, the database.
        from motcua.config.demo.run import run

        sys.exit(run(arguments[2:]))
    if command not in WITHOUT_DATABASE and not environment.database_url:
        from motcua.foundation.postgres import server

        try:
            for secret in ("secret_key", "journal_key"):
                environment.secret(secret)
        except MissingSetting as error:
            # Before a server is started, and without a traceback: it says what to do.
            sys.exit(f"motcua: {error}")

        server.ensure_running(environment.var)

    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
