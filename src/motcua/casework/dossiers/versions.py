"""Versions of the draft of a result: who made each and when, why it was sent back, and what is different."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.casework.dossiers.models import Dossier, DraftReturn, OfficialDocument
from motcua.casework.dossiers.rules.comparing import Line, compare
from motcua.foundation.files.previews import text_lines
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.selectors import officer_names

# Lines of a draft that are compared: some thirty pages.
MOST_LINES = 1200
# What makes every draft an old one: it says what was declared before.
_DECLARED_ANEW = ("dossier.supplemented", "dossier.data_corrected")


@dataclass(frozen=True, slots=True)
class Version:
    """An edition of the draft. `sent_back`: None while nobody sent it back."""

    document: OfficialDocument
    by: str
    sent_back: DraftReturn | None
    sent_back_by: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different in `after`. `is_whole`: no line was left out; `has_words`: neither is a mere picture."""

    before: OfficialDocument
    after: OfficialDocument
    groups: list[list[Line]]
    is_whole: bool
    has_words: bool


def list_versions(dossier: Dossier) -> list[Version]:
    """Every version there ever was, latest first. Two queries."""
    drafts = dossier.documents.filter(kind=OfficialDocument.Kind.DRAFT)
    found = list(drafts.select_related("file", "sent_back").order_by("-edition"))
    returns = {it.pk: getattr(it, "sent_back", None) for it in found}
    people = {it.made_by for it in found} | {it.made_by for it in returns.values() if it}
    names = officer_names({it for it in people if it})
    return [
        Version(
            it,
            names.get(it.made_by, "") if it.made_by else "",
            sent_back,
            names.get(sent_back.made_by, "") if sent_back else "",
        )
        for it in found
        for sent_back in (returns[it.pk],)
    ]


def compare_drafts(before: OfficialDocument, after: OfficialDocument) -> Comparison:
    """What the papers say, word for word. Raises UnreadableFile."""
    old, new = (text_lines(read_file(it.stored), most=MOST_LINES) for it in (before, after))
    return Comparison(
        before, after, compare(old, new), max(len(old), len(new)) < MOST_LINES, has_words=bool(old and new)
    )


def last_sent_back(actor: Actor, draft: OfficialDocument) -> DraftReturn | None:
    """The last return of an edition before this one: the actor's own, else anybody's. One query."""
    found = DraftReturn.objects.filter(
        draft__dossier=draft.dossier_id, draft__kind=draft.kind, draft__edition__lt=draft.edition
    )
    returns = list(found.select_related("draft__file").order_by("-draft__edition"))
    own = (it for it in returns if it.made_by == actor.person_id)
    return next(own, returns[0] if returns else None)


def is_outdated(draft: OfficialDocument) -> bool:
    """Whether what was declared has changed since the draft was made. One query."""
    changes = Entry.objects.filter(object_id=draft.dossier_id, kind__in=_DECLARED_ANEW)
    return changes.filter(at__gt=draft.made_at).exists()
