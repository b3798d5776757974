"""Made-up officers for the communes of the demonstration's province that have none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

from django.utils import timezone

from motcua.config.demo.world import OFFICERS
from motcua.config.simulation.people import make_family
from motcua.registry.organisations.models import Agency, valid_on
from motcua.registry.organisations.selectors import list_agencies_with_desk
from motcua.registry.organisations.services import enter_officer

# Reception, three who examine, the chair; without signing keys.
_STAFF = OFFICERS[:5]


def open_desks(*, at: datetime) -> int:
    """Give every commune a one-stop desk with officers; how many had none. The same names each time."""
    today = timezone.localdate(at)
    open_already = {agency.pk for agency in list_agencies_with_desk(at=today)}
    communes = Agency.objects.filter(valid_on(today), level="commune").exclude(pk__in=open_already)
    opened = 0
    for agency in communes.order_by("place_code"):
        random = Random(agency.place_code)  # noqa: S311  nothing here is secret
        for number, officer in enumerate(_STAFF):
            name = make_family(random, number, before=today).mother.full_name
            username = f"demo.{officer.username}.{agency.place_code}"
            enter_officer(
                agency=agency, new=replace(officer, username=username, full_name=name, signing_key=""), at=at
            )
        opened += 1
    return opened
