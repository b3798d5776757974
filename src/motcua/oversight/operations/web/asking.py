"""Which agency and moment a page is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.worktime.moments import local
from motcua.oversight.operations.policies import watched_paths
from motcua.oversight.operations.rules.replaying import SLOTS, Past, clock_of
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_agency_of_path, list_current_agencies

# No journal begins before; the first days of a calendar have none before them to be held against.
FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """`past`: None is now."""

    agency: Agency
    past: Past | None = None

    @property
    def query(self) -> str:
        """The address's part that asks for the same again."""
        return self.query_at(self.past.slot if self.past else None)

    def query_at(self, slot: int | None) -> str:
        said = {"agency": self.agency.path}
        if self.past and slot is not None:
            said |= {"day": self.past.day.isoformat(), "at": clock_of(slot)}
        return urlencode(said)


def read_asked(actor: Actor, sent: Mapping[str, str], *, now: datetime) -> Asked:
    """Without a choice the officer's own agency, else the first they may see. Raises NotFound for one they may not see
    and for what is no moment."""
    paths = watched_paths(actor)
    return Asked(_agency(paths, actor, str(sent.get("agency", ""))), _past(sent, local(now).date()))


def _agency(paths: tuple[str, ...], actor: Actor, wanted: str) -> Agency:
    is_own = any(actor.agency_path.startswith(path) for path in paths) if actor.agency_path else False
    if wanted or is_own:
        return get_agency_of_path(paths, (wanted or actor.agency_path)[:300])
    first = next(iter(list_current_agencies(paths)), None)
    if first is None:
        raise NotFound
    return get_agency_of_path(paths, first.path)


def _past(sent: Mapping[str, str], today: date) -> Past | None:
    """Today's page is the live one, whatever hour was asked for."""
    if not sent.get("day"):
        return None
    try:
        day = date.fromisoformat(str(sent["day"]))
        # No hour is the day's end, which is no time of a clock.
        clock = time.fromisoformat(at) if (at := str(sent.get("at", ""))) not in {"", "24:00"} else None
    except ValueError:
        raise NotFound from None
    if not FIRST_DAY <= day <= today:
        raise NotFound
    slot = SLOTS if clock is None else clock.hour * 4 + clock.minute // 15
    return None if day == today else Past(day, slot)
