"""`motcua indicators freeze --days` and `verify-days`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.foundation.kernel.actors import SYSTEM
from motcua.oversight.indicators.freezing import days_behind, freeze_days, verify_days
from motcua.oversight.indicators.publishing import publish_frozen

# Of a line; of what --json prints.
Say = Callable[[str], object]
Print = Callable[[dict[str, Any]], None]


def add_freezing(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--days", action="store_true", help="freeze the days that are over, and write the public figures"
    )
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="2026-09-30; yesterday if left out"
    )


def run_freezing(until: date | None, say: Say, as_json: Print | None) -> int:
    """Exit status: 0 done up to the day that was asked for, 1 days are still behind."""
    now = timezone.now()
    last = until or timezone.localdate(now)
    days = freeze_days(
        actor=SYSTEM, until=last, at=now, progress=None if as_json else lambda it: say(it.isoformat())
    )
    months, behind = publish_frozen(at=now, is_again=True), days_behind(at=now, until=last)
    if as_json:
        as_json(
            {
                "days": [it.isoformat() for it in days],
                "months": [f"{it:%Y-%m}" for it in months],
                "behind": behind,
            }
        )
    else:
        numbers = {"days": len(days), "months": len(months), "behind": behind}
        say(
            _("%(days)d days frozen, %(months)d months published, %(behind)d days still to be frozen.")
            % numbers
        )
    return 1 if behind else 0


def run_verifying(say: Say, as_json: Print | None) -> int:
    """Exit status: 0 all as they were frozen, 1 not."""
    count, faults = verify_days()
    if as_json:
        as_json({"days": count, "faults": [{"day": it.day.isoformat(), "what": it.what} for it in faults]})
    else:
        for it in faults:
            say(f"{it.day.isoformat()}: {it.what}")
        say(
            _("%(days)d frozen days, %(faults)d not as they were frozen.")
            % {"days": count, "faults": len(faults)}
        )
    return 1 if faults else 0
