"""How many of what, so that ratios come out to the printed digits. Pure.

Source: press on a province in 2024 and 2025 (vietnam.md 5.3): 701 full and 516 partial services; dossiers online
99.39 % at its districts, 60.48 % at its departments; digitisation 64.3 %; satisfied 93 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

FULL, PARTIAL = 701, 516
# Fewer dossiers cannot show all figures to their digits.
LEAST = 1_100
GROUPS = ("district", "department", "commune")
# Of a thousand dossiers: at districts, at departments; the rest at communes.
_SHARES = {"district": 450, "department": 200}
# One in so many: turned away before acceptance, withdrawn, stopped, open at the end of the year.
_REFUSED, _WITHDRAWN, _STOPPED, _OPEN = 125, 250, 400, 60
# Of a hundred finished ones, how many answered.
_ANSWERS = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """A ratio as it was printed, in percent: "99.39"."""

    text: str

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.text) / 100

    def is_shown_by(self, numerator: int, denominator: int) -> bool:
        """Whether the ratio, rounded as one rounds by hand, has these digits."""
        return bool(denominator) and percent(numerator, denominator, self.digits) == self.text

    @property
    def digits(self) -> int:
        return len(self.text.partition(".")[2])


def percent(numerator: int, denominator: int, digits: int) -> str:
    """2/3 with one digit: "66.7". Raises ZeroDivisionError."""
    exact = Decimal(numerator * 100) / Decimal(denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


ONLINE = {"district": Printed("99.39"), "department": Printed("60.48")}
# Communes were not printed; a believable figure, which nothing is held against.
COMMUNES_ONLINE = Fraction(97, 100)
DIGITISED, SATISFIED = Printed("64.3"), Printed("93")


class TooFew(ValueError):
    """Fewer than LEAST dossiers."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Dossiers by group that are accepted, and of these online; turned away before. Of all accepted: withdrawn,
    stopped, open at the end; the rest is finished. Of the finished: digitised; answers, and of these satisfied."""

    accepted: dict[str, int]
    online: dict[str, int]
    refused: int
    withdrawn: int
    stopped: int
    open: int
    digitised: int
    answers: int
    satisfied: int

    @property
    def finished(self) -> int:
        return sum(self.accepted.values()) - self.withdrawn - self.stopped - self.open


def quotas_of(dossiers: int) -> Quotas:
    """Raises TooFew."""
    if dossiers < LEAST:
        raise TooFew(dossiers)
    refused = dossiers // _REFUSED
    accepted = dossiers - refused
    sizes = {name: _nearest(accepted * _SHARES[name] // 1000, ONLINE[name]) for name in _SHARES}
    sizes["commune"] = accepted - sum(sizes.values())
    online = {name: _numerator(sizes[name], ONLINE[name]) for name in _SHARES}
    online["commune"] = round(sizes["commune"] * COMMUNES_ONLINE)
    withdrawn, stopped, still = dossiers // _WITHDRAWN, dossiers // _STOPPED, dossiers // _OPEN
    finished = accepted - withdrawn - stopped - still
    answers = finished * _ANSWERS // 100
    return Quotas(
        accepted=sizes,
        online=online,
        refused=refused,
        withdrawn=withdrawn,
        stopped=stopped,
        open=still,
        digitised=_numerator(finished, DIGITISED),
        answers=answers,
        satisfied=_numerator(answers, SATISFIED),
    )


def _numerator(denominator: int, printed: Printed) -> int:
    """The numerator nearest to the printed ratio."""
    return round(denominator * printed.ratio)


def _nearest(wanted: int, printed: Printed) -> int:
    """The denominator nearest to the wanted one with which a whole numerator shows the printed digits."""
    return next(it for it in _around(wanted) if printed.is_shown_by(_numerator(it, printed), it))


def _around(number: int) -> Iterator[int]:
    yield number
    for step in range(1, number):
        yield number + step
        yield number - step


def spread(index: int, many: int, among: int) -> bool:
    """Whether the index-th of `among` is one of `many`, which lie evenly between the others."""
    return (index + 1) * many // among != index * many // among
