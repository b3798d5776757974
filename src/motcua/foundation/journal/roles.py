"""What the application's database role may do. Migrations run as the owner; everything else as this role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

ENTRY_TABLE = "foundation_journal_entry"
DETAIL_TABLE = "foundation_journal_detail"
SEAL_TABLES = ("foundation_journal_leaf", "foundation_journal_batch", "foundation_journal_stamp")

_ROLE_EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    # Append-only: an entry is added and read, nothing else. A detail may also be erased.
    "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {append_only} FROM {role}",
    "REVOKE UPDATE, TRUNCATE, REFERENCES, TRIGGER ON {detail} FROM {role}",
    "REVOKE ALL ON {migrations} FROM {role}",
    "GRANT SELECT ON {migrations} TO {role}",
)


def grant_app_role(*, app_config: Any, using: str, **_: Any) -> None:
    """Give the app role its rights on every table, once after each `migrate`.

    Does nothing where the role does not exist (an operator's own server before its administrator made it);
    the append-only triggers hold there all the same.
    """
    if app_config.label != "foundation_journal":
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_ROLE_EXISTS, [settings.APP_DATABASE_ROLE])
        if not cursor.fetchone()[0]:
            return
        tables = set(connection.introspection.table_names(cursor))
        if ENTRY_TABLE not in tables:
            return
        append_only = [name for name in (ENTRY_TABLE, *SEAL_TABLES) if name in tables]
        names = {
            "role": sql.Identifier(settings.APP_DATABASE_ROLE),
            "append_only": sql.SQL(", ").join(map(sql.Identifier, append_only)),
            "detail": sql.Identifier(DETAIL_TABLE),
            "migrations": sql.Identifier("django_migrations"),
        }
        for grant in _GRANTS:
            cursor.execute(sql.SQL(grant).format(**names))
