"""What the pages of digitisation say, as plain data for the components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from motcua.casework.dossiers.models import Digitisation
from motcua.casework.dossiers.services.digitising import Paper, is_current
from motcua.casework.dossiers.web.words import language, when
from motcua.foundation.files.digitising_errors import FAILURES, NotDigitised
from motcua.foundation.ui import formats
from motcua.registry.organisations.selectors import officer_name

State = Digitisation.State


def state_words(row: Digitisation | None, paper: Paper) -> tuple[str, str]:
    """The state of the design system and its words."""
    if not row:
        return "look", _("Not digitised yet")
    if row.state == State.WAITING:
        return "look", _("Waiting to be digitised")
    if row.state == State.RUNNING:
        if not row.pages:
            return "look", _("Being digitised")
        told = {"done": row.pages_done, "pages": row.pages}
        return "look", _("Being digitised: %(done)d of %(pages)d pages") % told
    if not is_current(row, paper):
        return "soon", _("Files were added or taken out since")
    if row.state == State.FAILED:
        return "overdue", _("Could not be digitised")
    if row.copy_number:
        return "done", _("Electronic copy %(number)s") % {"number": row.copy_number}
    return "done", _("Digitised")


def problem_words(row: Digitisation) -> str:
    """Why it failed, and what to do; empty where it did not."""
    if row.state != State.FAILED:
        return ""
    try:
        return str(FAILURES.get(row.problem, NotDigitised)(**row.problem_fields))
    except KeyError:  # of an older release
        return str(NotDigitised())


def missing_words(missing: Sequence[str]) -> str:
    """What the installation lacks, for the clerk; empty where nothing."""
    if not missing:
        return ""
    return _(
        "This installation cannot read scans yet: %(programs)s is missing. Papers stay as they were handed in, "
        "and dossiers go on without. Whoever runs the installation finds in its guide how to add it."
    ) % {"programs": ", ".join(missing)}


def paper_rows(scans: Sequence[Paper], rows: dict[str, Digitisation]) -> list[dict[str, Any]]:
    """Papers for components/papers."""
    items = []
    for paper in scans:
        row = rows.get(paper.code)
        state, words = state_words(row, paper)
        items.append(
            {
                "title": paper.name,
                "note": _files_words(paper),
                "url": reverse("desk:digitising-paper", args=[paper.held.id, paper.code]),
                "state": state,
                "state_text": words,
            }
        )
    return items


def _files_words(paper: Paper) -> str:
    size = formats.format_size(sum(file.size_bytes for file in paper.files), language())
    count = len(paper.files)
    words = ngettext("%(count)d file, %(size)s", "%(count)d files, %(size)s", count)
    return words % {"count": count, "size": size}


def original_items(paper: Paper) -> list[dict[str, Any]]:
    """The files as they were handed in, for components/papers."""
    return [
        {
            "title": file.name,
            "note": formats.format_size(file.size_bytes, language()),
            "url": reverse("desk:digitising-original", args=[paper.held.id, paper.code, number]),
        }
        for number, file in enumerate(paper.files, start=1)
    ]


def result_facts(row: Digitisation) -> list[dict[str, str]]:
    """What was made, for components/fact_list."""
    pages = ngettext("%(count)d page", "%(count)d pages", row.pages) % {"count": row.pages}
    facts = [{"label": _("Pages"), "value": pages, "note": _empty_words(row)}]
    if row.file:
        size = formats.format_size(row.file.size_bytes, language())
        kind = _("PDF/A, searchable") if row.has_words else _("PDF/A; no words were found on it")
        facts.append({"label": _("File"), "value": f"{kind}, {size}"})
    if row.finished_at:
        facts.append({"label": _("Digitised on"), "value": when(row.finished_at)})
    if row.confirmed_at:
        told = {"when": when(row.confirmed_at), "name": officer_name(row.confirmed_by)}
        facts.append({"label": _("Values confirmed"), "value": _("%(when)s by %(name)s") % told})
    return facts


def _empty_words(row: Digitisation) -> str:
    if not row.empty_pages:
        return ""
    numbers = ", ".join(map(str, row.empty_pages))
    return _("Nothing is on page %(numbers)s. Check that no page lay the wrong way round.") % {
        "numbers": numbers
    }


def copy_facts(row: Digitisation) -> list[dict[str, str]]:
    """The certified copy, for components/fact_list; empty without one."""
    if not row.copied_at:
        return []
    of = {
        Digitisation.CopiedFrom.ORIGINAL.value: _("the original"),
        Digitisation.CopiedFrom.CERTIFIED.value: _("a certified copy"),
    }
    return [
        {"label": pgettext("what something is known by", "Number"), "value": row.copy_number},
        {"label": _("Made from"), "value": of[row.copied_from]},
        {"label": _("Signed by"), "value": officer_name(row.copied_by), "note": when(row.copied_at)},
    ]
