"""State x act x person through the services: who may do what where, with which code everybody else is refused, and
that what is done leaves the status, paper, clock and entry that the state table says.

What is allowed is written down by hand in `test_states`; what the services ask for beside it, in BESIDE. Nothing here
asks the state table who may do something, only what a done act should have left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.db import transaction

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import HANDLE
from motcua.casework.dossiers.rules.states import ACTS, Clock, Status
from motcua.casework.dossiers.services import (
    correcting,
    deciding,
    ending,
    extending,
    handling,
    opinions,
    recomputing,
    refusing,
    supplements,
    tasking,
    transferring,
    waiting,
)
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import CHECKS, MORNING, World, filled_in, picture, target
from motcua.casework.dossiers.tests.process_factories import LANES, run_by, step
from motcua.casework.dossiers.tests.test_states import TABLE, WITHOUT_A_TASK
from motcua.casework.process.selectors import find_standing
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.tests.client_factories import registered

pytestmark = pytest.mark.django_db
CLOCK = "motcua.casework.dossiers.services.clock.limit_of"
SPECIAL_LAW = "motcua.casework.dossiers.services.ending.suspension_law"
# All but the one that makes a dossier.
AT_DOSSIERS = {code: act for code, act in ACTS.items() if act.sources}
OPINION = {
    "code": "1.001193",
    "start": "reception",
    "lanes": LANES,
    "steps": [
        step("reception", "reception", "accept", ("accept", "asking"), lane="desk"),
        step("asking", "specialist", "give-opinion", ("given", "draft"), ("back", "reception")),
        step("draft", "specialist", "complete-task", ("submit", "signing"), ("close", "end")),
        step("signing", "leader", "sign", ("sign", "returning"), ("back", "draft")),
        step("returning", "reception", "return-result", ("returned", "end")),
    ],
}


@dataclass(frozen=True)
class Stage:
    """`kind`: of the step whose task is open to be done; None: none is."""

    status: Status
    kind: str | None
    make: Callable[[World], Dossier]


def _by(dossier: Dossier, actor: Actor) -> dict[str, Any]:
    return {"actor": actor, "target": target(dossier), "at": MORNING}


def _refused(world: World) -> Dossier:
    dossier = factories.submitted(world.desk, world.mother)
    ending.refuse_dossier(why=ending.Why("other", "x"), **_by(dossier, world.desk.reception))
    return dossier


def _opinion(world: World, *, more: bool = False) -> Dossier:
    """At a step that asks for an opinion; `more`: past it, at one that may be completed without a signature."""
    dossier = submit_dossier(actor=world.mother, draft_id=filled_in(world.desk, world.mother).id, at=MORNING)
    run_by(dossier, OPINION)
    handling.accept_dossier(**_by(dossier, world.desk.reception))
    handling.hand_over_dossier(**_by(dossier, world.desk.reception))
    if more:
        opinions.give_opinion(
            answer=opinions.Answer("Đồng ý", outcome="given"), **_by(dossier, world.desk.specialist)
        )
    return dossier


def _claimed(world: World) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    tasking.claim(**_by(dossier, world.desk.specialist))
    return dossier


def _asked(world: World) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    item = supplements.Item("Giấy xác nhận")
    supplements.request_supplement(items=[item], reason="Thiếu", **_by(dossier, world.desk.specialist))
    supplements.add_paper(
        actor=world.mother, dossier_id=dossier.id, item=0, upload=picture(shade=3), at=MORNING
    )
    return dossier


def _to_pay(world: World) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    demand = waiting.Demand("Lệ phí", 1_000)
    waiting.request_payment(demand=demand, **_by(dossier, world.desk.specialist))
    return dossier


def _withdrawn(world: World) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    ending.withdraw_dossier(reason="Đơn", **_by(dossier, world.desk.reception))
    return dossier


def _stopped(world: World) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    ending.stop_dossier(why=ending.Why("other", "x"), **_by(dossier, world.desk.leader))
    return dossier


def _suspended(world: World) -> Dossier:
    dossier = factories.handed_over(world.desk, world.mother)
    ending.suspend_dossier(reason="x", **_by(dossier, world.desk.leader))
    return dossier


def _plain(name: str) -> Callable[[World], Dossier]:
    return lambda world: getattr(factories, name)(world.desk, world.mother)


S = Status
STAGES = {
    "submitted": Stage(S.SUBMITTED, "accept", _plain("submitted")),
    "accepted": Stage(S.ACCEPTED, "accept", _plain("accepted")),
    "refused": Stage(S.REFUSED, None, _refused),
    "handed over": Stage(S.IN_PROCESS, "complete-task", _plain("handed_over")),
    "claimed": Stage(S.IN_PROCESS, "complete-task", _claimed),
    "drafted": Stage(S.IN_PROCESS, "complete-task", _plain("drafted")),
    "opinion": Stage(S.IN_PROCESS, "give-opinion", _opinion),
    "beyond": Stage(S.IN_PROCESS, "complete-task", lambda world: _opinion(world, more=True)),
    "signing": Stage(S.IN_PROCESS, "sign", _plain("awaiting_signature")),
    "asked": Stage(S.SUPPLEMENT_REQUESTED, None, _asked),
    "to pay": Stage(S.FINANCIAL_OBLIGATION, None, _to_pay),
    "withdrawn": Stage(S.WITHDRAWN, None, _withdrawn),
    "stopped": Stage(S.STOPPED, None, _stopped),
    "suspended": Stage(S.STOPPED, None, _suspended),
    "signed": Stage(S.FINISHED, "return-result", _plain("signed")),
    "returned": Stage(S.RETURNED, None, _plain("returned")),
}
RIGHTS = {"reception": {"reception"}, "specialist": {"specialist"}, "leader": {"leader"}}
# The right of an act where no task is open that it fits; of the others whoever handles the dossier is told the rule.
OWN_RIGHT = {
    "accept": "reception", "hand-over": "reception", "refuse": "reception", "return-result": "reception",
    "sign": "leader", "name-signer": "leader", "assign": "leader",
} | {code: right for code, (_statuses, right, _to) in WITHOUT_A_TASK.items() if right}  # fmt: skip
# The dossier is none of theirs, or they work at none.
BLIND = ("neighbour", "elsewhere", "auditor", "administrator", "client without scope", "client elsewhere")
PEOPLE = (*RIGHTS, "mother", *BLIND, "client")
HERE = "act_not_allowed"
# What a service asks for beside the state table: (stage, act) -> code of everybody who would be allowed otherwise.
BESIDE = {
    ("handed over", "submit-for-signature"): "old_preview",
    ("claimed", "submit-for-signature"): "old_preview",
    ("beyond", "submit-for-signature"): "old_preview",
    # The only ways on lead to a signature.
    ("handed over", "complete-task"): HERE,
    ("claimed", "complete-task"): HERE,
    ("drafted", "complete-task"): HERE,
    # `back` leads nowhere from there.
    ("beyond", "return-task"): HERE,
    # The draft names the leader already.
    ("signing", "name-signer"): HERE,
    # Nobody has taken it.
    **{(stage, "hand-back"): HERE for stage in STAGES if stage != "claimed"},
    # By the calendar nothing changes: `test_recomputing` has one that does.
    **{(stage, "recompute"): HERE for stage in STAGES},
    ("suspended", "recall-stop"): HERE,
    ("stopped", "resume"): HERE,
}
# Whose own last act it was.
RECALLED_BY = {
    "handed over": "reception", "opinion": "reception", "signing": "specialist",
}  # fmt: skip


def expected(name: str, person: str, act: str) -> str:
    """The code of the refusal; "" where it is done."""
    stage = STAGES[name]
    if person in BLIND:
        return "not_found"
    if person == "mother":
        return _expected_of_applicant(stage, act)
    if act == "supplement":
        return "refused"
    if person == "client":
        if act not in {"hand-over", "return-result"}:
            return "refused"
        fits = any(row[:3] == (stage.status, stage.kind, act) for row in TABLE)
        return "" if fits else HERE
    if act == "recall":
        allowed = stage.status in WITHOUT_A_TASK[act][0]
        return HERE if not allowed else "" if RECALLED_BY.get(name) == person else "cannot_recall"
    return _expected_of_officer(name, stage, person, act)


def _expected_of_applicant(stage: Stage, act: str) -> str:
    if act not in {"supplement", "withdraw"}:
        return "refused"
    return "" if stage.status in WITHOUT_A_TASK[act][0] else HERE


def _expected_of_officer(name: str, stage: Stage, person: str, act: str) -> str:
    rights = RIGHTS[person]
    asked = {row[3] for row in TABLE if row[:3] == (stage.status, stage.kind, act)}
    if act in WITHOUT_A_TASK:
        statuses, right, _to = WITHOUT_A_TASK[act]
        asked = {right} if stage.status in statuses else set()
    if (name, act) in {("handed over", "complete-task"), ("claimed", "complete-task"), ("drafted", "complete-task"),
                       ("beyond", "return-task")}:  # fmt: skip
        asked = set()
    if not asked:
        own = OWN_RIGHT.get(act)
        return "refused" if own and own not in rights else HERE
    return BESIDE.get((name, act), "") if asked & rights else "refused"


@pytest.fixture
def people(world: World) -> dict[str, Actor]:
    """Everybody who tries. A program has its scopes as grants."""

    def client(scope: str, path: str) -> Actor:
        return Actor(
            kind="client",
            account_id=made.id,
            agency_id=world.desk.agency.id,
            agency_path=world.desk.agency.path,
            grants=((scope, path),),
        )

    made, _secret = registered(world.administrator, world.desk.agency, at=MORNING)
    here, there = world.desk.agency.path, world.other_desk.agency.path
    desk = world.desk
    return {
        "reception": desk.reception,
        "specialist": desk.specialist,
        "leader": desk.leader,
        "mother": world.mother,
        "neighbour": world.neighbour,
        "elsewhere": world.other_desk.leader,
        "auditor": world.auditor,
        "administrator": world.administrator,
        "client": client(HANDLE, here),
        "client without scope": client("dossiers:read", here),
        "client elsewhere": client(HANDLE, there),
    }


@dataclass(frozen=True)
class Scene:
    """A dossier at its stage, as pages and acts see it; every try is taken back, so that it stays true."""

    world: World
    dossier: Dossier
    page: Target
    checks: tuple[str, ...]
    seen: str
    doer: Actor
    entries: int
    papers: Counter[str]

    @classmethod
    def of(cls, world: World, stage: Stage) -> Scene:
        dossier = stage.make(world)
        page, standing, draft = target(dossier), find_standing(dossier.id), find_draft(dossier)
        checks = standing.step(standing.tasks[0]).checks if standing and standing.tasks else CHECKS
        role = {"accept": "reception", "return-result": "reception", "sign": "leader"}
        return cls(
            world,
            Dossier.objects.get(pk=dossier.pk),
            page,
            tuple(str(it) for it in range(len(checks))),
            draft.stored.sha256 if draft else "0" * 64,
            getattr(world.desk, role.get(stage.kind or "", "specialist")),
            Entry.objects.filter(object_id=dossier.pk).count(),
            Counter(dossier.documents.values_list("kind", flat=True)),
        )


def call(act: str, actor: Actor, scene: Scene) -> object:
    """The act by its service, with what it takes."""
    world, page, dossier = scene.world, scene.page, scene.dossier
    by: dict[str, Any] = {"actor": actor, "target": page, "at": MORNING}
    calls: dict[str, Callable[[], object]] = {
        "accept": lambda: handling.accept_dossier(**by),
        "hand-over": lambda: handling.hand_over_dossier(**by),
        "draft-result": lambda: handling.draft_result(checks=scene.checks, **by),
        "submit-for-signature": lambda: tasking.submit_for_signature(**by),
        "complete-task": lambda: tasking.complete_task(done=tasking.Done(), **by),
        "name-signer": lambda: handling.name_signer(**by),
        "sign": lambda: handling.sign_result(seen_sha256=scene.seen, **by),
        "return-task": lambda: tasking.return_task(reason="Sai tên đệm", **by),
        "return-result": lambda: handling.return_result(**by),
        "claim": lambda: tasking.claim(**by),
        "assign": lambda: tasking.assign(officer_id=scene.doer.person, **by),
        "hand-back": lambda: tasking.hand_back(**by),
        "recall": lambda: tasking.recall(**by),
        "request-opinion": lambda: opinions.request_opinion(
            question=opinions.Question("?", world.other_desk.agency.id, "2wd"), **by
        ),
        "give-opinion": lambda: opinions.give_opinion(answer=opinions.Answer("Đồng ý"), **by),
        "request-supplement": lambda: supplements.request_supplement(
            items=[supplements.Item("Giấy")], reason="Thiếu", **by
        ),
        "supplement": lambda: supplements.supplement(
            actor=actor, dossier_id=dossier.id, revision=page.revision, answers={}, at=MORNING
        ),
        "refuse": lambda: ending.refuse_dossier(why=ending.Why("other", "x"), **by),
        "withdraw": lambda: deciding.withdraw(reason="Đơn", **by),
        "stop": lambda: ending.stop_dossier(why=ending.Why("other", "x"), **by),
        "recall-stop": lambda: ending.recall_stop(**by),
        "suspend": lambda: ending.suspend_dossier(reason="x", **by),
        "resume": lambda: ending.resume_dossier(**by),
        "draft-refusal": lambda: refusing.draft_refusal(refusal=refusing.Refusal("x", "y"), **by),
        "request-payment": lambda: waiting.request_payment(demand=waiting.Demand("x", 1), **by),
        "confirm-payment": lambda: waiting.confirm_payment(receipt="1", **by),
        "transfer": lambda: transferring.transfer_dossier(
            agency_id=world.other_desk.agency.id, reason="x", **by
        ),
        "correct": lambda: correcting.correct_data(
            correction=correcting.Correction("given_name", "Anh Khôi", "x"), **by
        ),
        "extend": lambda: extending.extend(extension=extending.Extension(date(2026, 3, 18), "x"), **by),
        "recompute": lambda: recomputing.recompute(**by),
    }
    return calls[act]()


def tried(act: str, actor: Actor, scene: Scene) -> str:
    """The code of the refusal, "" where it is done; a done act is looked at, and all of it taken back."""
    try:
        with transaction.atomic():
            call(act, actor, scene)
            left(act, scene)
            transaction.set_rollback(True)
    except DomainError as error:
        return error.code
    return ""


def left(act: str, scene: Scene) -> None:
    """What the state table says that the act leaves: one entry, its papers, its status, its effect on the clock."""
    row, before, now = ACTS[act], scene.dossier, Dossier.objects.get(pk=scene.dossier.pk)
    kinds = Entry.objects.filter(object_id=now.pk).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds)[scene.entries :] == [row.entry]
    assert not row.target or now.status == row.target
    papers = scene.papers.copy()
    if row.paper and (act, before.status) != ("withdraw", Status.SUBMITTED):
        papers["refusal" if act == "stop" and not before.accepted_at else row.paper] += 1
    assert Counter(now.documents.values_list("kind", flat=True)) == papers
    assert now.accepted_at or (now.due_at, now.clock) == (None, [])
    if now.accepted_at:
        assert [it["kind"] for it in now.clock[len(before.clock) :]] == moved(row.clock, before, now)


def moved(effect: Clock, before: Dossier, now: Dossier) -> list[str]:
    """The events of the clock that the effect is kept as; a result ends it by itself."""
    if effect is Clock.STARTS:
        assert now.due_at == now.basis_at is not None
    if effect is Clock.ENDS:
        return [] if now.finished_at or before.stopped_at else ["stopped"]
    kinds = {
        Clock.STOPS: "stopped",
        Clock.RESTARTS: "restarted",
        Clock.RESUMES: "resumed",
        Clock.MOVES: "extended",
    }
    return [kinds[effect]] if effect in kinds else []


@pytest.mark.parametrize("name", STAGES)
def test_everybody_does_what_the_table_says_and_is_refused_the_rest_by_its_code(world, people, name):
    with ExitStack() as stack:
        stack.enter_context(mock.patch(CLOCK, return_value=parse_limit("3wd")))
        stack.enter_context(mock.patch(SPECIAL_LAW, return_value={"vi": "Điều 1", "en": "x", "de": "x"}))
        scene = Scene.of(world, STAGES[name])
        found = {(who, act): tried(act, actor, scene) for who, actor in people.items() for act in AT_DOSSIERS}
        now = Dossier.objects.get(pk=scene.dossier.pk)
        assert (now.status, now.revision) == (STAGES[name].status, scene.page.revision)
    wanted = {(who, act): expected(name, who, act) for who, act in found}
    assert {it: (found[it], wanted[it]) for it in found if found[it] != wanted[it]} == {}


def test_the_stages_hold_every_status_and_every_kind_of_step():
    assert {it.status for it in STAGES.values()} == set(Status)
    assert {it.kind for it in STAGES.values() if it.kind} == {row[1] for row in TABLE}
