"""An apology in time moves the date once; a late one is refused with the law's reason."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    DossierMoved,
    ExtendedBefore,
    NewDateWrong,
    NoReasonToExtend,
    TooLateToExtend,
)
from motcua.casework.dossiers.lists import list_beside
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import Class
from motcua.casework.dossiers.rules.extension import last_day_to_extend, may_still_extend, new_due
from motcua.casework.dossiers.services import extending
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.clock import begin_clock
from motcua.casework.dossiers.services.extending import Extension
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import HANOI, MORNING, snapshot, target
from motcua.casework.dossiers.timing import count_classes
from motcua.casework.process.models import Token
from motcua.casework.process.selectors import find_standing
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import Refused
from motcua.foundation.worktime.events import Event, Kind
from motcua.foundation.worktime.history import Counting, history
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.selectors import get_calendar

CALENDAR = get_calendar()
# Due on Friday 13 March 2026 at 09:00.
NEW = Extension(date(2026, 3, 18), "Chờ ý kiến của Sở Xây dựng.")


def long_one(world, *, limit: str = "3wd", handed: bool = True) -> Dossier:
    """A dossier whose limit leaves room for an apology: three working days."""
    make = factories.handed_over if handed else factories.accepted
    dossier = make(world.desk, world.mother)
    changes = begin_clock(dossier, Counting(parse_limit(limit), CALENDAR), at=MORNING)
    Dossier.objects.filter(pk=dossier.pk).update(**changes)
    dossier.refresh_from_db()
    return dossier


@pytest.fixture(autouse=True)
def _three_days(monkeypatch):
    """The procedure of the tests is due the same day: nobody could apologise in time."""
    limit = parse_limit("3wd")
    monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)


def extend(world, dossier, *, who="leader", extension=NEW, at=MORNING + timedelta(days=1)):
    actor = getattr(world.desk, who)
    return extending.extend(actor=actor, target=target(dossier), extension=extension, at=at)


@pytest.mark.django_db
class TestExtending:
    def test_the_applicants_date_moves_and_the_original_counts(self, world):
        dossier = long_one(world)
        before = dossier.due_at
        extend(world, dossier)
        dossier.refresh_from_db()
        assert (dossier.due_at, dossier.basis_at) == (before + timedelta(days=5), before)
        assert dossier.due_steps[-1]["code"] == "extended"
        late = count_classes(Q(pk=dossier.pk), at=before + timedelta(hours=1))
        assert late[Class.OVERDUE] == 1

    def test_the_applicant_gets_form_04_and_a_message(self, world):
        dossier = long_one(world)
        slip = extend(world, dossier)
        assert (slip.number, slip.content["reason"]) == ("1/PXL-TTPVHCC", NEW.reason)
        assert (
            slip.content["promised_at"] == "2026-03-13T09:00"
            and slip.content["new_due_at"] == "2026-03-18T09:00"
        )
        assert slip.content["signer"]["name"]
        assert file_of(slip).media_type == "application/pdf"
        entry = Entry.objects.get(object_id=dossier.pk, kind="dossier.extended")
        assert (entry.facts["due_at"][:10], entry.facts["before"][:10]) == ("2026-03-18", "2026-03-13")
        assert entry.detail.values == {"reason": NEW.reason}

    @pytest.mark.parametrize(
        ("at", "days"),
        [(MORNING + timedelta(days=2, hours=7), None), (MORNING + timedelta(days=3), "12.March")],
    )
    def test_the_last_chance_is_the_working_day_before(self, world, at, days):
        dossier = long_one(world)
        if days is None:
            extend(world, dossier, at=at)
            return
        with pytest.raises(TooLateToExtend, match=days):
            extend(world, dossier, at=at)

    def test_what_is_due_the_same_day_can_never_be_moved(self, world):
        dossier = long_one(world, limit="sameday")
        with pytest.raises(TooLateToExtend, match="late"):
            extend(world, dossier, at=MORNING)

    def test_the_date_is_moved_only_once(self, world):
        dossier = long_one(world)
        extend(world, dossier)
        before = snapshot(dossier)
        with pytest.raises(ExtendedBefore):
            extend(world, dossier, extension=Extension(date(2026, 3, 20), "Nữa"))
        assert snapshot(dossier) == before

    @pytest.mark.parametrize(
        "day", [date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 1), date(2226, 3, 18)]
    )
    def test_the_new_day_is_a_later_working_day(self, world, day):
        dossier = long_one(world)
        with pytest.raises(NewDateWrong):
            extend(world, dossier, extension=Extension(day, "Lý do"))

    def test_the_open_step_has_the_time_that_the_new_date_gives(self, world):
        dossier = long_one(world)
        (task,) = find_standing(dossier.id).tasks
        due_soon = MORNING + timedelta(days=2)
        Token.objects.filter(pk=task.pk).update(due_at=due_soon)
        extend(world, dossier)
        (after,) = find_standing(dossier.id).tasks
        # Thursday morning, and from Friday to Wednesday three working days more.
        assert after.due_at == due_soon + timedelta(days=5)
        dossier.refresh_from_db()
        assert after.due_at < dossier.due_at

    def test_a_step_due_with_the_whole_is_due_with_it_again(self, world):
        dossier = long_one(world)
        Token.objects.filter(subject=dossier.id, completed_at=None).update(due_at=dossier.due_at)
        extend(world, dossier)
        dossier.refresh_from_db()
        assert [it.due_at for it in find_standing(dossier.id).tasks] == [dossier.due_at]

    def test_a_step_that_was_overdue_stays_so(self, world):
        dossier = long_one(world)
        overdue = MORNING + timedelta(hours=2)
        Token.objects.filter(subject=dossier.id, completed_at=None).update(due_at=overdue)
        extend(world, dossier)
        assert [it.due_at for it in find_standing(dossier.id).tasks] == [overdue]

    def test_it_needs_a_reason(self, world):
        with pytest.raises(NoReasonToExtend):
            extend(world, long_one(world), extension=Extension(NEW.on, "  \x00 "))

    @pytest.mark.parametrize("who", ["reception", "specialist"])
    def test_only_the_leader_apologises(self, world, who):
        with pytest.raises(Refused):
            extend(world, long_one(world), who=who)

    def test_not_before_acceptance_nor_after_the_end(self, world):
        submitted = factories.submitted(world.desk, world.mother)
        with pytest.raises(ActNotAllowed):
            extend(world, submitted)

    def test_what_can_be_done_names_it_until_it_is_done(self, world):
        dossier = long_one(world)
        assert list_beside(world.desk.leader, dossier, at=MORNING) == ["stop", "extend"]
        assert list_beside(world.desk.specialist, dossier, at=MORNING) == []
        extend(world, dossier)
        dossier.refresh_from_db()
        assert list_beside(world.desk.leader, dossier, at=MORNING) == ["stop"]

    def test_an_old_page_is_told_so(self, world):
        dossier = long_one(world)
        with pytest.raises(DossierMoved):
            extending.extend(actor=world.desk.leader, target=Target(dossier.id, 1), extension=NEW, at=MORNING)


@pytest.mark.django_db
class TestPage:
    def test_it_is_looked_at_before_it_is_sent(self, world, browse, monkeypatch):
        dossier = long_one(world)
        monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING + timedelta(days=1))
        page, sent = f"/desk/dossiers/{dossier.id}/extend/", {"on": "2026-03-18", "reason": "Chờ ý kiến"}
        browser = browse(world.desk.leader)
        assert page in browser.get(f"/desk/dossiers/{dossier.id}/").content.decode()
        shown = browser.post(page, sent | {"revision": dossier.revision}).content.decode()
        assert (
            "New date" in shown
            and "2026-03-18" in shown
            and not Entry.objects.filter(kind="dossier.extended").exists()
        )
        done = browser.post(page, sent | {"revision": dossier.revision, "confirm": "1"})
        assert done.status_code == 302
        assert Entry.objects.filter(object_id=dossier.pk, kind="dossier.extended").count() == 1
        own = browse(world.mother).get(f"/dossiers/{dossier.id}/").content.decode()
        assert "named a new date" in own

    def test_the_page_says_why_it_is_too_late_instead_of_asking(self, world, browse, monkeypatch):
        dossier = long_one(world)
        browser, page = browse(world.desk.leader), f"/desk/dossiers/{dossier.id}/extend/"
        monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING + timedelta(days=1))
        assert 'name="reason"' in browser.get(page).content.decode()
        monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING + timedelta(days=3))
        shown = browser.get(page).content.decode()
        assert 'name="reason"' not in shown and "callout--warning" in shown

    def test_who_writes_it_again_finds_what_was_written(self, world, browse, monkeypatch):
        dossier = long_one(world)
        monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING + timedelta(days=1))
        sent = {"on": "2026-03-18", "reason": "Chờ ý kiến", "revision": dossier.revision, "again": "1"}
        back = browse(world.desk.leader).post(f"/desk/dossiers/{dossier.id}/extend/", sent).content.decode()
        assert "<textarea" in back and "Chờ ý kiến" in back and 'name="confirm"' not in back

    def test_what_was_typed_stays_when_it_is_refused(self, world, browse, monkeypatch):
        dossier = long_one(world)
        monkeypatch.setattr("django.utils.timezone.now", lambda: MORNING + timedelta(days=1))
        sent = {"on": "2026-03-14", "reason": "Chờ ý kiến", "revision": dossier.revision}
        answer = browse(world.desk.leader).post(f"/desk/dossiers/{dossier.id}/extend/", sent)
        assert answer.status_code == 422 and "Chờ ý kiến" in answer.content.decode()


WORKING = st.integers(0, 60 * 24 * 270).map(
    lambda it: datetime(2026, 1, 5, tzinfo=HANOI) + timedelta(minutes=it)
)


@given(WORKING, st.integers(-40, 40))
def test_the_rule_never_allows_what_the_clock_refuses(received, days):
    counting = Counting(parse_limit("5wd"), CALENDAR)
    due_at = history(received, counting, at=received).due_at
    at = received + timedelta(days=3)
    until = new_due(due_at, due_at.date() + timedelta(days=days), CALENDAR)
    if until and may_still_extend(due_at, CALENDAR, at=at):
        moved = history(received, counting, [Event(Kind.EXTENDED, at, until)], at=at)
        assert (moved.due_at, moved.basis_at) == (until, due_at)
    assert until is None or (until > due_at and days > 0)


@given(WORKING)
def test_a_whole_working_day_lies_between_the_last_chance_and_the_due_day(due_at):
    last = last_day_to_extend(due_at, CALENDAR)
    assert CALENDAR.is_working(last) and last < due_at.date()
    assert may_still_extend(due_at, CALENDAR, at=datetime.combine(last, time(23), HANOI))
    assert not may_still_extend(
        due_at, CALENDAR, at=datetime.combine(last + timedelta(days=1), time(0), HANOI)
    )
