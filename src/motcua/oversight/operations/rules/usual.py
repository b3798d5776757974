"""What a usual day is: how many have come in by a time of day, on like days. Pure; whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate

# Like days are looked for this far back; fewer than the second tell nothing.
WEEKS, FEWEST = 12, 8
LOW, HIGH = 10, 90
SLOT_MINUTES = 15
Range = tuple[int, int]
# By quarter of an hour: between what had come in by its end.
Band = tuple[Range, ...]


def like_days(day: date, is_working: Callable[[date], bool]) -> list[date]:
    """The same weekday of the weeks before, latest first, without days off; none when the day itself is off."""
    if not is_working(day):
        return []
    return [it for back in range(1, WEEKS + 1) if is_working(it := day - timedelta(weeks=back))]


def known_days(counts: Mapping[date, Sequence[int]]) -> dict[date, Sequence[int]]:
    """Without the days before the first on which anything came in: of those nothing is known."""
    begun = [day for day, slots in counts.items() if any(slots)]
    return {day: slots for day, slots in counts.items() if begun and day >= min(begun)}


def band_of(counts: Mapping[date, Sequence[int]]) -> Band:
    """From like days' arrivals by slot: 10th to 90th percentile of the running sums; () for too few days."""
    days = known_days(counts)
    if len(days) < FEWEST:
        return ()
    sums = zip(*(accumulate(slots) for slots in days.values()), strict=True)
    return tuple((percentile(values, LOW), percentile(values, HIGH)) for values in sums)


def percentile(values: Sequence[int], percent: int) -> int:
    """The nearest rank: the smallest value that at least so many per cent do not exceed. At least one value."""
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(rank, 1) - 1]


def usual_at(band: Band, minutes: int) -> Range | None:
    """So many minutes after midnight: in proportion within the slot; None without a band."""
    if not band:
        return None
    slot, past = divmod(min(minutes, len(band) * SLOT_MINUTES), SLOT_MINUTES)
    before = band[slot - 1] if slot else (0, 0)
    after = band[slot] if slot < len(band) else before
    low, high = (
        (a * (SLOT_MINUTES - past) + b * past) // SLOT_MINUTES for a, b in zip(before, after, strict=True)
    )
    return low, high


def stands(count: int, usual: Range | None) -> str:
    """ "below", "usual" or "above"; "" where the usual is not known."""
    if usual is None:
        return ""
    return "below" if count < usual[0] else "above" if count > usual[1] else "usual"
