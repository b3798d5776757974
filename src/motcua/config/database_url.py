"""Addresses of databases, as libpq reads them: with everything that may stand behind the question mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import Conninfo

from motcua.config.environment import MissingSetting


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """`options`: libpq's other parameters by keyword, for instance `sslmode` and `sslrootcert`."""

    host: str
    port: str
    name: str
    user: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_database_url(url: str) -> DatabaseAddress:
    """Take `postgresql://USER:PASSWORD@HOST:PORT/NAME?sslmode=verify-full&…` apart; every part may be missing.

    Raises MissingSetting, without the address, since a password may stand in it. Source: PostgreSQL documentation,
    34.1.1.2 (connection URIs).
    """
    if not url.startswith(("postgresql://", "postgres://")):
        raise MissingSetting("The address of a database begins with postgresql://")
    try:
        values = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        raise MissingSetting(
            "The address of a database cannot be read, or names a parameter that libpq does not know."
        ) from None
    host, port, name, user, password = (
        values.pop(key, "") for key in ("host", "port", "dbname", "user", "password")
    )
    return DatabaseAddress(host, port, name, user, password, values)


def connection_options(values: Mapping[str, object]) -> dict[str, object]:
    """Those of some options that are libpq's own, by keyword."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    return {name: value for name, value in values.items() if name in known}


def as_variables(options: Mapping[str, str]) -> dict[str, str]:
    """The same for programs of PostgreSQL, as environment variables (`PGSSLMODE`, …), where nobody else reads them.

    What has no variable (how a silent connection is probed) is left out.
    """
    variables = {option.keyword.decode(): option.envvar for option in Conninfo.get_defaults()}
    return {variable.decode(): value for name, value in options.items() if (variable := variables.get(name))}
