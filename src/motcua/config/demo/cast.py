"""The made-up world's people as worked examples name them (docs/examples.md)."""

from __future__ import annotations

from datetime import datetime

from motcua.casework.packs.examples.cast import Cast
from motcua.config.demo.world import COMMUNES
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import find_agency_of_place, identify_officer
from motcua.registry.organisations.services import NewOfficer, enter_officer

_SECOND = NewOfficer(
    username="demo.examples.second",
    full_name="Ngô Thị Mẫu Hai",
    unit_code="leadership",
    unit_name="Lãnh đạo Ủy ban nhân dân",
    title="Phó Chủ tịch thường trực",
    role="leader",
    symbol="UBND",
)
# Names of the examples and usernames of the first commune, then of the second.
_FIRST = {"reception": "reception", "specialist": "justice", "builder": "construction", "leader": "chair"}
_OTHER = {"other_reception": "reception", "other_specialist": "justice", "other_leader": "chair"}


def make_cast(*, applicant: Actor, neighbour: Actor, at: datetime) -> Cast:
    """Who plays, in a world that is built; enters one more leader. For a database that is thrown away.

    Raises RuntimeError where the world is not there.
    """
    first, other = (_commune(code, at) for code in COMMUNES)
    enter_officer(agency=first, new=_SECOND, at=at)
    names = {"second_leader": _SECOND.username, "department": "demo.construction.H44"}
    names |= {name: f"demo.{it}.{first.place_code}" for name, it in _FIRST.items()}
    names |= {name: f"demo.{it}.{other.place_code}" for name, it in _OTHER.items()}
    actors = {name: _officer(username) for name, username in names.items()}
    return Cast({**actors, "applicant": applicant, "neighbour": neighbour}, first, other)


def _commune(code: str, at: datetime) -> Agency:
    agency = find_agency_of_place(code, at=at.date())
    if not agency:
        raise RuntimeError(f"the world has no commune {code}")
    return agency


def _officer(username: str) -> Actor:
    identity = identify_officer(Account.objects.get(username=username))
    if not identity:
        raise RuntimeError(f"{username} holds no post")
    return identity.actor
