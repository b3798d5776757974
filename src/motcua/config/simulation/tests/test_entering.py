"""Simulated dossiers in the database look as if the single acts had been done."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier, Draft, OfficialDocument, Opinion, SupplementRequest
from motcua.casework.dossiers.rules.classes import Class, class_of
from motcua.casework.dossiers.rules.promises import due_steps
from motcua.casework.dossiers.rules.states import ACTS, Status
from motcua.casework.dossiers.services.clock import limit_of
from motcua.casework.dossiers.services.papers import render_form
from motcua.casework.dossiers.services.receipts import Reception, receipt_content
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.dossiers.services.submission import build_dossier
from motcua.casework.dossiers.tests.factories import OPENED
from motcua.casework.process.models import Instance, Task, Timer, Token
from motcua.casework.process.rules import engine
from motcua.casework.process.services import Move
from motcua.casework.process.services.building import apply, begun, facts_of
from motcua.config.demo.world import build_world
from motcua.config.simulation.applications import ALLOWANCE, PERMIT
from motcua.config.simulation.entering import NoDesk, Plan, simulate
from motcua.config.simulation.ways import HOUSE, POSTED, STATES, UNPOSTED, WORKS, acts_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once, verify_journal
from motcua.foundation.kernel.text import fold
from motcua.foundation.worktime.deadlines import due, due_moment, hand_over_by
from motcua.foundation.worktime.limits import ANSWER_ONLINE
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.selectors import get_calendar, get_officer, get_reception_unit

AT, UNTIL, COUNT = datetime(2026, 3, 12, 1, tzinfo=UTC), date(2026, 3, 12), 200


def kinds_of(acts: tuple[str, ...]) -> tuple[str, ...]:
    fired = {"fire@posted": "dossier.timer_fired"}
    found = (fired.get(act) or ACTS[act.partition("@")[0]].entry for act in acts)
    return ("dossier.submitted", *found)


# What says where a token is and came from.
PLACED = (
    *("number", "kind", "step", "arrived", "cause", "opened_at", "completed_at", "completed_by", "outcome"),
    *("lane", "role", "act", "unit_id", "agency_path", "is_elsewhere"),
)
PLAIN_COURSES = {kinds_of(acts) for acts in STATES.values()}
WAITING = {Status.SUPPLEMENT_REQUESTED, Status.FINANCIAL_OBLIGATION}
WITHOUT_A_RESULT = {Status.REFUSED, Status.WITHDRAWN, Status.STOPPED}
COURSES = PLAIN_COURSES | {
    kinds_of(acts_of(state, way, turn))
    for state in STATES
    for way in (HOUSE, WORKS, POSTED, UNPOSTED)
    for turn in range(5)
}


@pytest.fixture
def world(db, settings):
    settings.DEMO = True
    # As early as for all other tests: keys made here serve them, too.
    build_world(at=OPENED)


@pytest.fixture
def dossiers(world) -> list[Dossier]:
    simulate(Plan(COUNT, seed=1, until=UNTIL), at=AT)
    return list(
        Dossier.objects.select_related("applicant", "agency", "version").order_by("submitted_at", "id")
    )


def entries(dossier: Dossier) -> list[Entry]:
    return list(Entry.objects.filter(object_id=dossier.id).order_by("sequence"))


def test_the_journal_has_every_act_in_order_and_says_that_it_is_simulated(dossiers):
    courses = set()
    for dossier in dossiers:
        found = entries(dossier)
        courses.add(tuple(entry.kind for entry in found))
        assert all(entry.facts["simulated"] for entry in found)
        assert found[-1].facts["status"] == dossier.status
        moments = [entry.at for entry in found]
        assert moments == sorted(moments)
        assert moments[0] == dossier.submitted_at
    assert PLAIN_COURSES <= courses <= COURSES


def test_what_was_entered_can_be_sealed_and_verified(dossiers):
    while follow_once():
        pass
    report = verify_journal()
    assert report.fault_count == 0
    assert report.entries > COUNT * 5


def test_each_task_stands_where_the_journal_ends(dossiers):
    for dossier in dossiers:
        if dossier.procedure_code in {PERMIT, ALLOWANCE}:
            continue
        open_task = Task.objects.filter(subject=dossier.id, completed_at=None).first()
        instance = Instance.objects.get(subject=dossier.id)
        *_, latest = entries(dossier)
        if dossier.status in {Status.RETURNED, *WITHOUT_A_RESULT}:
            assert open_task is None
            assert instance.ended_at == latest.at
            continue
        last = latest.facts
        assert open_task.step == last.get("next_step", last.get("step", instance.definition.content["start"]))
        assert (open_task.paused_at is not None) == (dossier.status in WAITING)


def test_rows_are_those_that_a_single_submission_would_make(dossiers):
    for dossier in dossiers:
        draft = Draft(applicant=dossier.applicant, owner_person=dossier.applicant, version=dossier.version)
        draft.answers = dossier.answers
        made = build_dossier(draft, dossier.agency, dossier.answers, dossier.submitted_at)
        for name in ("case", "applicant_facts", "procedure_code", "agency_path", "channel", "owner_facts"):
            assert getattr(dossier, name) == getattr(made, name)
        if dossier.status == Status.SUBMITTED:
            assert (dossier.answer_by, dossier.answered_at) == (
                due_moment(dossier.submitted_at, ANSWER_ONLINE, get_calendar()),
                None,
            )
        is_withdrawn = dossier.status == Status.WITHDRAWN and not dossier.accepted_at
        assert bool(dossier.answered_at) == (dossier.status != Status.SUBMITTED and not is_withdrawn)
        words = set(made.search_text.split()) - set(fold(made.reference).split())
        assert words <= set(dossier.search_text.split())


def test_due_dates_are_those_of_the_limit_with_their_arithmetic(dossiers):
    plain = [dossier for dossier in dossiers if dossier.accepted_at and not dossier.clock]
    for dossier in plain:
        promise = due(dossier.accepted_at, limit_of(dossier), get_calendar())
        assert (dossier.due_at, dossier.due_steps) == (promise.at, due_steps(promise))
    assert len(plain) > COUNT // 2
    late = [it for it in dossiers if it.due_at and (it.finished_at or AT) > it.due_at]
    assert late


def test_the_clock_of_a_supplemented_dossier_counts_anew(dossiers):
    kinds = {len(it.clock): it for it in dossiers if it.accepted_at}
    assert set(kinds) == {0, 1, 2, 4}
    supplemented = kinds[2]
    assert [event["kind"] for event in supplemented.clock] == ["stopped", "restarted"]
    assert supplemented.due_at > datetime.fromisoformat(supplemented.clock[-1]["at"])
    assert SupplementRequest.objects.get(dossier=supplemented).papers.count() == 1


def test_every_status_and_every_class_is_there(dossiers):
    assert {dossier.status for dossier in dossiers} == set(Status)
    assert {class_of(dossier, AT) for dossier in dossiers} == set(Class)


def test_who_got_no_result_knows_why_and_nothing_of_it_is_open(dossiers):
    for dossier in dossiers:
        if dossier.status not in WITHOUT_A_RESULT:
            continue
        ending = dossier.endings.get()
        entry = entries(dossier)[-1]
        assert entry.facts["ending_id"] == str(ending.id)
        assert (ending.made_at, ending.stops_clock) == (entry.at, bool(dossier.accepted_at))
        assert (ending.document is None) == (dossier.status == Status.WITHDRAWN and not dossier.accepted_at)
        assert Token.objects.filter(pk__in=ending.tokens, completed_at=ending.made_at).count() == 1
        assert dossier.stopped_at == (ending.made_at if dossier.accepted_at else None)


def test_a_second_request_says_what_arose_since_the_first(dossiers):
    again = SupplementRequest.objects.exclude(arose="").first()
    assert again.document.edition == 2
    assert again.arose in again.document.content["reason"]
    assert again.asked_at < again.warn_at < again.due_at


def test_an_extended_dossier_keeps_its_first_date_for_statistics(dossiers):
    apology = OfficialDocument.objects.filter(kind="apology").select_related("dossier").first()
    dossier = apology.dossier
    assert dossier.basis_at < dossier.due_at
    assert (apology.content["promised_at"], apology.content["new_due_at"]) == tuple(
        timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") for at in (dossier.basis_at, dossier.due_at)
    )


@pytest.mark.parametrize("kind", ["refusal", "stopping", "payment", "apology"])
def test_papers_of_the_law_can_be_printed(dossiers, kind):
    document = OfficialDocument.objects.filter(kind=kind).first()
    assert render_form(document.id).file.size_bytes > 1000


def test_receipts_say_what_a_single_acceptance_would_print(dossiers):
    for receipt in OfficialDocument.objects.filter(kind="receipt").select_related("dossier__version"):
        dossier = receipt.dossier
        papers = [paper.name for paper in dossier.components.filter(supplement=None)]
        clerk = get_officer(receipt.made_by).full_name
        reception = Reception(get_reception_unit(dossier.agency), 1, receipt.made_by, clerk, papers)
        again = receipt_content(dossier, reception, receipt.number, receipt.made_at)
        # A later supplement moves the promise, not the receipt.
        assert {**again, "due_at": ""} == {**receipt.content, "due_at": ""}


def test_codes_run_per_agency_and_day_without_a_gap_also_when_more_follow(dossiers):
    simulate(Plan(COUNT, seed=2, until=UNTIL), at=AT)
    codes = Dossier.objects.exclude(code=None).values_list("code", flat=True)
    days = Counter(code.rsplit("-", 1)[0] for code in codes)
    for prefix, count in days.items():
        assert {f"{prefix}-{number:04d}" for number in range(1, count + 1)} <= set(codes)


def test_the_same_seed_gives_the_same_people_and_moments(world):
    def course() -> list[tuple[str, datetime]]:
        names = Dossier.objects.order_by("applicant__personal_number").values_list(
            "applicant__full_name", "submitted_at", "accepted_at", "finished_at", "returned_at"
        )
        return list(names)

    found = []
    for _ in range(2):
        with transaction.atomic():
            simulate(Plan(20, seed=5, until=UNTIL), at=AT)
            found.append(course())
            transaction.set_rollback(True)
    assert found[0] == found[1]


def test_pages_of_simulated_dossiers_open(dossiers, client):
    desk, citizen = client, Account.objects.create(kind="citizen")
    for dossier in {(it.procedure_code, it.case, it.status): it for it in dossiers}.values():
        username = f"demo.reception.{dossier.agency.place_code}"
        desk.force_login(Account.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
        assert desk.get(reverse("desk:dossier", args=[dossier.id])).status_code == 200
        type(dossier.applicant).objects.filter(account=citizen).update(account=None)
        type(dossier.applicant).objects.filter(pk=dossier.applicant_id).update(account=citizen)
        desk.force_login(citizen, "django.contrib.auth.backends.ModelBackend")
        assert desk.get(reverse("dossiers:dossier", args=[dossier.id])).status_code == 200


def test_a_process_stands_where_the_same_acts_one_by_one_would_have_left_it(dossiers):
    """The tokens of every dossier are those that the engine makes of its completed tasks, one after the other."""
    seen = set()
    for dossier in dossiers:
        instance = Instance.objects.get(subject=dossier.id)
        tokens = list(Token.objects.filter(instance=instance).order_by("number"))
        again = Instance(definition=instance.definition, subject=dossier.id, started_at=instance.started_at)
        setting = replace(setting_of(dossier, dossier.submitted_at), latest=None)
        again.agency_path = setting.agency_path
        standing, moved = begun(again, setting)
        made = list(moved.opened)
        for number in order_of(tokens):
            token = next(it for it in tokens if it.number == number)
            left = next(it for it in standing.tokens if it.number == number)
            move = Move(token.outcome, token.completed_by, token.completed_at)
            facts = facts_of(standing, setting)
            step = engine.leave(standing.definition, standing.marking, number, token.outcome, facts)
            made += apply(standing, step, left, move, setting).opened
        if dossier.status in WITHOUT_A_RESULT:
            again.ended_at = entries(dossier)[-1].at
            for now in made:
                now.completed_at = now.completed_at or again.ended_at
        for was, now in zip(tokens, made, strict=True):
            for name in PLACED:
                assert getattr(was, name) == getattr(now, name), (dossier.procedure_code, name)
            if was.counted_from is None and was.kind == "task" and not dossier.clock:
                assert was.due_at == task_due(dossier, was, now.due_at)
        for name in ("next_number", "outcomes", "public_step", "ended_at"):
            assert getattr(instance, name) == getattr(again, name)
        seen.add(dossier.procedure_code)
    assert len(seen) == 5


def task_due(dossier: Dossier, task: Token, by_limit: datetime) -> datetime:
    """Of a dossier whose clock never stopped: once accepted the desk hands over at once, and nothing is due after the
    whole, until that is done."""
    is_desk = task.act == "accept" and task.cause is None
    if not dossier.accepted_at or not (is_desk or task.opened_at >= dossier.accepted_at):
        return by_limit
    if dossier.finished_at and task.opened_at >= dossier.finished_at:
        return by_limit
    handed = hand_over_by(dossier.accepted_at, get_calendar()) if is_desk else by_limit
    return min(handed, dossier.due_at)


def order_of(tokens: list[Token]) -> list[int]:
    ended = [it for it in tokens if it.outcome or (it.kind == "timer" and it.completed_at)]
    return [it.number for it in sorted(ended, key=lambda it: it.completed_at)]


def test_permits_ask_other_agencies_whose_officers_answer_and_allowances_are_posted(dossiers):
    asked = Token.objects.filter(subject__in=[it.id for it in dossiers], is_elsewhere=True)
    assert asked.exists()
    for token in asked.exclude(completed_by=None):
        assert Officer.objects.get(pk=token.completed_by).account.username.endswith(".H44")
        opinion = Opinion.objects.get(task_id=token.id)
        assert (opinion.answered_by, opinion.agency_path) == (token.completed_by, token.agency_path)
    fired = Timer.objects.filter(token__step="posted", fired_at__isnull=False)
    assert fired.exists()
    assert all(timer.fired_at > timer.due_at for timer in fired)
    waiting = Timer.objects.filter(fired_at=None).select_related("token")
    assert not any(timer.token.completed_at for timer in waiting)


def test_every_task_was_done_by_an_officer_of_its_unit(dossiers):
    done = Task.objects.filter(subject__in=[it.id for it in dossiers], completed_by__isnull=False)
    for task in done:
        actor = identify(Officer.objects.get(pk=task.completed_by).account).actor
        assert actor.holds(task.role, task.agency_path)
        assert task.unit_id in {None, actor.unit_id}


def test_the_receipt_is_made_when_it_is_asked_for(dossiers, client):
    receipt = OfficialDocument.objects.filter(kind="receipt").select_related("dossier__agency").first()
    officer = Account.objects.get(username=f"demo.reception.{receipt.dossier.agency.place_code}")
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("desk:document", args=[receipt.dossier_id, receipt.id]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_who_waits_for_a_signature_has_a_draft_to_be_signed(dossiers, client):
    task = Task.objects.filter(step="signing", completed_at=None).first()
    dossier = next(it for it in dossiers if it.id == task.subject)
    chair = Account.objects.get(username=f"demo.chair.{dossier.agency.place_code}")
    client.force_login(chair, "django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("desk:signing"), {"dossier": str(dossier.id)})
    assert answer.context["draft"].dossier_id == dossier.id


def test_refuses_outside_a_demonstration_and_unknown_agencies(world, settings):
    with pytest.raises(NoDesk):
        simulate(Plan(1, seed=1, until=UNTIL, agency="H99.1"), at=AT)
    settings.DEMO = False
    with pytest.raises(CommandError, match="test-installation"):
        call_command("simulate", dossiers=1)
    assert not Dossier.objects.exists()


def test_json_is_one_line_with_counts_and_rate(world):
    said = StringIO()
    call_command("simulate", dossiers=30, seed=3, until=UNTIL, json=True, stdout=said)
    facts = json.loads(said.getvalue())
    assert sum(facts["by_status"].values()) == facts["dossiers"] == 30
    assert facts["rate"] > 0
    assert said.getvalue().count("\n") == 1
