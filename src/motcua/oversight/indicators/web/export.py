"""An agency's evaluation as a spreadsheet: the indices, the units, the officers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from openpyxl import Workbook

from motcua.foundation.files.spreadsheets import XLSX, append_line
from motcua.oversight.indicators.policies import EVALUATING
from motcua.oversight.indicators.rules.periods import Period
from motcua.oversight.indicators.rules.scoring import Rules
from motcua.oversight.indicators.selectors import (
    Evaluation,
    Whose,
    evaluate,
    evaluate_officers,
    evaluate_units,
    rules_of,
)
from motcua.oversight.indicators.services import Look, record_look
from motcua.oversight.indicators.web.asking import EvaluationForm
from motcua.oversight.indicators.web.words import counting, total_of, total_words, words_of
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue.rules.texts import source_words
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import officer_names, unit_names


@require_POST
@role_required(*EVALUATING)
@never_cache
def export(request: ActingRequest) -> HttpResponse:
    """Small enough to be written at once: a line for each index, unit and officer. It is on the record."""
    form = EvaluationForm(request.actor, request.POST)
    if not form.is_valid():
        return HttpResponseRedirect(f"{reverse('indicators:evaluation')}?{form.query}")
    agency, period = form.chosen_agency, form.chosen
    record_look(request.actor, Look("export", period, agency_id=agency.id), at=timezone.now())
    response = HttpResponse(_book(agency, period), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="evaluation-{agency.code}-{period.code}.xlsx"'
    return response


def _book(agency: Agency, period: Period) -> bytes:
    rules, content = rules_of(period), BytesIO()
    units, officers = evaluate_units(agency.path, period), evaluate_officers(agency.path, period)
    named = unit_names(units)
    names = officer_names(set(officers))
    book = Workbook(write_only=True)
    _sheet(book, _("Agency"), _index_lines(agency, evaluate(Whose(agency.path), period), rules))
    _sheet(book, _("Units"), _lines(rules, [(named.get(pk, ""), it) for pk, it in units.items()]))
    _sheet(
        book,
        _("Officers"),
        _lines(rules, [(names.get(pk, ""), it) for pk, it in officers.items()], is_levelled=True),
    )
    book.save(content)
    return content.getvalue()


def _index_lines(agency: Agency, found: Evaluation, rules: Rules) -> list[list[Any]]:
    lines: list[list[Any]] = [
        [agency.name],
        [_("No."), _("Index"), _("Points"), _("Dossiers"), _("Score"), pgettext("figure", "Source")],
    ]
    for index in counting(rules, is_part=False):
        score = found.score(index.code)
        mean = score.mean if score.mean is not None else _("no data")
        points = score.points if score.dossiers else _("no data")
        lines.append(
            [index.number, words_of(index.names), points, score.dossiers, mean, source_words(index.source)]
        )
    total = total_words(total_of(found, rules))
    return [*lines, ["", _("Total"), total["points"], found.dossiers, total["level"], total["note"]]]


def _lines(
    rules: Rules, found: list[tuple[str, Evaluation]], *, is_levelled: bool = False
) -> list[list[Any]]:
    indices = counting(rules, is_part=True)
    heads = [
        _("Name"),
        _("Dossiers"),
        _("Finished late"),
        *(f"{it.number}. {words_of(it.names)}" for it in indices),
    ]
    lines: list[list[Any]] = [heads + ([_("Total"), _("Level")] if is_levelled else [])]
    for name, it in sorted(found, key=lambda pair: pair[0]):
        means = [it.score(index.code).mean for index in indices]
        shown = [mean if mean is not None else _("no data") for mean in means]
        total = total_words(total_of(it, rules, is_part=True))
        lines.append(
            [name, it.dossiers, it.classes["late"], *shown]
            + ([total["points"], total["level"]] if is_levelled else [])
        )
    return lines


def _sheet(book: Workbook, title: str, lines: list[list[Any]]) -> None:
    sheet = book.create_sheet(title)
    for line in lines:
        append_line(sheet, line)
