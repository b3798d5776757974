"""What is different between two versions of a draft, as plain data for the component."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.comparing import Line, Part
from motcua.casework.dossiers.versions import Comparison, compare_drafts, last_sent_back
from motcua.casework.dossiers.web.words import when
from motcua.foundation.kernel.actors import Actor


def comparison_context(found: Comparison) -> dict[str, Any]:
    """What is different, for components/comparison."""
    before, after = found.before, found.after
    return {
        "before": before,
        "after": after,
        "before_title": _version_words(before),
        "after_title": _version_words(after),
        "groups": [[_line(line) for line in group] for group in found.groups],
        "is_whole": found.is_whole,
        "has_words": found.has_words,
    }


def _version_words(draft: OfficialDocument) -> str:
    return _("Version %(edition)s, %(when)s") % {"edition": draft.edition, "when": when(draft.made_at)}


def _line(line: Line) -> dict[str, Any]:
    def parts(side: tuple[Part, ...]) -> list[dict[str, Any]]:
        return [{"text": part.text, "changed": part.is_changed} for part in side]

    return {"before": parts(line.before), "after": parts(line.after), "changed": line.is_changed}


def since_return_context(actor: Actor, dossier: Dossier, draft: OfficialDocument) -> dict[str, Any]:
    """What the signer asked for when a version was sent back, and what is different since; empty: none was."""
    sent_back = last_sent_back(actor, draft)
    if not sent_back:
        return {}
    compared = comparison_context(compare_drafts(sent_back.draft, draft))
    return {
        "since_return": compared
        | {
            "reason": sent_back.reason,
            "when": when(sent_back.made_at),
            "edition": sent_back.draft.edition,
            "url": reverse("desk:drafts", args=[dossier.id]),
        }
    }
