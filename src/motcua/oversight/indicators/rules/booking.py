"""What following a dossier changes in the tallies. Pure.

Added up by the agency that decides alone; `spread` gives the rows of all scopes. What is taken away and added again is
nothing, so a dossier that is read anew changes only what is new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.rules.counts import NOTHING, Share, scopes_above, share_of
from motcua.oversight.indicators.rules.following import Facts

# By key, which begins with the path of an agency; after `spread` with a scope and whether it is what is below it.
Changes = dict[tuple[Any, ...], int]


def _changes() -> Changes:
    return defaultdict(int)


@dataclass(slots=True)
class Books:
    """Changes by table. days: (path, day, known on, channel, count); months: (path, first day, procedure, channel,
    count); stock: (path, state, due on); flows: (path, day, state, due on); arrivals: (path, day, quarter of an hour);
    durations: (path, procedure, first day of the month, hours)."""

    days: Changes = field(default_factory=_changes)
    months: Changes = field(default_factory=_changes)
    stock: Changes = field(default_factory=_changes)
    flows: Changes = field(default_factory=_changes)
    arrivals: Changes = field(default_factory=_changes)
    durations: Changes = field(default_factory=_changes)

    def move(self, before: Standing, after: Standing, sign: int = 1) -> None:
        """From one standing of a dossier to the next; `sign` -1: as if that had never been."""
        if before.whose == after.whose and before.share == after.share:
            return
        self._add(before, after, -sign)
        self._add(after, after, sign)

    def _add(self, it: Standing, then: Standing, sign: int) -> None:
        (path, procedure, channel), share = it.whose, it.share
        for (on, count), value in share.flows.items():
            self.days[path, on, then.known_on, channel, count] += sign * value
            self.months[path, on.replace(day=1), procedure, channel, count] += sign * value
        if share.stock:
            self.stock[path, share.stock, share.due_on] += sign
            self.flows[path, then.moved_on, share.stock, share.due_on] += sign
        if share.arrived_at:
            came = local(share.arrived_at)
            self.arrivals[path, came.date(), slot_of(came)] += sign
        if share.worked:
            on, hours = share.worked
            self.durations[path, procedure, on.replace(day=1), hours] += sign


@dataclass(frozen=True, slots=True)
class Standing:
    """What a dossier adds, and where: (path, procedure, channel); the days on which that was told and came about."""

    whose: tuple[str, str, int] = ("", "", 0)
    share: Share = NOTHING
    known_on: date | None = None
    moved_on: date | None = None


def standing_of(facts: Facts) -> Standing:
    whose = (facts.agency, facts.procedure, facts.channel)
    return Standing(whose, share_of(facts), facts.known_on, facts.moved_on)


def slot_of(moment: datetime) -> int:
    """The quarter of an hour of a local moment."""
    return moment.hour * 4 + moment.minute // 15


def spread(changes: Mapping[tuple[Any, ...], int]) -> Changes:
    """(scope, whether of what is below it, rest of the key) -> change: of each agency itself and of all above it."""
    found = _changes()
    for (path, *rest), change in changes.items():
        if change:
            found[path, False, *rest] += change
            for scope in scopes_above(path):
                found[scope, True, *rest] += change
    return {key: change for key, change in found.items() if change}
