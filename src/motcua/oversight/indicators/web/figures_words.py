"""Figures in words: values with their units, what they are made of, how they changed, why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from motcua.foundation.ui.formats import NBSP, format_number
from motcua.oversight.indicators import figure_words
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.measures import COUNT, Definition, Figure, Measure, Term, half_up
from motcua.oversight.indicators.web.words import language, words_of
from motcua.registry.catalogue.rules.texts import source_words

CHANNELS: Mapping[int, str | Promise] = {
    1: gettext_lazy("At a counter"),
    2: gettext_lazy("Online"),
    3: gettext_lazy("By post"),
}
# Count -> (its name, what is counted, by which day it counts).
COUNTS: Mapping[Count, tuple[str | Promise, str | Promise]] = {
    Count.SUBMITTED: (
        gettext_lazy("Came in"),
        gettext_lazy("Dossiers submitted or taken in on these days, whatever became of them."),
    ),
    Count.RECEIVED: (
        pgettext_lazy("figure", "Received"),
        gettext_lazy("Dossiers first accepted on these days, whatever came later."),
    ),
    Count.RECEIVED_OFFERED: (
        gettext_lazy("Received for online services"),
        gettext_lazy("Dossiers accepted of procedures that were offered online then, fully or in part."),
    ),
    Count.RECEIVED_FULL: (
        gettext_lazy("Received for full online services"),
        gettext_lazy("Dossiers accepted of procedures that were offered fully online then."),
    ),
    Count.RECEIVED_PAPERS: (
        gettext_lazy("Received with papers"),
        gettext_lazy("Dossiers accepted with at least one paper."),
    ),
    Count.RECEIVED_DIGITISED: (
        gettext_lazy("Papers all digital"),
        gettext_lazy("Dossiers accepted whose papers are all there in digital form."),
    ),
    Count.RECEIVED_REUSED: (
        gettext_lazy("A paper used again"),
        gettext_lazy("Dossiers accepted with at least one paper that the State had already."),
    ),
    Count.RECEIVED_OBLIGATION: (
        gettext_lazy("Something to pay"),
        gettext_lazy("Dossiers accepted for which something was to be paid."),
    ),
    Count.PAID_ONLINE: (
        gettext_lazy("Paid online"),
        gettext_lazy("Dossiers accepted that were paid online."),
    ),
    Count.FINISHED: (
        gettext_lazy("Finished"),
        gettext_lazy(
            "Dossiers whose result was there on these days; by a letter of refusal or by silence, too."
        ),
    ),
    Count.FINISHED_EARLY: (
        gettext_lazy("Finished early"),
        gettext_lazy("Dossiers finished before the day that was promised first."),
    ),
    Count.FINISHED_ON_TIME: (
        gettext_lazy("Finished on time"),
        gettext_lazy("Dossiers finished on the day that was promised first, and not after the hour."),
    ),
    Count.FINISHED_LATE: (
        gettext_lazy("Finished late"),
        gettext_lazy("Dossiers finished after what was promised first; an apology changes nothing."),
    ),
    Count.TIMED: (
        gettext_lazy("Working time known"),
        gettext_lazy("Finished dossiers whose working time is known."),
    ),
    Count.WORKED_MINUTES: (
        gettext_lazy("Working minutes"),
        gettext_lazy(
            "Working minutes of finished dossiers, without the time in which the clock stood still."
        ),
    ),
    Count.RESULT_EXPECTED: (
        gettext_lazy("A result expected"),
        gettext_lazy("Finished dossiers of procedures that have a result."),
    ),
    Count.RESULT_ELECTRONIC: (
        gettext_lazy("Electronic result"),
        gettext_lazy("Finished dossiers with a result that is electronic and signed."),
    ),
    Count.RESULT_DIGITISED: (
        gettext_lazy("Result in digital form"),
        gettext_lazy("Finished dossiers whose result is kept as a file."),
    ),
    Count.FINISHED_DIGITISED: (
        gettext_lazy("Papers and result digital"),
        gettext_lazy("Finished dossiers of which papers and result are there in digital form."),
    ),
    Count.ONLINE_THROUGHOUT: (
        gettext_lazy("Online throughout"),
        gettext_lazy(
            "Finished dossiers that were online from submission to result, without a visit or paper."
        ),
    ),
    Count.REFUSED: (gettext_lazy("Refused"), gettext_lazy("Dossiers refused at reception on these days.")),
    Count.WITHDRAWN: (
        gettext_lazy("Withdrawn"),
        gettext_lazy("Dossiers withdrawn by the applicant on these days."),
    ),
    Count.STOPPED: (
        gettext_lazy("Stopped"),
        gettext_lazy("Dossiers stopped without a result on these days."),
    ),
    Count.RATED: (
        gettext_lazy("Answers to the survey"),
        gettext_lazy("Dossiers whose applicant said on these days how satisfied they were."),
    ),
    Count.VERY_SATISFIED: (
        gettext_lazy("Very satisfied"),
        gettext_lazy("Dossiers whose applicant was very satisfied."),
    ),
    Count.SATISFIED: (gettext_lazy("Satisfied"), gettext_lazy("Dossiers whose applicant was satisfied.")),
    Count.DISSATISFIED: (
        gettext_lazy("Dissatisfied"),
        gettext_lazy("Dossiers whose applicant was dissatisfied."),
    ),
    Count.DISSATISFIED_OR_LATE: (
        gettext_lazy("Dissatisfied or late"),
        gettext_lazy("Rated dossiers whose applicant was dissatisfied, or that were late."),
    ),
}
# Where dossiers stand that are not closed -> (its name, what is counted, its state's shape).
STOCKS: Mapping[str, tuple[str | Promise, str | Promise, str]] = {
    "open": (
        pgettext_lazy("figure", "Open"),
        gettext_lazy("Submitted, and neither finished nor ended: waiting, running or standing still."),
        "open",
    ),
    "waiting": (
        gettext_lazy("Waiting for acceptance"),
        gettext_lazy("Submitted online and not accepted yet."),
        "open",
    ),
    "running": (gettext_lazy("Running"), gettext_lazy("Accepted, and the clock runs."), "open"),
    "due_today": (
        gettext_lazy("Due today"),
        gettext_lazy("Running, and the day that was promised first is today."),
        "soon",
    ),
    "late": (
        gettext_lazy("Late"),
        gettext_lazy("Running, and the day that was promised first is over; an apology changes nothing."),
        "overdue",
    ),
    "standing": (
        gettext_lazy("Standing still"),
        gettext_lazy(
            "The clock stands still: for a supplement, a payment, or suspended under a special law."
        ),
        "stopped",
    ),
    "ready": (
        gettext_lazy("Result ready"),
        gettext_lazy("The result is there and was not handed over yet."),
        "done",
    ),
}
# Of what stands open so there is a list of dossiers -> its name.
LISTED: Mapping[str, str | Promise] = {
    **{name: words[0] for name, words in STOCKS.items()},
    "late_by_now": gettext_lazy("Late by now"),
    "still_due": gettext_lazy("Still due today"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Against the period before. `direction`: "up", "down" or "same"."""

    direction: str
    text: str


def name_of(measure: Measure) -> str:
    return str(COUNTS[Count(measure.code)][0]) if measure.unit == COUNT else words_of(measure.names)


def text_of(measure: Measure) -> str:
    """What it says, for who reads the figure."""
    return str(COUNTS[Count(measure.code)][1]) if measure.unit == COUNT else words_of(measure.texts)


def amount_of(figure: Figure) -> Decimal | None:
    """As it is shown: percent of 100, hours, a number; None: no data."""
    if figure.measure.unit == COUNT:
        return None if figure.numerator is None else Decimal(figure.numerator)
    if figure.rate is None:
        return None
    return half_up(figure.rate * 100, 2) if figure.measure.unit == "percent" else half_up(figure.rate, 1)


def shown_number(number: int) -> str:
    return format_number(number, language())


def value_words(figure: Figure) -> str:
    """ "99.39 %", "6.4 working hours", "1,284", "no data"."""
    if figure.measure.unit == COUNT:
        return shown_number(figure.numerator or 0)
    return figure_words.value_words(figure) or _("no data")


def amount_words(amount: Decimal, unit: str) -> str:
    if unit == COUNT:
        return shown_number(int(amount))
    if unit == "percent":
        return f"{number_format(amount, decimal_pos=2)}{NBSP}%"
    shown = number_format(amount, decimal_pos=1)
    if unit == "hours":
        return _("%(count)s hours") % {"count": shown}
    if unit == "days":
        return _("%(count)s days") % {"count": shown}
    return shown


def why_words(figure: Figure) -> str:
    """Why there is no figure; "" where there is one."""
    return "" if amount_of(figure) is not None else figure_words.why_words(figure)


def change_words(now: Figure, before: Figure, before_words: str) -> Change | None:
    """None where one of the two has no data."""
    new, old = amount_of(now), amount_of(before)
    if new is None or old is None:
        return None
    if new == old:
        return Change("same", _("as in: %(period)s") % {"period": before_words})
    difference = abs(new - old)
    if now.measure.unit == "percent":
        shown = _("%(count)s points") % {"count": number_format(difference, decimal_pos=2)}
    else:
        shown = amount_words(difference, now.measure.unit)
    form = (
        _("%(difference)s more than in: %(period)s")
        if new > old
        else _("%(difference)s less than in: %(period)s")
    )
    return Change("up" if new > old else "down", form % {"difference": shown, "period": before_words})


def terms_words(terms: tuple[Term, ...]) -> str:
    """ "Finished early + Finished on time (Online)"."""
    signs = {1: "+", -1: "−"}
    parts = [
        f"{signs[term.sign] if place or term.sign < 0 else ''} {_term(term)}"
        for place, term in enumerate(terms)
    ]
    return " ".join(part.strip() for part in parts)


def _term(term: Term) -> str:
    if term.stock:
        return str(STOCKS[term.stock][0])
    if term.count is None:
        return term.source if term.part == term.source else f"{term.source}: {term.part}"
    name = str(COUNTS[term.count][0])
    if term.least:
        name = _("procedures with at least %(least)s: %(name)s") % {"least": term.least, "name": name}
    return f"{name} ({CHANNELS[term.channel]})" if term.channel else name


def definition_rows(measure: Measure, first: Any, until: Any) -> list[dict[str, Any]]:
    """Definitions that hold in [first, until), oldest first."""
    found = [
        it
        for it in measure.definitions
        if it.valid_from < until and (it.valid_to is None or it.valid_to > first)
    ]
    return [_definition_row(measure, it) for it in found]


def _definition_row(measure: Measure, it: Definition) -> dict[str, Any]:
    return {
        "numerator": terms_words(it.numerator),
        "denominator": terms_words(it.denominator),
        "source": source_words(it.source),
        "since": it.valid_from if measure.unit != COUNT else None,
        "until": it.valid_to,
    }
