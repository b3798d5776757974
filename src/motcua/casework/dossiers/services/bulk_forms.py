"""What dossiers of one course have alike in their rows, encoded once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from motcua.casework.dossiers.rules.courses import FIRE, Course, Done, Stay
from motcua.casework.dossiers.rules.outcomes import leads_to_signing
from motcua.casework.dossiers.services.settings import ADVANCE
from motcua.casework.process.models import Instance, Timer, Token
from motcua.casework.process.rules.model import GATEWAYS, Definition, Kind, Step
from motcua.casework.process.services import Place
from motcua.foundation.journal.services import Doer, encode_actor
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.rows import NULL, encode_text, encode_uuid, stamp

# In the order of the table.
TOKEN = (
    *("id", "instance_id", "subject", "opened_at", "completed_at", "completed_by", "paused_at"),
    *("counted_from", "unit_id", "agency_path", "is_elsewhere", "due_at", "claimed_by", "claimed_at"),
)
_YES, _NO = b"\0\0\0\1\1", b"\0\0\0\1\0"


@dataclass(frozen=True, slots=True)
class Clerk:
    """An officer as the one who acts, with the name that papers carry; encoded: as doer, person, path of the agency."""

    actor: Actor
    name: str
    doer: Doer
    person: bytes
    path: bytes

    @classmethod
    def of(cls, actor: Actor, name: str) -> Clerk:
        """Raises ValueError for who is no person."""
        return cls(
            actor, name, encode_actor(actor), encode_uuid(actor.person), encode_text(actor.agency_path)
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose a step's tasks are, and who does them; its place encoded. `clerk`: None where there is no task.
    `name`: of the office, at a step that asks for an opinion."""

    place: Place
    clerk: Clerk | None
    unit: bytes
    path: bytes
    elsewhere: bytes
    name: str = ""

    @classmethod
    def at(cls, place: Place, clerk: Clerk | None, here: str, name: str = "") -> Seat:
        """`here`: path of the deciding agency."""
        unit = NULL if place.unit_id is None else encode_uuid(place.unit_id)
        elsewhere = _NO if place.agency_path in {"", here} else _YES
        return cls(place, clerk, unit, encode_text(place.agency_path), elsewhere, name)


NOWHERE = Seat.at(Place(""), None, "")


@dataclass(frozen=True, slots=True)
class TokenForm:
    """A token of a course. `encoded`: with places for TOKEN. `timers`: (name, after) that stand in the database at the
    end: all of a token that waits, and the one that a timer fired."""

    stay: Stay
    encoded: bytes
    limit: str
    timers: tuple[tuple[bytes, str], ...]


def token_form(stay: Stay) -> TokenForm:
    node = stay.node
    fixed: dict[str, Any] = {
        "number": stay.number,
        "kind": _kind(node.kind),
        "step": node.code,
        "arrived": stay.arrived,
        "cause": stay.cause,
        "outcome": stay.outcome,
        "version": stay.version,
    }
    limit, is_left = "", stay.done is None or stay.closed
    if isinstance(node, Step):
        limit = node.limit
        fixed |= {"lane": node.lane, "role": node.role, "act": node.act}
    named = [(encode_text(it.name), it.after) for it in node.timers] if is_left else []
    if node.kind is Kind.TIMER:
        named.append((encode_text(""), node.after))
    return TokenForm(stay, stamp(Token, TOKEN, **fixed), limit, tuple(named))


def _kind(kind: Kind) -> str:
    return str(Token.Kind.JOIN if kind in GATEWAYS else Token.Kind(str(kind)))


def instance_form(course: Course, definition_id: UUID) -> bytes:
    """With places for id, subject, path of the agency, start, end."""
    return stamp(
        Instance,
        ("id", "subject", "agency_path", "started_at", "ended_at"),
        definition_id=definition_id,
        job=ADVANCE,
        next_number=course.next_number,
        version=course.version,
        outcomes=course.outcomes,
        public_step=course.public_step,
    )


@cache
def timer_form() -> bytes:
    """With places for id, token, name, due moment, moment it fired."""
    return stamp(Timer, ("id", "token_id", "name", "due_at", "fired_at"))


def act_extras(definition: Definition, course: Course, done: Done) -> dict[str, Any]:
    """What the journal says of an act beside the common facts, where that is the same for all."""
    if done.stay is None:
        return {}
    if done.act.code == FIRE:
        return {"timer": done.step}
    step = course.stays[done.stay].step
    drafts = any(leads_to_signing(definition, outcome) for outcome in step.outcomes.values())
    if done.act.code == "draft-result" or (done.act.code == "complete-task" and step.checks and not drafts):
        return {"checks": len(step.checks)}
    return {}


# Acts whose entries name ids or numbers of their own.
VARYING = frozenset(
    {
        *("accept", "request-supplement", "supplement", "request-opinion", "give-opinion"),
        *("refuse", "withdraw", "stop", "request-payment", "extend", "sign", "return-result"),
    }
)
