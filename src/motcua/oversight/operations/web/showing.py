"""A frame in words and shapes: the values of a page, by the names under which its script finds them.

Texts, but for "…_state" and "state.…" (of `data-state`), "…_html" and the numbers of the chart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.foundation.ui import formats
from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.tallying import Open
from motcua.oversight.operations.frames import Came, Frame, Satisfied
from motcua.oversight.operations.rules.tiles import Unit, level
from motcua.oversight.operations.rules.usual import FEWEST, SLOT_MINUTES, stands

Values = dict[str, Any]
# After so many seconds figures are called old; people who wait for so many minutes are worth a look.
OLD_SECONDS, LONG_MINUTES = 60, 30


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def number(value: int) -> str:
    return formats.format_number(value, language())


def percent(part: int, whole: int) -> str:
    """ "1.0 %", in the language's way; "" of nothing."""
    if not whole:
        return ""
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{number_format(tenths / 10, decimal_pos=1)}{formats.NBSP}%"


def open_of(stock: Open) -> int:
    """Not finished, whoever's turn it is."""
    return stock.waiting + stock.running + stock.standing


def values_of(frame: Frame, units: Iterable[Unit]) -> Values:
    """Everything that changes on the page."""
    values = _came(frame.came) | _stock(frame.total)
    for unit in units:
        if stock := frame.tiles.get(unit.path):
            values |= _tile(unit, stock)
    values |= _moment(frame) | _lines(frame) | _rest(frame)
    if frame.satisfied:
        values |= _satisfied(frame.satisfied)
    return values


def _moment(frame: Frame) -> Values:
    at = local(frame.at)
    found: Values = {}
    found["day"] = formats.format_date(at.date(), language())
    found["clock"] = formats.format_time(at, language())
    if frame.behind:
        found["behind_seconds"] = frame.behind.seconds
        found["behind"] = _("figures %(seconds)s s behind") % {"seconds": number(frame.behind.seconds)}
        found["behind_state"] = "old" if frame.behind.seconds > OLD_SECONDS else ""
        found["journal_seconds"] = _("%(seconds)s s") % {"seconds": number(frame.behind.seconds)}
        found["journal_entries"] = number(frame.behind.entries)
    return found


def _came(came: Came) -> Values:
    if came.usual:
        usual = _("usual by now: %(low)s – %(high)s") % {
            "low": number(came.usual[0]),
            "high": number(came.usual[1]),
        }
        usual = usual.replace(" – ", f"{formats.NBSP}–{formats.NBSP}")
    elif came.is_off:
        usual = _("a day off: nothing is usual")
    else:
        usual = _("no usual day yet: %(days)s of %(needed)s like days known") % {
            "days": came.days,
            "needed": FEWEST,
        }
    says = {"below": _("fewer than usual"), "above": _("more than usual"), "usual": _("as usual"), "": ""}
    standing = stands(came.count, came.usual)
    return {
        "came": number(came.count),
        "usual": usual,
        "stands": says[standing],
        "stands_state": standing,
        "chart": _chart_values(came),
    }


def _chart_values(came: Came) -> Values:
    """What the page's script draws from."""
    first, last = hours_shown(came)
    return {
        "slots": list(came.slots),
        "band": [list(it) for it in came.band],
        "until": came.until,
        "first": first,
        "last": last,
    }


def _stock(stock: Open) -> Values:
    return {
        "open": number(open_of(stock)),
        "late": number(stock.late),
        "late_state": "overdue" if stock.late else "",
        "late_rate": percent(stock.late, open_of(stock)),
        "due_today": number(stock.due_today),
        "waiting": number(stock.waiting),
        "standing": number(stock.standing),
        "ready": number(stock.ready),
    }


def _tile(unit: Unit, stock: Open) -> Values:
    return {
        f"open.{unit.code}": number(open_of(stock)),
        f"late.{unit.code}": number(stock.late) if stock.late else "",
        f"state.{unit.code}": level(stock.late),
        f"due.{unit.code}": number(stock.due_today),
    }


def _lines(frame: Frame) -> Values:
    if frame.lines is None:
        return {}
    lines, found = frame.lines, {"lines_waiting": number(sum(it.waiting for it in frame.lines))}
    minutes = _minutes(lines[0].since, frame.at) if lines else 0
    found["lines_longest"] = _("%(minutes)s min") % {"minutes": number(minutes)}
    found["lines_longest_state"] = "look" if minutes >= LONG_MINUTES else ""
    found["lines_path"] = lines[0].agency_path if lines else ""
    found["lines_where"] = (
        _("%(waiting)s waiting, %(counters)s")
        % {"waiting": number(lines[0].waiting), "counters": counters_words(lines[0].counters)}
        if lines
        else _("nobody waits")
    )
    return found


def counters_words(counters: int) -> str:
    words = ngettext("%(counters)s counter open", "%(counters)s counters open", counters)
    return words % {"counters": number(counters)}


def _minutes(since: datetime, at: datetime) -> int:
    return max(int((at - since).total_seconds()) // 60, 0)


def _rest(frame: Frame) -> Values:
    found: Values = {}
    if frame.unsent:
        found["unsent_waiting"] = number(frame.unsent.waiting)
        found["unsent_failed"] = number(frame.unsent.failed)
        found["unsent_failed_state"] = "look" if frame.unsent.failed else ""
    if frame.health is not None:
        found["health_html"] = render_to_string("operations/_health.html", {"health": frame.health})
    if frame.alerts is not None:
        found["alerts_html"] = render_to_string("operations/_alerts.html", {"alerts": frame.alerts})
    return found


def _satisfied(it: Satisfied) -> Values:
    content, (was, rated_before) = it.very + it.satisfied, it.before
    change = ""
    if it.rated and rated_before:
        tenths = (content * 1000 + it.rated // 2) // it.rated - (
            was * 1000 + rated_before // 2
        ) // rated_before
        change = _("%(points)s points in a week") % {"points": _signed(tenths)}
    words = ngettext(
        "%(rated)s answer, %(unhappy)s dissatisfied", "%(rated)s answers, %(unhappy)s dissatisfied", it.rated
    )
    return {
        "satisfied": percent(content, it.rated) or _("no answer"),
        "satisfied_change": change,
        "satisfied_words": words % {"rated": number(it.rated), "unhappy": number(it.dissatisfied)},
        "satisfied_html": render_to_string("operations/_satisfied.html", {"parts": _shares(it)}),
    }


def _signed(tenths: int) -> str:
    text = number_format(abs(tenths) / 10, decimal_pos=1)
    return f"+{text}" if tenths > 0 else f"−{text}" if tenths else text


def _shares(it: Satisfied) -> list[dict[str, Any]]:
    """Stretches of a bar that is 1000 wide."""
    found, x = [], 0
    for kind, count in (("very", it.very), ("satisfied", it.satisfied), ("dissatisfied", it.dissatisfied)):
        width = count * 1000 // it.rated if it.rated else 0
        found.append({"kind": kind, "x": x, "width": max(width - 4, 1) if count else 0})
        x += width
    return found


# The chart shows from 6:00 to 20:00, and more when something came before or after.
FIRST, LAST, HOUR = 24, 80, 4
WIDTH, HEIGHT, LEFT, RIGHT, FOOT, TOP = 460, 260, 16, 80, 34, 14


def hours_shown(came: Came) -> tuple[int, int]:
    """The chart's first quarter of an hour and the one behind its last, at full hours: all that have arrivals, and the
    moment now. A day that is over has no such moment."""
    busy = [slot for slot, count in enumerate(came.slots) if count]
    begun = -(-came.until // SLOT_MINUTES) if came.until < len(came.slots) * SLOT_MINUTES else 0
    first, last = min([FIRST, *busy]), max([LAST, begun, *(it + 1 for it in busy)])
    return first // HOUR * HOUR, -(-last // HOUR) * HOUR


def chart_of(came: Came) -> dict[str, Any]:
    """A drawing of the day for pages without script: points of the band and of the line, and the axes' words."""
    sums, total = [], 0
    for count in came.slots:
        total += count
        sums.append(total)
    first, last = hours_shown(came)
    highest = _round_up(max([total, *(high for _low, high in came.band), 4]))

    def x(minutes: int) -> int:
        inside = min(max(minutes, first * SLOT_MINUTES), last * SLOT_MINUTES) - first * SLOT_MINUTES
        return LEFT + inside * (WIDTH - LEFT - RIGHT) // ((last - first) * SLOT_MINUTES)

    def y(count: int) -> int:
        return HEIGHT - FOOT - count * (HEIGHT - FOOT - TOP) // highest

    ends = range(first, last)
    upper = [f"{x((it + 1) * SLOT_MINUTES)},{y(came.band[it][1])}" for it in ends] if came.band else []
    lower = (
        [f"{x((it + 1) * SLOT_MINUTES)},{y(came.band[it][0])}" for it in reversed(ends)] if came.band else []
    )
    past = [it for it in ends if (it + 1) * SLOT_MINUTES <= came.until]
    # Nothing came before the first hour shown.
    line = [(x(first * SLOT_MINUTES), y(0))] + [(x((it + 1) * SLOT_MINUTES), y(sums[it])) for it in past]
    if came.until > first * SLOT_MINUTES:
        line.append((x(came.until), y(total)))
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "band": " ".join(upper + lower),
        "line": " ".join(f"{a},{b}" for a, b in line),
        "now": line[-1],
        "floor": HEIGHT - FOOT,
        "right": WIDTH - RIGHT,
        "left": LEFT,
        "levels": [{"y": y(highest * it // 2), "text": number(highest * it // 2)} for it in (1, 2)],
        "hours": [{"x": x(it * 60), "text": str(it)} for it in range(0, 25, 3) if first <= it * HOUR <= last],
        "words_y": HEIGHT - 8,
    }


def _round_up(value: int) -> int:
    """To an even number that reads well: 2, 4, 6, 8 or 10 with noughts."""
    step = 10 ** (len(str(value)) - 1)
    return next(step * it for it in (2, 4, 6, 8, 10, 20) if step * it >= value)


def hours_of(came: Came) -> list[dict[str, Any]]:
    """Rows of the table behind the chart: what had come in by each full hour, and what is usual. `count`: None of hours
    that have not begun."""
    rows, total = [], 0
    first, last = hours_shown(came)
    for slot, count in enumerate(came.slots):
        total += count
        if slot % HOUR == HOUR - 1 and first <= slot < last:
            band = came.band[slot] if came.band else None
            rows.append(
                {
                    "hour": f"{slot // 4 + 1}:00",
                    "count": total if (slot - 3) * SLOT_MINUTES < came.until else None,
                    "low": band and band[0],
                    "high": band and band[1],
                }
            )
    return rows
