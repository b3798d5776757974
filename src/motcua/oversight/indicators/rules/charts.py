"""A drawing of figures over time: points on a unit square of 1000 by 1000, from the left, from the top. Pure.

The drawing is stretched to its place; the page writes the words beside it, so that they stay as large as other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SIZE = 1000
# A scale ends at such a number times a power of ten.
_ROUND = (1, 2, 3, 4, 5, 6, 8, 10)
_FULL = 100
# As high is the mark where there is no data.
_MARK = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """`label`: what is read where it is pointed at."""

    x: int
    y: int
    width: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`bars`; or `line`, the path of an SVG, broken where there is no data, with `dots`; `top`: the number at the upper
    edge; `gaps`: marks at the foot where there is no data."""

    top: Decimal
    bars: tuple[Bar, ...] = ()
    line: str = ""
    dots: tuple[Bar, ...] = ()
    gaps: tuple[Bar, ...] = ()

    @property
    def middle(self) -> Decimal:
        return self.top / 2


def draw(
    values: Sequence[Decimal | None], labels: Sequence[str], *, is_line: bool, is_percent: bool
) -> Chart:
    """A place for each value, in their order; None: no data."""
    known = [it for it in values if it is not None]
    top = (
        Decimal(_FULL)
        if is_percent and max(known, default=0) <= _FULL
        else nice(max(known, default=Decimal(0)))
    )
    step = SIZE / max(len(values), 1)
    bars, gaps, dots, line, pen = [], [], [], [], "M"
    for place, (value, label) in enumerate(zip(values, labels, strict=True)):
        left, width = round(place * step + step * 0.12), max(round(step * 0.76), 1)
        if value is None:
            gaps.append(Bar(left, SIZE - _MARK, width, _MARK, label))
            pen = "M"
            continue
        height = max(round(SIZE * value / top), 0)
        bars.append(Bar(left, SIZE - height, width, height, label))
        middle = round((place + 0.5) * step)
        line.append(f"{pen}{middle} {SIZE - height}")
        dots.append(Bar(middle, SIZE - height, 0, 0, label))
        pen = "L"
    if is_line:
        return Chart(top, (), " ".join(line), tuple(dots), tuple(gaps))
    return Chart(top, tuple(bars))


def nice(number: Decimal) -> Decimal:
    """The next round number from this one on, 1 at least: 1234 -> 2000."""
    power = Decimal(1)
    while power * 10 < number:
        power *= 10
    return next(power * it for it in _ROUND if power * it >= number)
