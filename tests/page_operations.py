"""The operations centre of a leader: live, of a past day, and of the province."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from motcua.casework.appointments.tests.factories import hall, took
from motcua.casework.dossiers.tests.factories import MORNING, World
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.models import Arrivals
from motcua.oversight.indicators.tests.factories import make_day_tally


def operations_pages(world: World) -> list[tuple[str, str, dict[str, str]]]:
    """(name, address, query): with a line of people, a usual day and answers."""
    follow_once()
    path, day = world.desk.agency.path, MORNING.date()
    took(hall(world.desk), at=MORNING)
    make_day_tally(path, day, rated=3, very_satisfied=2, dissatisfied=1)
    for week in range(1, 13):
        back = day - timedelta(weeks=week)
        Arrivals.objects.create(scope=path, is_below=False, day=back, slot=34, count=week)
    past = {"day": f"{MORNING - timedelta(days=1):%Y-%m-%d}", "at": "10:30"}
    pages = [(reverse("operations:wall"), "wall"), (reverse("operations:desk"), "operations")]
    return [
        found
        for url, name in pages
        for found in ((f"leader {name}", url, {}), (f"leader {name} of a past day", url, past))
    ]
