"""An agency's own working time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.errors import WrongHours
from motcua.registry.organisations.models import Agency, AgencyCalendar
from motcua.registry.organisations.rules.calendars import own_calendar, parse_sessions
from motcua.registry.organisations.selectors.calendars import get_calendar

from ._acts import Target, changing, check_valid, tell


@dataclass(frozen=True, slots=True)
class OwnTime:
    """Working time as `AgencyCalendar` keeps it."""

    base: str = "default"
    hours: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    closed: Sequence[Mapping[str, str]] = ()
    saturday: Sequence[Sequence[str]] = ()


def set_calendar(*, actor: Actor, target: Target, own: OwnTime | None, on: date, at: datetime) -> None:
    """Give an agency and those below without one their own working time from a day on; None: as its superior again.

    What was planned for later days is replaced. Due dates that were promised stay. Raises WrongHours, AgencyEnded.
    """
    with changing(actor, target) as agency:
        check_valid(agency, on)
        if own:
            _check(own)
        AgencyCalendar.objects.filter(agency=agency, valid_from__gte=on).delete()
        AgencyCalendar.objects.filter(agency=agency, valid_to=None).update(valid_to=on)
        AgencyCalendar.objects.filter(agency=agency, valid_to__gt=on).update(valid_to=on)
        if own:
            AgencyCalendar.objects.create(
                agency=agency,
                base=own.base,
                hours={day: [list(pair) for pair in pairs] for day, pairs in own.hours.items()},
                closed=[dict(row) for row in own.closed],
                saturday=[list(pair) for pair in own.saturday],
                valid_from=on,
            )
        below = Agency.objects.filter(path__startswith=agency.path)
        below.update(calendar_stamp=secrets.randbits(62) + 1)
        base = own.base if own else ""
        tell(actor, "agency.calendar_set", agency.id, at, code=agency.code, base=base, on=on)


def _check(own: OwnTime) -> None:
    try:
        base = get_calendar(own.base)
        own_calendar(base, hours=own.hours, closed=own.closed)
        if own.saturday:
            own_calendar(base, hours={"5": own.saturday}, closed=())
        parse_sessions(own.saturday)
    except (ValueError, KeyError, TypeError, OSError) as problem:
        raise WrongHours from problem
