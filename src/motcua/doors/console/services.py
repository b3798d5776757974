"""What auditors and operators do; each act is an entry of the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from motcua.casework.dossiers.selectors import find_dossier_by_code
from motcua.doors.console.selectors import AUDITOR, record_search, scoped
from motcua.foundation.journal.contributions import Criteria
from motcua.foundation.journal.services import make_extract
from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.selectors import search_officers
from motcua.registry.people.selectors import find_citizen_id

_NUMBER = re.compile(r"\d{12}")
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Found:
    """What was meant: the filter of the audit page it belongs to, its id, and for officers their words."""

    filter: Literal["officer", "person", "object"]
    id: UUID
    name: str = ""
    note: str = ""


def search_journal(*, actor: Actor, typed: str, at: datetime) -> list[Found]:
    """What the typed words mean: a personal number (12 digits), a dossier's code or reference, an object's id, or
    officers' names without regard to accents (at most 20). Empty when there is nothing.

    A search by number or code is an entry, found or not, that concerns the person found; what was typed is not
    kept. Source: design section 7, promise 1.
    """
    if (identifier := _as_uuid(typed)) is not None:
        return [Found("object", identifier)]
    if _NUMBER.fullmatch(number := typed.replace(" ", "")):
        citizen = find_citizen_id(number)
        record_search(actor, "number", citizen, citizen, at)
        return [Found("person", citizen)] if citizen else []
    if _HAS_DIGIT.search(typed):
        dossier, applicant = find_dossier_by_code(typed, scopes=actor.scopes(AUDITOR)) or (None, None)
        record_search(actor, "code", dossier, applicant, at)
        return [Found("object", dossier)] if dossier else []
    officers = search_officers(actor.scopes(AUDITOR), typed)
    return [Found("officer", it, holder.name, f"{holder.title}, {holder.unit}") for it, holder in officers]


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def extract_journal(*, actor: Actor, criteria: Criteria, reason: str, at: datetime) -> bytes:
    """A signed PDF of the entries the auditor may see; see `make_extract` for what it raises.

    It never holds personal details: an extract leaves the house, and what lies in a file elsewhere can be neither
    erased when its time is over nor shown to the person as read. Their digests are in it, so that a detail
    disclosed by another way can be held against it.
    """
    return make_extract(actor=actor, criteria=scoped(actor, criteria), reason=reason, at=at)
