"""The computed figures beside the scenario's ledger and the press: equal to the last dossier, or it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from motcua.config.simulation.province.ground import CODE, DAY
from motcua.config.simulation.province.ledger import Ledger
from motcua.config.simulation.province.playing import YEAR
from motcua.config.simulation.province.quotas import (
    DIGITISED,
    FULL,
    ONLINE,
    PARTIAL,
    SATISFIED,
    Printed,
    percent,
)
from motcua.oversight.indicators.measuring import figures_of
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.tallying import (
    CHANNELS,
    Days,
    Sums,
    stock_at_end_of,
    sums,
    sums_of_procedures,
)
from motcua.registry.catalogue.models import Offer
from motcua.registry.organisations.models import valid_on

TOP = f"/{CODE}/"
DAYS = Days(date(YEAR, 1, 1), date(YEAR + 1, 1, 1))
# What the ledger keeps; what else is counted must be nothing, or is not the scenario's to say.
KEPT = (
    *(Count.SUBMITTED, Count.RECEIVED, Count.RECEIVED_OFFERED, Count.RECEIVED_FULL, Count.RECEIVED_PAPERS),
    *(Count.RECEIVED_DIGITISED, Count.RECEIVED_REUSED, Count.FINISHED, Count.FINISHED_EARLY),
    *(Count.FINISHED_ON_TIME, Count.FINISHED_LATE, Count.RESULT_ELECTRONIC, Count.FINISHED_DIGITISED),
    *(Count.ONLINE_THROUGHOUT, Count.REFUSED, Count.WITHDRAWN, Count.STOPPED, Count.RATED),
    *(Count.VERY_SATISFIED, Count.SATISFIED, Count.DISSATISFIED, Count.DISSATISFIED_OR_LATE),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure: by the ledger, as computed, as printed ("" where it was not)."""

    name: str
    ledger: str
    computed: str
    press: str = ""

    @property
    def is_equal(self) -> bool:
        return self.ledger == self.computed and self.press in {"", self.computed.partition(" %")[0]}


@dataclass(slots=True)
class Comparison:
    """`lines`: what is shown; `compared`: how many sums were held against each other; `differences`: of these."""

    lines: list[Line] = field(default_factory=list)
    compared: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences and all(it.is_equal for it in self.lines)


def compare(ledger: Ledger) -> Comparison:
    """All that the ledger keeps, by agency, channel and month, by procedure and channel, and as a whole; then the
    figures of the press, by the measures that the pack declares. The journal is followed already."""
    found = Comparison()
    for what, mine, told in (*_by_place(ledger), *_by_procedure(ledger), *_whole(ledger)):
        found.compared += 1
        if mine != told:
            found.differences.append(f"{what}: {mine} by the ledger, {told} computed")
    found.lines = list(_lines(ledger))
    return found


def _by_place(ledger: Ledger) -> Iterator[tuple[str, int, int]]:
    kept = ledger.by_place()
    months = [date(YEAR, number, 1) for number in range(1, 13)]
    for agency in ledger.groups:
        told = sums(agency, DAYS, is_own=True, by="month")
        for month in months:
            for count in KEPT:
                for channel in CHANNELS:
                    mine = kept.get((str(count), agency, channel, f"{month:%Y-%m}"), 0)
                    computed = told.get(month, Sums()).of(count, channel)
                    yield f"{count} of {agency}, channel {channel}, {month:%Y-%m}", mine, computed


def _by_procedure(ledger: Ledger) -> Iterator[tuple[str, int, int]]:
    kept: dict[tuple[str, str, int], int] = {}
    for (what, _agency, procedure, channel, _month), value in ledger.counts.items():
        kept[what, procedure, channel] = kept.get((what, procedure, channel), 0) + value
    told = sums_of_procedures(TOP, DAYS)
    for procedure in {it for _what, it, _channel in kept} | set(told):
        for count in KEPT:
            for channel in CHANNELS:
                computed = told.get(procedure, Sums()).of(count, channel)
                mine = kept.get((str(count), procedure, channel), 0)
                yield f"{count} of {procedure}, channel {channel}", mine, computed


def _whole(ledger: Ledger) -> Iterator[tuple[str, int, int]]:
    told = sums(TOP, DAYS).get("", Sums())
    for count in KEPT:
        yield f"{count}", ledger.total(str(count)), told.of(count)
    last = date(YEAR, 12, 31)
    open_now = stock_at_end_of([TOP], last)[TOP]
    ends = sum(ledger.total(it) for it in ("finished", "withdrawn", "stopped"))
    yield "open at the end of the year", ledger.total("received") - ends, open_now.running
    yield "waiting at the end of the year", 0, open_now.waiting + open_now.standing + open_now.ready


def _lines(ledger: Ledger) -> Iterator[Line]:
    for level, many in (("full", FULL), ("partial", PARTIAL)):
        yield Line(f"Services offered, {level}", str(ledger.services[level]), str(_offered(level)), str(many))
    for group, printed in ONLINE.items():
        mine = (
            ledger.total("received_offered", group=group, channel=2),
            ledger.total("received_offered", group=group),
        )
        paths = [path for path, its in ledger.groups.items() if its == group]
        yield _ratio(
            f"Online, own dossiers of {group}s", mine, _figure("online_rate", paths, is_own=True), printed
        )
    mine = ledger.total("finished_digitised"), ledger.total("finished")
    yield _ratio("Digitised, of those finished", mine, _figure("digitised_rate", [TOP]), DIGITISED)
    satisfied = ledger.total("very_satisfied") + ledger.total("satisfied"), ledger.total("rated")
    yield _ratio(
        "Satisfied, of those who answered", satisfied, _figure("satisfaction_rate", [TOP]), SATISFIED
    )


def _offered(level: str) -> int:
    rows = Offer.objects.filter(valid_on(DAY), agency_path__startswith=TOP, level=level)
    return rows.values("procedure").distinct().count()


def _figure(code: str, paths: list[str], **options: Any) -> tuple[int, int]:
    """Numerators and denominators of several agencies added up: (0, 0) where nothing tells them."""
    told = [it for found in figures_of(paths, DAYS, codes=[code], **options).values() for it in found]
    return sum(it.numerator or 0 for it in told), sum(it.denominator or 0 for it in told)


def _ratio(name: str, mine: tuple[int, int], told: tuple[int, int], printed: Printed) -> Line:
    return Line(name, _words(mine, printed), _words(told, printed), printed.text)


def _words(pair: tuple[int, int], printed: Printed) -> str:
    top, bottom = pair
    return f"{percent(top, bottom, printed.digits)} % ({top}/{bottom})" if bottom else "no data"
