"""The watch: what it raises, ends and tells, and that it does so once."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction

from motcua.casework.appointments.models import Ticket
from motcua.casework.appointments.selectors import list_lines
from motcua.casework.appointments.tests.factories import hall, took
from motcua.casework.dossiers.tests.factories import MORNING, awaiting_signature, handed_over, submitted
from motcua.foundation.journal.models import Entry
from motcua.foundation.notifications.models import Message
from motcua.foundation.worktime.calendars import VIETNAM
from motcua.oversight.indicators.models import Arrivals
from motcua.oversight.indicators.tests.factories import make_stock
from motcua.oversight.operations.alerts import acts, evaluating, observing
from motcua.oversight.operations.alerts.selectors import last_look, list_showing
from motcua.oversight.operations.likely_late import look_ahead
from motcua.oversight.operations.models import Alert, Escalation, LikelyLate, Watch
from motcua.oversight.operations.tests.factories import make_alert, watched

pytestmark = pytest.mark.django_db
YESTERDAY, MINUTE = MORNING.date() - timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def path(world):
    return world.desk.agency.path


def late(path, count):
    make_stock(path, "running", YESTERDAY, count)


def test_a_number_over_its_bound_raises_one_alert_and_again_the_same_one(path):
    late(path, 5)
    [alert] = watched(MORNING)
    assert (alert.rule, alert.scope, alert.severity, alert.figures) == (
        "late",
        path,
        "look",
        {"value": 5, "days": 1},
    )
    [same] = watched(MORNING + MINUTE)
    assert (same.pk, same.seen_at, same.since) == (alert.pk, MORNING + MINUTE, MORNING)
    assert Entry.objects.filter(kind="alert.raised").count() == 1


def test_it_turns_red_and_stays_red_until_it_ends(path):
    late(path, 8)
    [alert] = watched(MORNING)
    assert alert.severity == "overdue"


def test_it_ends_by_itself_under_the_lower_bound_only(world, path):
    late(path, 5)
    watched(MORNING)
    stock = lambda count: observing.StockNow.objects.update(count=count)  # noqa: E731
    stock(3)
    assert len(watched(MORNING + MINUTE)) == 1
    stock(2)
    assert watched(MORNING + 2 * MINUTE) == []
    [over] = Alert.objects.all()
    assert (over.state, over.ending, over.resolved_at) == ("resolved", "ended", MORNING + 2 * MINUTE)
    assert Entry.objects.filter(kind="alert.cleared", object_id=over.pk).count() == 1


def test_a_clock_that_jumps_back_changes_nothing(path):
    late(path, 5)
    watched(MORNING)
    assert evaluating.watch(at=MORNING - timedelta(hours=1)) == {"raised": 0, "cleared": 0, "escalated": 0}
    assert evaluating.watch(at=MORNING) == {"raised": 0, "cleared": 0, "escalated": 0}
    assert Watch.objects.get(pk="alerts").looked_at == MORNING


def test_killed_half_way_it_has_done_nothing(world, path):
    late(path, 5)
    make_alert(path, at=MORNING - timedelta(days=1), rule="signing", escalates_at=MORNING)
    with (
        mock.patch.object(evaluating, "_escalate", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        evaluating.watch(at=MORNING)
    assert (
        not Alert.objects.filter(rule="late").exists()
        and not Entry.objects.filter(kind="alert.raised").exists()
    )
    assert evaluating.watch(at=MORNING)["raised"] == 1


def test_a_measure_that_cannot_be_read_leaves_the_others_and_is_said(path, caplog):
    late(path, 5)
    waiting = make_alert(path, at=MORNING - MINUTE, rule="unanswered")

    def broken(*_):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    with mock.patch.dict(observing.OBSERVERS, {"unanswered": broken}):
        found = watched(MORNING, failed=("unanswered",))
    assert {it.rule for it in found} == {"late", "unanswered"}
    assert "alert_measure_failed" in caplog.text
    waiting.refresh_from_db()
    assert waiting.is_open


def test_the_database_keeps_one_open_alert_of_a_rule_and_a_scope(path):
    make_alert(path, at=MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_alert(path, at=MORNING)


def test_a_watch_that_is_late_says_so(path):
    assert last_look(at=MORNING).is_late
    watched(MORNING)
    assert not last_look(at=MORNING + 2 * MINUTE).is_late
    assert last_look(at=MORNING + 4 * MINUTE).is_late


def test_nobody_acknowledges_so_level_after_level_is_told_once_in_working_time(world, path):
    """Raised on a Friday at 16:00 with 120 working minutes: told on Monday at 8:30 (30 minutes on Friday were left
    until 16:30 or an hour until 17:00, as the calendar says)."""
    friday = datetime(2026, 3, 13, 16, 0, tzinfo=VIETNAM)
    late(path, 5)
    [alert] = watched(friday)
    assert alert.escalates_at.astimezone(VIETNAM).date() == datetime(2026, 3, 16, tzinfo=VIETNAM).date()
    watched(friday + timedelta(days=2))
    assert not Message.objects.filter(purpose="alert_escalated").exists()
    for _ in range(2):
        watched(alert.escalates_at)
        watched(alert.escalates_at + MINUTE)
    [first] = Escalation.objects.filter(alert=alert)
    assert (first.level, first.scope, first.told) == (1, path, 1)
    told = Message.objects.filter(purpose="alert_escalated")
    assert set(told.values_list("recipient_id", flat=True)) == {world.desk.leader.person}
    assert "5" in told.first().body and world.desk.agency.name in told.first().body
    later = alert.escalates_at + timedelta(days=30)
    watched(later)
    watched(later + timedelta(days=30))
    alert.refresh_from_db()
    assert alert.escalates_at is None
    levels = list(Escalation.objects.filter(alert=alert).values_list("level", flat=True))
    assert len(levels) == len(set(levels))


def test_acknowledged_or_silenced_nobody_is_told(world, path):
    late(path, 5)
    [alert] = watched(MORNING)
    acts.acknowledge(actor=world.desk.leader, seen=acts.Seen(alert.pk, 1), at=MORNING)
    watched(MORNING + timedelta(days=5))
    quiet = make_alert(
        world.other_desk.agency.path,
        at=MORNING,
        rule="signing",
        escalates_at=MORNING,
        silenced_until=MORNING + timedelta(days=6),
    )
    with mock.patch.dict(observing.OBSERVERS, {"signing": lambda *_: [observing.observed(quiet.scope, 500)]}):
        watched(MORNING + timedelta(days=5, minutes=1))
        assert not Message.objects.filter(purpose="alert_escalated").exists()
        assert list_showing([quiet.scope], at=MORNING + timedelta(days=5)) == []
        watched(MORNING + timedelta(days=6, minutes=1))
    assert Message.objects.filter(purpose="alert_escalated").count() == 1


def test_online_dossiers_without_an_answer_raise_one(world, path):
    submitted(world.desk, world.mother)
    rules = lambda at: [it.rule for it in watched(at)]  # noqa: E731
    assert "unanswered" not in rules(MORNING + timedelta(hours=6))
    assert "unanswered" in rules(MORNING + timedelta(days=3))
    alert = Alert.objects.get(rule="unanswered")
    assert alert.scope == path and alert.figures["value"] == 1


def test_what_waits_and_nobody_accepts_or_signs_is_a_silence(world, path):
    for _ in range(3):
        submitted(world.desk, world.mother)
    for _ in range(3):
        awaiting_signature(world.other_desk, world.mother)
    found = {it.rule: it for it in watched(MORNING + timedelta(days=3))}
    assert found["accepting"].figures["waiting"] == 3
    assert found["signing"].scope == world.other_desk.agency.path
    assert found["signing"].figures["value"] == 3 * 8 * 60


def test_arrivals_far_outside_the_usual_and_none_at_all(world, path):
    noon = MORNING.replace(hour=11)
    for day in observing.Round(noon).like_days:
        Arrivals.objects.create(scope=path, is_below=False, day=day, slot=34, count=40)
    Arrivals.objects.create(scope=path, is_below=False, day=noon.date(), slot=34, count=100)
    found = {it.rule: it for it in watched(noon)}
    assert found["arrivals"].figures == {"value": 150, "today": 100, "low": 40, "high": 40}
    silent = {it.rule: it for it in watched(noon + timedelta(days=2))}
    assert silent["arriving"].figures["usual"] == 40
    assert silent["arrivals"].figures["today"] == 0


def test_what_is_likely_late_is_computed_with_its_reason_and_goes_again(world, path):
    dossier = handed_over(world.desk, world.mother)
    assert look_ahead(at=MORNING) == 0
    # An hour before it is due, with steps for more than that ahead.
    near = dossier.due_at - timedelta(hours=1)
    assert look_ahead(at=near) == 1
    row = LikelyLate.objects.get()
    assert (row.dossier_id, row.agency_path, row.officer_id) == (dossier.pk, path, None)
    assert row.left_minutes == 60 < row.needed_minutes
    assert look_ahead(at=near) == 1
    assert look_ahead(at=dossier.due_at + MINUTE) == 0
    assert not LikelyLate.objects.exists()


def test_a_rule_that_is_switched_off_ends_its_alerts(world, path):
    late(path, 5)
    watched(MORNING)
    rule = evaluating.rules_in_force()["late"]
    new = acts.NewRule("late", 0, is_enabled=False, bounds=rule.bounds)
    acts.change_rule(actor=world.administrator, new=new, reason="Thử", at=MORNING)
    assert watched(MORNING + MINUTE) == []
    assert Alert.objects.get().ending == "rule"


def test_an_alert_of_a_rule_that_the_pack_has_no_longer_is_ended(path):
    alert = make_alert(path, at=MORNING - MINUTE, rule="of_old_times")
    assert evaluating.watch(at=MORNING)["cleared"] == 1
    alert.refresh_from_db()
    assert (alert.state, alert.ending) == ("resolved", "rule")


def test_of_an_agency_that_has_just_begun_nothing_is_unusual(world, path):
    noon = MORNING.replace(hour=11)
    yesterday, before = observing.Round(noon).like_days[:2]
    for day, count in ((before, 30), (yesterday, 40), (noon.date(), 100)):
        Arrivals.objects.create(scope=path, is_below=False, day=day, slot=34, count=count)
    assert "arrivals" not in {it.rule for it in watched(noon)}
    # On the third day after its first something is usual.
    later = noon + timedelta(days=1)
    Arrivals.objects.create(scope=path, is_below=False, day=later.date(), slot=34, count=300)
    assert "arrivals" in {it.rule for it in watched(later)}


def test_who_waits_longest_counts_in_working_time_and_from_the_appointment(world, path):
    queue = hall(world.desk)
    early, booked = took(queue, at=MORNING), took(queue, at=MORNING)
    Ticket.objects.filter(pk=early.pk).update(expected_at=MORNING + timedelta(hours=1))
    Ticket.objects.filter(pk=booked.pk).update(expected_at=MORNING + timedelta(hours=4))
    assert list_lines(path, at=MORNING + timedelta(minutes=59)) == []
    waits = lambda at: {it.rule: it for it in watched(at)}.get("queue_wait")  # noqa: E731
    assert waits(MORNING + timedelta(hours=1, minutes=44)) is None
    raised = waits(MORNING + timedelta(hours=1, minutes=45))
    assert (raised.scope, raised.figures) == (path, {"value": 45, "waiting": 1})


def test_when_the_hall_has_closed_nobody_begins_to_wait(world, path):
    took(hall(world.desk), at=MORNING.replace(hour=16, minute=40))
    assert "queue_wait" not in {it.rule for it in watched(MORNING.replace(hour=21))}
