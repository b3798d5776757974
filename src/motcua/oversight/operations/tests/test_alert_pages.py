"""Alerts at the desk: who sees and does what; from a raised one to its end."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motcua.casework.dossiers.services.handling import accept_dossier
from motcua.casework.dossiers.tests.factories import MORNING, handed_over, submitted, target
from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.oversight.indicators.tests.factories import make_stock
from motcua.oversight.operations import health
from motcua.oversight.operations.alerts import acts
from motcua.oversight.operations.alerts.errors import AlertMoved, AlertOver, RuleMoved
from motcua.oversight.operations.alerts.evaluating import watch
from motcua.oversight.operations.alerts.ruleset import rules_in_force
from motcua.oversight.operations.alerts.selectors import list_showing
from motcua.oversight.operations.likely_late import look_ahead
from motcua.oversight.operations.models import LikelyLate
from motcua.oversight.operations.tests.factories import make_alert, watched

pytestmark = pytest.mark.django_db
LIST, RULES, LATE = (reverse(f"operations:{it}") for it in ("alerts", "alert-rules", "likely-late"))


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def alert(world):
    return make_alert(world.desk.agency.path, at=MORNING - timedelta(minutes=70))


@pytest.fixture
def machine():
    return make_alert("/", at=MORNING, rule="dead_letters")


def page_of(alert):
    return reverse("operations:alert", args=[alert.id])


def act_of(alert, name):
    return reverse("operations:alert-act", args=[alert.id, name])


def test_who_sees_which_alert(world, browse, alert, machine):
    seen = {
        "leader": (world.desk.leader, 200, 200),
        "leader elsewhere": (world.other_desk.leader, 404, 200),
        "operator": (world.operator, 404, 200),
        "officer": (world.desk.reception, 403, 403),
        "officer elsewhere": (world.other_desk.specialist, 403, 403),
        "citizen": (world.mother, 403, 403),
        "stranger": (None, 302, 302),
    }
    for who, (actor, own, installation) in seen.items():
        browser = browse(actor)
        assert browser.get(page_of(alert)).status_code == own, who
        assert browser.get(page_of(machine)).status_code == installation, who
        if own == 404:
            assert str(alert.id) not in browser.get(LIST).content.decode()


def test_who_acts_on_which_alert(world, browse, alert, machine):
    for actor, theirs, foreign in (
        (world.desk.leader, alert, machine),
        (world.operator, machine, alert),
    ):
        browser = browse(actor)
        assert browser.post(act_of(foreign, "acknowledge"), {"version": 1}).status_code == 404
        assert browser.post(act_of(theirs, "acknowledge"), {"version": 1}).status_code == 302
    assert browse(world.other_desk.leader).post(act_of(alert, "resolve"), {"version": 2}).status_code == 404
    for actor in (world.desk.reception, world.mother):
        assert browse(actor).post(act_of(alert, "note"), {"words": "x"}).status_code == 403
    assert browse(world.desk.leader).get(act_of(alert, "acknowledge")).status_code == 405
    assert browse(world.desk.leader).post(act_of(alert, "erase")).status_code == 404


def test_from_a_raised_alert_to_its_end(world, browse):
    """A dossier waits too long; the leader finds it behind the alert, takes the alert on; accepted, it is over."""
    dossier = submitted(world.desk, world.mother)
    path = world.desk.agency.path
    with time_machine.travel(late := MORNING + timedelta(days=2), tick=False):
        leader = browse(world.desk.leader)
        [alert] = [it for it in watched(late) if it.rule == "unanswered"]
        [showing] = list_showing([path], at=late)
        assert world.desk.agency.name in showing.title and showing.owner == ""
        assert showing.url in leader.get(LIST).content.decode()
        page = leader.get(showing.url)
        assert reverse("desk:dossier", args=[dossier.pk]) in page.content.decode()
        leader.post(act_of(alert, "acknowledge"), {"version": page.context["row"].alert.version})
        assert list_showing([path], at=late)[0].owner
        accept_dossier(actor=world.desk.reception, target=target(dossier), at=late)
        assert watched(late + timedelta(minutes=1)) == []
        assert list_showing([path], at=late) == []
        history = leader.get(showing.url).context["history"]
        kinds = [it.kind for it in Entry.objects.filter(object_id=alert.pk).order_by("sequence")]
        assert kinds == ["alert.raised", "alert.acknowledged", "alert.cleared"]
        assert len(history[0]["entries"]) == 3
    with time_machine.travel(late + timedelta(minutes=2), tick=False):
        answer = leader.get(LIST)
        assert "Nothing is wrong" in answer.content.decode() or not answer.context["rows"]
        assert len(leader.get(LIST, {"show": "all"}).context["rows"]) == 1


def test_a_page_that_is_old_changes_nothing(world, alert):
    leader = world.desk.leader
    acts.acknowledge(actor=leader, seen=acts.Seen(alert.id, 1), at=MORNING)
    for act in (acts.resolve, acts.silence):
        more = {"until": MORNING + timedelta(hours=1)} if act is acts.silence else {}
        with pytest.raises(AlertMoved):
            act(actor=leader, seen=acts.Seen(alert.id, 1), reason="x", at=MORNING, **more)
    # Pressed twice, it is acknowledged once.
    acts.acknowledge(actor=leader, seen=acts.Seen(alert.id, 1), at=MORNING)
    assert Entry.objects.filter(kind="alert.acknowledged").count() == 1


def test_what_a_person_ended_is_raised_again_only_after_its_time(world, alert):
    rule = rules_in_force()["late"]
    resolved = acts.resolve(
        actor=world.desk.leader, seen=acts.Seen(alert.id, 1), reason="Đã xử lý", at=MORNING
    )
    assert resolved.ending == "person"
    assert resolved.held_until == MORNING + timedelta(days=1) - timedelta(
        minutes=480 - rule.bounds.repeat_minutes
    )
    with pytest.raises(AlertOver):
        acts.resolve(actor=world.desk.leader, seen=acts.Seen(alert.id, 2), reason="x", at=MORNING)
    assert Detail.objects.get(entry__kind="alert.resolved").values == {"words": "Đã xử lý"}
    make_stock(alert.scope, "running", MORNING.date() - timedelta(days=3), 5)
    assert watched(MORNING + timedelta(minutes=1)) == []
    [again] = watched(resolved.held_until)
    assert (again.rule, again.scope) == (alert.rule, alert.scope) and again.pk != alert.pk


def test_acts_without_their_reason_are_asked_for_it(world, browse, alert):
    leader = browse(world.desk.leader)
    for act in ("resolve", "silence", "note"):
        assert leader.post(act_of(alert, act), {"version": 1, "hours": 4}).status_code == 422, act
    nobody = {"version": 1, "to": str(uuid4()), "reason": "x"}
    assert leader.post(act_of(alert, "hand"), nobody).status_code == 422
    alert.refresh_from_db()
    assert alert.version == 1
    assert (
        leader.post(act_of(alert, "silence"), {"version": 1, "hours": 4, "reason": "Đang sửa"}).status_code
        == 302
    )
    alert.refresh_from_db()
    assert alert.silenced_until == MORNING + timedelta(hours=4)


def test_what_was_typed_stays_when_somebody_acted_meanwhile(world, browse, alert):
    leader = browse(world.desk.leader)
    acts.acknowledge(actor=world.desk.leader, seen=acts.Seen(alert.id, 1), at=MORNING)
    sent = {"version": 1, "hours": 4, "reason": "Đang sửa máy"}
    stale = leader.post(act_of(alert, "silence"), sent)
    assert stale.status_code == 422 and "Somebody else has acted" in stale.content.decode()
    form = stale.context["silence_form"]
    assert (form["reason"].value(), form["version"].value()) == ("Đang sửa máy", "2")
    assert (
        leader.post(act_of(alert, "silence"), sent | {"version": form["version"].value()}).status_code == 302
    )
    acts.resolve(actor=world.desk.leader, seen=acts.Seen(alert.id, 3), reason="Xong", at=MORNING)
    over = leader.post(act_of(alert, "resolve"), {"version": 3, "reason": "Xong"})
    assert over.status_code == 422 and "over already" in over.content.decode()


def test_the_watch_over_nothing_says_when_it_looked_and_that_it_is_late(world, browse):
    leader, path = browse(world.desk.leader), world.desk.agency.path
    assert leader.get(LIST).context["look"].is_late
    [itself] = list_showing([path], at=MORNING)
    assert (itself.severity, itself.url) == ("overdue", LIST)
    watch(at=MORNING)
    assert list_showing([path], at=MORNING) == []
    assert not leader.get(LIST).context["look"].is_late
    with time_machine.travel(MORNING + timedelta(minutes=10), tick=False):
        assert "callout--overdue" in leader.get(LIST).content.decode()


def test_rules_are_changed_by_administrators_and_what_was_before_is_kept(world, browse):
    url = reverse("operations:alert-rule", args=["late"])
    sent = {
        "version": 0,
        "is_enabled": "on",
        **rules_in_force()["late"].bounds.as_json(),
        "raise_at": 2,
        "clear_below": 2,
    }
    for actor in (world.desk.leader, world.operator):
        assert browse(actor).get(RULES).status_code == 200
        assert browse(actor).post(url, sent | {"reason": "x"}).status_code == 403
    administrator = browse(world.administrator)
    assert administrator.post(url, sent).status_code == 422
    assert administrator.post(url, sent | {"reason": "Ít hồ sơ", "clear_below": 9}).status_code == 422
    assert administrator.post(url, sent | {"reason": "Ít hồ sơ"}).status_code == 302
    rule = rules_in_force()["late"]
    assert (rule.version, rule.bounds.raise_at) == (1, 2)
    facts = Entry.objects.get(kind="alert.rule_changed").facts
    assert (facts["before"]["raise_at"], facts["after"]["raise_at"]) == (4, 2)
    with pytest.raises(RuleMoved):
        acts.change_rule(
            actor=world.administrator,
            new=acts.NewRule("late", 0, is_enabled=True, bounds=rule.bounds),
            reason="x",
            at=MORNING,
        )
    stale = administrator.post(url, sent | {"reason": "Nhiều hồ sơ", "raise_at": 7})
    assert stale.status_code == 422 and "Nhiều hồ sơ" in stale.content.decode()
    assert stale.context["form"]["version"].value() == "1"
    assert rules_in_force()["late"].bounds.raise_at == 2
    assert administrator.get(url).status_code == 200
    assert administrator.get(reverse("operations:alert-rule", args=["none"])).status_code == 404


def test_likely_late_is_shown_to_its_leaders_with_the_reason(world, browse):
    dossier = handed_over(world.desk, world.mother)
    look_ahead(at=dossier.due_at - timedelta(hours=1))
    here, elsewhere = browse(world.desk.leader), browse(world.other_desk.leader)
    url = reverse("desk:dossier", args=[dossier.pk])
    assert url in here.get(LATE).content.decode()
    assert url not in elsewhere.get(LATE).content.decode()
    assert url not in elsewhere.get(LATE, {"agency": world.desk.agency.path}).content.decode()
    assert browse(world.operator).get(LATE).status_code == 403
    assert here.get(url).status_code == 200


def test_an_alert_about_late_dossiers_leads_to_all_of_them(world, browse, alert):
    leader = browse(world.desk.leader)
    found = re.search(r'href="([^"]+stock=late)"', leader.get(page_of(alert)).content.decode())
    assert found and leader.get(found[1].replace("&amp;", "&")).status_code == 200


def test_an_alert_of_another_agency_is_not_found(world, alert):
    with pytest.raises(NotFound):
        acts.note(actor=world.other_desk.leader, alert_id=alert.id, words="x", at=MORNING)


def test_pages_and_the_wall_ask_as_much_for_25_as_for_5(world, browse):
    paths = [world.desk.agency.path, world.desk.leader.agency_path]
    browser, counts = browse(world.desk.leader), []
    dossiers = []
    for more in (5, 20):
        for number in range(more):
            over = {"state": "resolved", "resolved_at": MORNING, "ending": "ended"}
            make_alert(paths[0], at=MORNING - timedelta(hours=number), **over)
            dossiers.append(dossier := handed_over(world.desk, world.mother))
            LikelyLate.objects.create(
                dossier=dossier,
                agency_path=paths[0],
                due_at=dossier.due_at,
                step={"vi": "Thẩm tra"},
                lies_at=paths[0],
                since=MORNING,
                needed_minutes=2,
                left_minutes=1,
            )
        asked = []
        for url, query in ((LIST, {"show": "all"}), (LATE, {})):
            browser.get(url, query)
            with CaptureQueriesContext(connection) as captured:
                assert len(browser.get(url, query).context["rows"]) == len(dossiers)
            asked.append(len(captured))
        with CaptureQueriesContext(connection) as captured:
            list_showing(paths, at=MORNING)
        counts.append([*asked, len(captured)])
    assert counts[0] == counts[1]
    # Five of every officer's page and the menu's figure; list, rules, agencies, look, agencies to choose from, rules.
    assert counts[1][0] <= 6 + 6 and counts[1][1] <= 6 + 5 and counts[1][2] <= 5, counts


def test_open_alerts_come_by_pages_the_red_first(world, browse):
    path, leader = world.desk.agency.path, browse(world.desk.leader)
    codes = [it for it in rules_in_force() if it != "late"]
    made = {
        make_alert(
            scope,
            at=MORNING - timedelta(minutes=number % 7),
            rule=code,
            severity="overdue" if number % 3 else "look",
        ).pk
        for number, (scope, code) in enumerate(
            (s, c) for s in (path, f"{path}1/", f"{path}2/") for c in codes
        )
    }
    seen, url, pages = [], LIST, 0
    while url:
        with CaptureQueriesContext(connection) as captured:
            answer = leader.get(url)
        assert len(captured) <= 6 + 6, len(captured)
        assert f"{len(made)} alerts" in answer.content.decode()
        seen += [it["row"].alert for it in answer.context["rows"]]
        url, pages = answer.context["next"] and LIST + answer.context["next"], pages + 1
        assert len(answer.context["rows"]) <= 30
    assert len(seen) == len(made) == len({it.pk for it in seen}) and pages == -(-len(made) // 30) > 1
    order = [(it.severity == "look", it.since, it.pk) for it in seen]
    assert order == sorted(order)
    # What is no place begins at the beginning.
    assert len(leader.get(LIST, {"after": "overdue.x"}).context["rows"]) == 30


def test_health_names_everything_and_says_that_nobody_works(world):
    found = {it.name: it for it in health.observe(MORNING)}
    assert list(found) == ["sealing", "following", "working", "schedules", "sending", "watching"]
    assert (found["working"].state, found["watching"].state) == ("overdue", "overdue")
    watch(at=MORNING)
    assert {it.name: it.state for it in health.observe(MORNING)}["watching"] == "done"
