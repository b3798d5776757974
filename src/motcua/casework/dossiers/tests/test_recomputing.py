"""A changed calendar moves promised dates only after somebody saw from when to when, and confirmed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from motcua.casework.dossiers.errors import ActNotAllowed, NoReasonToRecompute, NotLookedAt
from motcua.casework.dossiers.lists import list_beside
from motcua.casework.dossiers.models import Dossier, RecomputedDossier
from motcua.casework.dossiers.services import handling, recomputing, supplements
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, target
from motcua.casework.dossiers.timing import list_recomputed
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency, AgencyCalendar

pytestmark = pytest.mark.django_db
ID = UUID(int=77)


@pytest.fixture(autouse=True)
def _three_days(monkeypatch):
    limit = parse_limit("3wd")
    monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)


@pytest.fixture
def dossier(world):
    """Accepted on Tuesday; then Thursday becomes a day off."""
    made = factories.handed_over(world.desk, world.mother)
    AgencyCalendar.objects.create(
        agency=world.desk.agency,
        base="default",
        hours={},
        closed=[{"date": "2026-03-12", "reason": "Lụt"}],
        saturday=[],
        valid_from=date(2026, 3, 10),
    )
    Agency.objects.filter(pk=world.desk.agency.pk).update(calendar_stamp=987_654_321)
    made.refresh_from_db()
    return made


def begun(world, *, who="leader", reason="Lụt, nghỉ ngày 12/3"):
    return recomputing.begin(
        actor=getattr(world.desk, who),
        recomputation_id=ID,
        agency_path=world.desk.agency.path,
        reason=reason,
        at=MORNING,
    )


def test_what_would_change_is_shown_and_nothing_is_changed(world, dossier):
    made = begun(world)
    with pytest.raises(NotLookedAt):
        recomputing.confirm(actor=world.desk.leader, recomputation_id=ID, at=MORNING)
    recomputing.look(ID, at=MORNING)
    recomputing.look(ID, at=MORNING)
    (item,) = list_recomputed(made, after="").rows
    assert (item.dossier_id, item.due_before) == (dossier.pk, dossier.due_at)
    # Friday's nine o'clock becomes Monday's.
    assert item.due_after == dossier.due_at + timedelta(days=3)
    assert Dossier.objects.get(pk=dossier.pk).due_at == dossier.due_at


def test_confirmed_it_is_done_dossier_by_dossier_and_journalled(world, dossier):
    begun(world)
    recomputing.look(ID, at=MORNING)
    recomputing.confirm(actor=world.desk.leader, recomputation_id=ID, at=MORNING)
    recomputing.run(ID, now=lambda: MORNING)
    recomputing.run(ID, now=lambda: MORNING)
    now = Dossier.objects.get(pk=dossier.pk)
    assert now.due_at == now.basis_at == dossier.due_at + timedelta(days=3)
    entry = Entry.objects.get(object_id=dossier.pk, kind="dossier.recomputed")
    assert entry.facts["before"] == dossier.due_at.isoformat()
    assert (entry.facts["recomputation"], entry.actor_kind) == (str(ID), "officer")


def test_what_moved_since_it_was_shown_is_left_alone_and_says_so(world, dossier):
    begun(world)
    recomputing.look(ID, at=MORNING)
    recomputing.confirm(actor=world.desk.leader, recomputation_id=ID, at=MORNING)
    handling.draft_result(
        actor=world.desk.specialist, target=target(dossier), checks=factories.CHECKS, at=MORNING
    )
    recomputing.run(ID, now=lambda: MORNING)
    item = RecomputedDossier.objects.get(dossier=dossier)
    assert (item.state, item.problem) == ("refused", "dossier_moved")
    assert Dossier.objects.get(pk=dossier.pk).due_at == dossier.due_at


def test_who_lost_the_right_meanwhile_changes_nothing(world, dossier):
    begun(world)
    recomputing.look(ID, at=MORNING)
    recomputing.confirm(actor=world.desk.leader, recomputation_id=ID, at=MORNING)
    Account.objects.filter(pk=world.desk.leader.account_id).update(is_active=False)
    recomputing.run(ID, now=lambda: MORNING)
    assert RecomputedDossier.objects.get(dossier=dossier).problem == "refused"


@pytest.mark.parametrize("who", ["reception", "specialist"])
def test_only_the_leader_asks_for_it(world, dossier, who):
    with pytest.raises(Refused):
        begun(world, who=who)


def test_it_is_nobody_elses(world, dossier):
    begun(world)
    with pytest.raises(NotFound):
        recomputing.get_recomputation(world.other_desk.leader, ID)


def test_it_needs_a_reason(world):
    with pytest.raises(NoReasonToRecompute):
        begun(world, reason="  ")


def test_one_dossier_is_counted_anew_and_only_when_something_changes(world, dossier):
    assert "recompute" in list_beside(world.desk.leader, dossier, at=MORNING)
    now = recomputing.recompute(actor=world.desk.leader, target=target(dossier), at=MORNING)
    assert "recompute" not in list_beside(world.desk.leader, now, at=MORNING)
    with pytest.raises(ActNotAllowed):
        recomputing.recompute(actor=world.desk.leader, target=target(dossier), at=MORNING)


def test_the_pages_lead_from_the_reason_to_the_confirmation(world, dossier, browse, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING)
    browser = browse(world.desk.leader)
    assert world.desk.agency.path in browser.get("/desk/deadlines/recompute/").content.decode()
    sent = {"id": str(ID), "agency": world.desk.agency.path, "reason": "Lụt"}
    page = browser.post("/desk/deadlines/recompute/", sent)["Location"]
    recomputing.look(ID, at=MORNING)
    shown = browser.get(page).content.decode()
    assert dossier.code in shown and "1 due date would change" in shown
    browser.post(f"{page}confirm/")
    recomputing.run(ID, now=lambda: MORNING)
    assert "1 of 1 due date is changed" in browser.get(page).content.decode()


def test_a_date_that_was_named_stays_named_when_its_day_is_off_now(world, dossier):
    # Named before Thursday of the week after became a day off.
    named = MORNING + timedelta(days=9)
    clock = [{"kind": "extended", "at": MORNING.isoformat(), "until": named.isoformat()}]
    Dossier.objects.filter(pk=dossier.pk).update(clock=clock, due_at=named)
    AgencyCalendar.objects.update(
        closed=[{"date": "2026-03-12", "reason": "Lụt"}, {"date": "2026-03-19", "reason": "Lụt"}]
    )
    Agency.objects.filter(pk=world.desk.agency.pk).update(calendar_stamp=987_654_322)
    now = recomputing.recompute(actor=world.desk.leader, target=target(dossier), at=MORNING)
    assert (now.due_at, now.basis_at) == (named + timedelta(days=1), dossier.basis_at + timedelta(days=3))
    supplements.request_supplement(
        actor=world.desk.specialist,
        target=target(dossier),
        items=[Item("Giấy xác nhận")],
        reason="Thiếu",
        at=MORNING + timedelta(hours=1),
    )
    assert Dossier.objects.get(pk=dossier.pk).status == 5
