"""A row of the table: what each person gets at an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# What a person gets: a status, or the sign-in page they are sent to.
TO_CITIZENS, TO_DESK = "/sign-in/", "/desk/sign-in/"

OVERSEERS = ("auditor", "operator", "administrator", "support", "data_protection", "catalogue")

PERSONS = ("stranger", "owner", "neighbour", "officer", "colleague", "elsewhere", *OVERSEERS)


def everybody(gets: Any) -> dict[str, Any]:
    return dict.fromkeys(PERSONS, gets)


def citizens(owner: int = 200, neighbour: int = 404) -> dict[str, Any]:
    """A citizen's page: officers are refused, another citizen does not learn that it exists."""
    return everybody(403) | {"stranger": TO_CITIZENS, "owner": owner, "neighbour": neighbour}


def officers(*, officer: int = 200, colleague: int = 200, elsewhere: int = 404) -> dict[str, Any]:
    """A page of the desk: citizens are refused, the applicant too."""
    here = {"stranger": TO_DESK, "officer": officer, "colleague": colleague, "elsewhere": elsewhere}
    # Who looks after all agencies handles no dossier: like an officer of another agency.
    return everybody(403) | here | dict.fromkeys(OVERSEERS, elsewhere)


def overseers(*roles: str, gets: int = 200) -> dict[str, Any]:
    """A page for auditors, operators or both; every other officer is refused."""
    return everybody(403) | {"stranger": TO_DESK} | dict.fromkeys(roles, gets)


def own(gets: int = 200) -> dict[str, Any]:
    """A page of every officer's own account; citizens have none there."""
    return everybody(gets) | {"stranger": TO_DESK, "owner": 403, "neighbour": 403}


@dataclass(frozen=True)
class Row:
    gets: dict[str, Any]
    things: tuple[str, ...] = ()
    post: dict[str, str] | None = None
    query: dict[str, str] = field(default_factory=dict)


COUNTERS = ("officer", "elsewhere")

POST: dict[str, str] = {}

CITIZENS_REFUSED = dict.fromkeys(("owner", "neighbour"), 403)

PUBLIC = Row(everybody(200))

NO_MESSAGES = dict.fromkeys(("auditor", "administrator", "support", "data_protection", "catalogue"), 403)

COLOURS = {"theme__main": "#0b5d4b", "theme__second": "#8e1b16"}
