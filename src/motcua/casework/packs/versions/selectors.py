"""Reading drafts and versions. The actor comes first; permission is in the query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, Max, Model, OuterRef, Q, QuerySet, Subquery

from motcua.casework.packs.models import OPEN, VersionDraft
from motcua.casework.packs.versions.policies import kept_by
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.selectors import CODE

PAGE_SIZE = 50
FILTERS = ("", "drafts", "review", "approved", "announced", "none")
_PEOPLE = ("author__officer", "reviewer__officer", "published_by__officer")
_CONTENT = ("definition", "result_template")


def drafts_of(actor: Actor) -> QuerySet[VersionDraft]:
    return VersionDraft.objects.filter(kept_by(actor))


def get_draft(actor: Actor, draft_id: UUID) -> VersionDraft:
    """With its people and versions. One query. Raises NotFound."""
    draft = drafts_of(actor).select_related(*_PEOPLE, "base", "restores", "version").filter(pk=draft_id)
    if found := draft.first():
        return found
    raise NotFound


def find_kept(actor: Actor, code: str) -> Procedure:
    """A procedure that the actor keeps. Raises NotFound."""
    found = kept_procedures(actor).filter(pk=code).first() if CODE.fullmatch(code) else None
    if not found:
        raise NotFound
    return found


def kept_procedures(actor: Actor) -> QuerySet[Procedure]:
    return Procedure.objects.filter(kept_by(actor))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for. `only`: one of FILTERS; `after`: the code a page begins behind."""

    words: str = ""
    only: str = ""
    after: str = ""


def page_of_procedures(actor: Actor, asked: Asked, *, on: date) -> tuple[list[Any], str]:
    """Procedures by code, with `open_drafts`, `waiting`, `number` (in force), `announced_on`; and where the next page
    begins, "" on the last. One query."""
    found = _matching(kept_procedures(actor), asked.words)
    if CODE.fullmatch(asked.after):
        found = found.filter(code__gt=asked.after)
    versions = ProcedureVersion.objects.filter(procedure=OuterRef("pk"))
    in_force = versions.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    announced = _announced(versions, on).order_by("valid_from")
    rows = found.annotate(
        open_drafts=_count(OPEN),
        waiting=_count([VersionDraft.State.IN_REVIEW]),
        approved=_count([VersionDraft.State.APPROVED]),
        number=Subquery(in_force.values("number")[:1]),
        announced_on=Subquery(announced.values("valid_from")[:1]),
    )
    conditions = {
        "drafts": Q(open_drafts__gt=0),
        "review": Q(waiting__gt=0),
        "approved": Q(approved__gt=0),
        "announced": Q(announced_on__isnull=False),
        "none": Q(number=None, announced_on=None),
    }
    rows = rows.filter(conditions.get(asked.only, Q())).defer("everyday", "search_name")
    page = list(rows.order_by("code")[: PAGE_SIZE + 1])
    return page[:PAGE_SIZE], page[PAGE_SIZE - 1].code if len(page) > PAGE_SIZE else ""


def _matching(found: QuerySet[Procedure], words: str) -> QuerySet[Procedure]:
    for word in fold(words)[:200].split():
        found = found.filter(Q(search_name__contains=word) | Q(pk__startswith=word))
    return found


def _announced(versions: QuerySet[ProcedureVersion], on: date) -> QuerySet[ProcedureVersion]:
    return versions.filter(valid_from__gt=on).exclude(valid_to=F("valid_from"))


def _count(states: Any) -> Subquery:
    drafts = VersionDraft.objects.filter(code=OuterRef("pk"), state__in=list(states)).order_by()
    counted = drafts.values("code").annotate(count=Count("pk")).values("count")
    return Subquery(counted, output_field=IntegerField())


def list_new(actor: Actor) -> list[VersionDraft]:
    """Open drafts of procedures that the catalogue does not know. One query."""
    known = Procedure.objects.filter(pk=OuterRef("code"))
    found = drafts_of(actor).filter(~Exists(known), state__in=OPEN)
    return list(found.defer("files").order_by("code", "-began_at")[:PAGE_SIZE])


def list_open(actor: Actor, code: str) -> list[VersionDraft]:
    """Open drafts of a procedure, latest first. One query."""
    found = drafts_of(actor).filter(code=code, state__in=OPEN).select_related(*_PEOPLE, "base")
    return list(found.defer("files", *(f"base__{it}" for it in _CONTENT)).order_by("-began_at"))


def list_versions(code: str) -> list[ProcedureVersion]:
    """All versions, latest first, each with its `draft` where it has one. Two queries."""
    versions = ProcedureVersion.objects.filter(procedure=code).defer(*_CONTENT).order_by("-number")
    found = list(versions)
    drafts = VersionDraft.objects.filter(version__in=found).select_related(*_PEOPLE, "restores")
    by_version = {it.version_id: it for it in drafts.defer("files", *(f"restores__{it}" for it in _CONTENT))}
    for version in found:
        version.made_by = by_version.get(version.pk)  # type: ignore[attr-defined]
    return found


def others_open(draft: VersionDraft) -> int:
    """How many other drafts of the procedure are open."""
    return VersionDraft.objects.filter(code=draft.code, state__in=OPEN).exclude(pk=draft.pk).count()


def next_announced(code: str, *, after: date) -> ProcedureVersion | None:
    """The first version that begins after a day."""
    found = _announced(ProcedureVersion.objects.filter(procedure=code), after)
    return found.defer(*_CONTENT).order_by("valid_from").first()


def latest_number(code: str) -> int:
    return ProcedureVersion.objects.filter(procedure=code).aggregate(it=Max("number"))["it"] or 0


def name_of(person: Model | None) -> str:
    """An account's officer by name; "" for nobody."""
    officer = getattr(person, "officer", None)
    return officer.full_name if officer else str(person or "")
