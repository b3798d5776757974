"""The database: reached, new enough, up to date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from motcua.config.checkup.findings import Finding, fail, fine, warn
from motcua.config.database_url import connection_options
from motcua.foundation.postgres.programs import OLDEST_MAJOR

_CONNECT_SECONDS = 5
_CLOCK_WARN_SECONDS, _CLOCK_FAIL_SECONDS = 2, 30
_EXTENSIONS = {"btree_gist", "pg_trgm"}


def reachable(at: datetime) -> Finding:
    """Asked past the pool, which would try for ten seconds and talk about it."""
    names = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    options: dict[str, Any] = connection_options(connection.settings_dict["OPTIONS"])
    address = {
        names[name]: value for name, value in connection.settings_dict.items() if name in names and value
    }
    try:
        psycopg.connect(**(options | address | {"connect_timeout": _CONNECT_SECONDS})).close()
    except psycopg.Error as problem:
        reason = (str(problem).splitlines() or [type(problem).__name__])[0]
        return fail(
            f"The database does not answer: {reason}.",
            "Start it, or correct MOTCUA_DATABASE_URL; without that setting every command starts the embedded one.",
        )
    return fine("The database answers.")


def version(at: datetime) -> Finding:
    major = int(_value("SHOW server_version_num")) // 10_000
    if major < OLDEST_MAJOR:
        return fail(
            f"The database is PostgreSQL {major}.", f"Move to version {OLDEST_MAJOR} or newer (pg_upgrade)."
        )
    return fine(f"The database is PostgreSQL {major}.")


def migrations(at: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return fail(f"{missing} migrations are not applied.", "Apply them.", "motcua migrate")
    return fine("All migrations are applied.")


def commit_times(at: datetime) -> Finding:
    if _value("SHOW track_commit_timestamp") != "on":
        return warn(
            "The database does not keep times of commit; entries are sealed in the order of their numbers.",
            "Set track_commit_timestamp = on and restart the database.",
        )
    return fine("The database keeps times of commit.")


def extensions(at: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = sorted(_EXTENSIONS - {name for (name,) in cursor.fetchall()})
    if missing:
        return fail(
            f"Extensions are missing: {', '.join(missing)}.", "Make them as the owner.", "motcua migrate"
        )
    return fine("All extensions are there.")


def clock(at: datetime) -> Finding:
    """Compared with the database's clock when asked."""
    before = timezone.now()
    theirs = _value("SELECT clock_timestamp()")
    after = timezone.now()
    apart = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0)
    if apart > _CLOCK_WARN_SECONDS:
        says = f"The clocks of this machine and of the database are {apart:.0f} seconds apart."
        mend = "Let both follow a time server (chrony or systemd-timesyncd)."
        return (fail if apart > _CLOCK_FAIL_SECONDS else warn)(says, mend, "timedatectl set-ntp true")
    return fine("The clocks of this machine and of the database agree.")


def _value(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
