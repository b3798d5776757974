"""The lines of the register, fifty a page: written here, as by a template they are most of the page's time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from motcua.casework.dossiers.register import Line
from motcua.casework.dossiers.web.pages import language, status_words
from motcua.foundation.ui.addresses import address_of
from motcua.foundation.ui.formats import format_date, format_time
from motcua.foundation.ui.templatetags.ui import mark
from motcua.registry.catalogue.rules.texts import in_language


@dataclass(frozen=True, slots=True)
class Said:
    """What every line says again, in the language of the page. `heads`: escaped, in the order of the columns."""

    language: str
    heads: Sequence[str]
    ways: Mapping[str, str]
    entered: str

    @classmethod
    def now(cls, ways: Mapping[str, object]) -> Said:
        heads = (
            _("No."), _("Code and state"), _("Procedure"), _("Applicant"), _("Received"), _("Due"), _("Returned"),
            _("Way of receiving"),
        )  # fmt: skip
        shown = {code: escape(str(words)) for code, words in ways.items()}
        return cls(language(), tuple(escape(it) for it in heads), shown, _("entered %(when)s"))

    def day(self, at: datetime) -> str:
        return format_date(timezone.localtime(at), self.language, weekday=False)


def register_rows(lines: Sequence[Line], said: Said) -> SafeString:
    """The rows of the table's body."""
    return mark_safe("\n".join(_row(line, said) for line in lines))  # noqa: S308  each value is escaped


def _row(line: Line, said: Said) -> str:
    dossier, owner = line.dossier, line.dossier.owner_facts or line.dossier.applicant_facts
    number, code, procedure, applicant, received, due, returned, way = said.heads
    contact = escape(", ".join(filter(None, (owner["residence"], owner["telephone"]))))
    name = escape(in_language(dossier.version.procedure.names, said.language))
    entered = _under(said.entered % {"when": said.day(dossier.entered_at)}) if dossier.entered_at else ""
    return (
        f'<tr data-row><td class="figures" data-label="{number}">{escape(line.serial)}</td>'
        f'<td class="figures" data-label="{code}"><a href="{address_of("desk:dossier", dossier.pk)}">'
        f"{conditional_escape(dossier.code or '')}</a> "
        f'<span class="inbox__under">{mark(*status_words(dossier))}</span></td>'
        f'<td data-label="{procedure}"><span>{name}</span></td>'
        f'<td lang="vi" data-label="{applicant}"><span>{escape(dossier.owner_name)}</span> '
        f'<span class="inbox__under">{contact}</span></td>\n'
        f"{_moment(received, dossier.accepted_at, said, entered)}{_moment(due, dossier.due_at, said)}"
        f"{_moment(returned, dossier.returned_at, said)}\n"
        f'<td data-label="{way}"><span>{said.ways[line.way]}</span>{_handed_over(line)}</td></tr>'
    )


def _moment(label: str, at: datetime | None, said: Said, more: str = "") -> str:
    """Day and time."""
    shown = f"<span>{said.day(at)}</span>{_under(_time(at, said))}" if at else ""
    return f'<td class="figures" data-label="{label}">{shown}{more}</td>'


def _time(at: datetime, said: Said) -> str:
    return format_time(timezone.localtime(at), said.language)


def _under(words: str) -> str:
    return f' <span class="inbox__under">{escape(words)}</span>'


def _handed_over(line: Line) -> str:
    if line.dossier.return_tracking:
        return f' <span class="inbox__under figures">{escape(line.dossier.return_tracking)}</span>'
    if line.dossier.return_receiver:
        return f' <span class="inbox__under" lang="vi">{escape(line.dossier.return_receiver)}</span>'
    return ""
