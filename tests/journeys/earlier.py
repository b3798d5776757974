"""What happened days ago, told to a running installation: `motcua shell -c "from tests.journeys.earlier import …"`."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from uuid import UUID

from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.rules.extension import last_day_to_extend, new_due
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.config.demo.story import COMMUNE
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.foundation.worktime.moments import local
from motcua.registry.access.models import Account
from motcua.registry.organisations.selectors import get_calendar, identify_officer
from motcua.registry.people.selectors import identify_citizen
from tests.running import Running

LIMIT = "15d"  # of the permit for a house
LONGER = timedelta(days=10)


def handed_over_late(running: Running, draft: str) -> tuple[str, date]:
    """Submit that draft of a house's permit, accept it and hand it over so long ago that an apology is still in time
    and the work is not. Returns the dossier's id and a working day well after its due day."""
    told = running.run("shell", "-c", f"from tests.journeys.earlier import tell_late; tell_late('{draft}')")
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout.splitlines()[-1])
    return found["dossier"], date.fromisoformat(found["later"])


def tell_late(draft_id: str) -> None:
    """Inside the installation: what `handed_over_late` says, printed as a line of JSON."""
    calendar, now = get_calendar(), datetime.now().astimezone()
    begun = _begun(calendar, now)
    citizen = identify_citizen(Draft.objects.get(pk=draft_id).applicant.account)
    reception = identify_officer(Account.objects.get(username=f"demo.reception.{COMMUNE}"))
    assert citizen and reception
    submit_dossier(actor=citizen.actor, draft_id=UUID(draft_id), at=begun)
    for act in (handling.accept_dossier, handling.hand_over_dossier):
        target = Target(UUID(draft_id), Dossier.objects.get(pk=draft_id).revision)
        act(actor=reception.actor, target=target, at=begun)
    dossier = Dossier.objects.get(pk=draft_id)
    assert dossier.due_at
    later = local(dossier.due_at).date() + LONGER
    while not new_due(dossier.due_at, later, calendar):
        later += timedelta(days=1)
    print(json.dumps({"dossier": draft_id, "later": later.isoformat()}))


def _begun(calendar: Calendar, now: datetime) -> datetime:
    """The longest ago that leaves tomorrow, or the next working day, for the apology."""
    days = [now - timedelta(days=number) for number in range(30, 0, -1)]
    limit, today = parse_limit(LIMIT), local(now).date()
    return next(at for at in days if last_day_to_extend(due(at, limit, calendar).at, calendar) > today)
