"""Reading linked cases: what the person and the officers see of the whole. The actor comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from motcua.casework.dossiers.models import Dossier, LinkedCase, LinkedPart
from motcua.casework.dossiers.policies import readable
from motcua.casework.dossiers.rules.linked import Member
from motcua.casework.dossiers.services.linked_cases import linked_members
from motcua.casework.warehouse.models import Document
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.models import VERSION_CONTENT

_DOSSIER = tuple(f"dossier__{name}" for name in VERSION_CONTENT)


@dataclass(frozen=True, slots=True)
class Whole:
    """A case with its parts in their order. `members`: by name, as the version of the group has them."""

    case: LinkedCase
    parts: list[LinkedPart]
    members: Mapping[str, Member]

    def title_of(self, part: LinkedPart) -> Mapping[str, str]:
        return self.members[part.member].title


def with_parts(lookup: str = "parts") -> Prefetch[str, QuerySet[LinkedPart], str]:
    """For rows of cases, or of dossiers with `lookup` "linked__parts": the parts, their dossiers, agencies, drafts."""
    related = ("dossier__agency", "dossier__version__procedure", "draft")
    return Prefetch(lookup, queryset=LinkedPart.objects.select_related(*related).defer(*_DOSSIER))


def whole_of(case: LinkedCase, parts: Iterable[LinkedPart]) -> Whole:
    return Whole(case, list(parts), {it.name: it for it in linked_members(case.version)})


def get_whole(actor: Actor, case_id: UUID) -> Whole:
    """A case the actor may follow: who may open its first dossier. Parts whose dossiers they may not are left out.

    Raises NotFound.
    """
    opened = set(Dossier.objects.filter(readable(actor), linked=case_id).values_list("pk", flat=True))
    case = _cases().filter(pk=case_id).first() if case_id in opened else None
    if not case:
        raise NotFound
    return whole_of(case, [it for it in case.parts.all() if it.dossier_id is None or it.dossier_id in opened])


def find_whole(code: str) -> Whole | None:
    """For the public look-up, by the code of the whole. Pages show nothing personal of it."""
    typed = code.strip().upper()
    case = _cases().filter(code=typed).first() if typed else None
    return whole_of(case, case.parts.all()) if case else None


def find_whole_of(dossier: Dossier) -> Whole | None:
    """The case that a dossier is part of; None without a query where it is of none."""
    case = _cases().filter(pk=dossier.linked_id).first() if dossier.linked_id else None
    return whole_of(case, case.parts.all()) if case else None


def revoked_for(dossiers: Iterable[UUID]) -> set[UUID]:
    """Those of the dossiers to which a result was passed on that counts no longer. One query."""
    ended = Document.objects.exclude(ended_as="").values("pk")
    rows = Dossier.objects.filter(pk__in=list(dossiers), components__document__in=ended)
    return set(rows.values_list("pk", flat=True))


def _cases() -> QuerySet[LinkedCase]:
    related = LinkedCase.objects.select_related("version__procedure").defer(*VERSION_CONTENT)
    return related.prefetch_related(with_parts())
