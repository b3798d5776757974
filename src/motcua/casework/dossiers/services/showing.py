"""Showing one's screen to a helper: a code, who entered it, what they point at, the end.

Only the person types. The helper reads the draft through `get_shown` and has no other way to it.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from motcua.casework.dossiers.errors import DraftMissing
from motcua.casework.dossiers.models import Draft, Showing
from motcua.casework.dossiers.policies import may_help
from motcua.casework.dossiers.rules.helping import ShowingLimits, parse_showing
from motcua.casework.dossiers.services.drafts import locked_draft
from motcua.casework.dossiers.showing_errors import ShowingEnded, WrongShowingCode
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import clean_line
from motcua.registry.catalogue.models import VERSION_CONTENT
from motcua.registry.organisations.selectors import find_agency, officer_name

DIGITS = 8
MAX_WORDS = 300
# Of those whose time is up, in one sweep.
BATCH = 500
_TRIES = 5


@lru_cache(maxsize=1)
def showing_limits() -> ShowingLimits:
    """The pack's limits. Raises ValueError."""
    path = settings.PACKS / "vn" / "helping.yaml"
    return parse_showing(yaml.safe_load(path.read_text(encoding="utf-8")))


def code_of(showing_id: UUID) -> str:
    """Eight digits, made of the id under the server's secret key: the database alone gives no code away."""
    digest = salted_hmac("motcua.dossiers.showing", str(showing_id), algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def _digest(typed: str) -> str:
    """By what a showing is found, however its code was typed; "" if it cannot be one."""
    digits = "".join(char for char in typed if char in "0123456789")
    if len(digits) != DIGITS:
        return ""
    return salted_hmac("motcua.dossiers.showing.code", digits, algorithm="sha256").hexdigest()


@transaction.atomic
def begin_showing(*, actor: Actor, draft_id: UUID, page: str, at: datetime) -> Showing:
    """Let the helper who is told the code see the draft's pages. A showing that is open goes on as it is.

    `page`: the one the person has open. Raises DraftMissing; Refused for who is not a citizen.
    """
    if actor.kind != "citizen":
        raise Refused
    draft, limits = locked_draft(actor, draft_id), showing_limits()
    before = Showing.objects.select_for_update().filter(draft_id=draft.id, ended_at=None).first()
    if before and at < _over_at(before):
        return before
    if before:
        _end(before, Showing.EndedBy.TIME, SYSTEM, at)
    showing_id = _free_id()
    showing = Showing.objects.create(
        id=showing_id,
        draft_id=draft.id,
        person_id=actor.person,
        owner_id=draft.owner_id,
        code_digest=_digest(code_of(showing_id)),
        begun_at=at,
        code_until=at + limits.code,
        ends_at=at + limits.code + limits.most,
        page=page,
    )
    facts = {"code_until": showing.code_until.isoformat()}
    record(actor=actor, happening=_happening("showing.begun", showing, facts), at=at)
    return showing


def _free_id() -> UUID:
    """An id whose code opens nothing else at present; the constraint refuses what comes between."""
    for _try in range(_TRIES):
        showing_id = new_id()
        if not Showing.objects.filter(code_digest=_digest(code_of(showing_id)), ended_at=None).exists():
            break
    return showing_id


def _over_at(showing: Showing) -> datetime:
    """When it ends by itself: a code that nobody entered, or the time for looking."""
    return showing.ends_at if showing.joined_at else showing.code_until


@transaction.atomic
def join_showing(*, actor: Actor, code: str, at: datetime) -> Showing:
    """A helper enters the code: from now on they see the pages, and the code opens nothing more.

    A reading of the draft, which its owner finds among who looked. Raises Refused without the right, WrongShowingCode
    whatever the reason that the code opens nothing. Who calls counts the tries.
    """
    if not may_help(actor):
        raise Refused
    digest = _digest(code)
    open_ones = Showing.objects.select_for_update().filter(ended_at=None, code_until__gt=at)
    showing = open_ones.filter(code_digest=digest).first() if digest else None
    if not showing or not Draft.objects.filter(pk=showing.draft_id).exists():
        raise WrongShowingCode
    agency = find_agency(actor.agency_id)
    showing.code_digest, showing.viewer_id, showing.joined_at = "", actor.person_id, at
    showing.viewer = f"{officer_name(actor.person_id)}, {agency.name if agency else ''}"
    showing.ends_at = at + showing_limits().most
    showing.save(update_fields=["code_digest", "viewer_id", "viewer", "joined_at", "ends_at"])
    facts = {"ends_at": showing.ends_at.isoformat()}
    record(actor=actor, happening=_happening("showing.joined", showing, facts), at=at)
    return showing


def find_showing(draft_id: UUID, *, at: datetime) -> Showing | None:
    """The draft's open showing, for its person. One query."""
    showing = Showing.objects.filter(draft_id=draft_id, ended_at=None).first()
    return showing if showing and at < _over_at(showing) else None


def turn_to(showing: Showing, page: str) -> None:
    """The person has opened a page; what was pointed at stood on the one before."""
    if showing.page != page:
        showing.page, showing.pointed, showing.pointed_words, showing.pointed_at = page, "", "", None
        showing.save(update_fields=["page", "pointed", "pointed_words", "pointed_at"])


def get_shown(actor: Actor, showing_id: UUID, *, at: datetime) -> tuple[Showing, Draft]:
    """What the helper may see now. Two queries. Raises ShowingEnded for everybody else, and once it is over."""
    showing = Showing.objects.filter(_seen_by(actor, at), pk=showing_id).first()
    related = Draft.objects.select_related(
        "version__procedure", "applicant", "owner_person", "owner_organisation"
    )
    draft = related.defer(*VERSION_CONTENT).filter(pk=showing.draft_id).first() if showing else None
    if not showing or not draft:
        raise ShowingEnded
    return showing, draft


def _seen_by(actor: Actor, at: datetime) -> Q:
    if not may_help(actor):
        return Q(pk__in=[])
    return Q(viewer_id=actor.person_id, ended_at=None, ends_at__gt=at)


@transaction.atomic
def point(*, actor: Actor, showing_id: UUID, key: str, words: str, at: datetime) -> Showing:
    """Point at a question of the page the person has open, with a few words. `key`: name of its input, "" for none.

    Raises ShowingEnded.
    """
    showing = Showing.objects.select_for_update().filter(_seen_by(actor, at), pk=showing_id).first()
    if not showing or not Draft.objects.filter(pk=showing.draft_id).exists():
        raise ShowingEnded
    showing.pointed, showing.pointed_words = key[:200], clean_line(words)[:MAX_WORDS]
    showing.pointed_at = at
    showing.save(update_fields=["pointed", "pointed_words", "pointed_at"])
    facts = {"page": showing.page, "field": showing.pointed}
    details = {"words": showing.pointed_words} if showing.pointed_words else None
    record(actor=actor, happening=_happening("showing.pointed", showing, facts, details), at=at)
    return showing


@transaction.atomic
def end_showing(*, actor: Actor, draft_id: UUID, at: datetime) -> None:
    """The person ends it; nobody sees anything from this moment. Over already is fine. Raises DraftMissing."""
    if actor.kind != "citizen":
        raise DraftMissing
    draft = locked_draft(actor, draft_id)
    showing = Showing.objects.select_for_update().filter(draft_id=draft.id, ended_at=None).first()
    if showing:
        _end(showing, Showing.EndedBy.PERSON, actor, at)


@transaction.atomic
def leave_showing(*, actor: Actor, showing_id: UUID, at: datetime) -> None:
    """The helper ends it. Over already is fine."""
    showing = Showing.objects.select_for_update().filter(_seen_by(actor, at), pk=showing_id).first()
    if showing:
        _end(showing, Showing.EndedBy.HELPER, actor, at)


def end_overdue(*, at: datetime) -> int:
    """Note the end of those whose time is up or whose draft was submitted or thrown away; nobody sees them since.

    Returns how many.
    """
    over = Q(joined_at=None, code_until__lte=at) | Q(ends_at__lte=at)
    with transaction.atomic():
        found = list(
            Showing.objects.select_for_update(skip_locked=True)
            .filter(ended_at=None)
            .order_by("begun_at")[:BATCH]
        )
        left = set(Draft.objects.filter(pk__in=[it.draft_id for it in found]).values_list("pk", flat=True))
        late = set(Showing.objects.filter(over, pk__in=[it.pk for it in found]).values_list("pk", flat=True))
        ended = [it for it in found if it.pk in late or it.draft_id not in left]
        for showing in ended:
            is_gone = showing.draft_id not in left
            by = Showing.EndedBy.SUBMITTED if is_gone else Showing.EndedBy.TIME
            _end(showing, by, SYSTEM, at)
    return len(ended)


def forget_showings(*, before: datetime) -> int:
    """Delete those that ended before a moment, unless a legal hold lies on them; the entries stay. How many."""
    with transaction.atomic():
        ended = Showing.objects.select_for_update(skip_locked=True).filter(ended_at__lt=before)
        rows = list(ended.order_by("pk")[:BATCH])
        held = locked_holds([key for it in rows for key in (it.pk, it.draft_id, it.person_id, it.owner_id)])
        gone = [it.pk for it in rows if not held & {it.pk, it.draft_id, it.person_id, it.owner_id}]
        Showing.objects.filter(pk__in=gone).delete()
    return len(gone)


def _end(showing: Showing, by: str, actor: Actor, at: datetime) -> None:
    showing.ended_at, showing.ended_by, showing.code_digest = at, by, ""
    showing.pointed_words = ""
    showing.save(update_fields=["ended_at", "ended_by", "code_digest", "pointed_words"])
    record(actor=actor, happening=_happening("showing.ended", showing, {"by": str(by)}), at=at)


def _happening(
    kind: str, showing: Showing, facts: dict[str, Any], details: dict[str, str] | None = None
) -> Happening:
    facts = {"draft": str(showing.draft_id), **facts}
    return Happening(kind, "showing", showing.id, concerns_id=showing.owner_id, facts=facts, details=details)
