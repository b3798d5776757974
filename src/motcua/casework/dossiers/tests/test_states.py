from __future__ import annotations

from itertools import product

import pytest
import yaml
from django.conf import settings

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.policies import can_act
from motcua.casework.dossiers.reasons import WHY
from motcua.casework.dossiers.rules.outcomes import outcomes_for, step_kind
from motcua.casework.dossiers.rules.states import ACTS, STEP_ACTS, Status, is_allowed
from motcua.casework.dossiers.statuses import STATUSES
from motcua.casework.dossiers.web.desk import HANDLERS, PAGES
from motcua.casework.dossiers.web.words import ENTRIES, PROVEN
from motcua.casework.process.models import Token
from motcua.casework.process.rules.definition import parse_process
from motcua.foundation.kernel.actors import ANONYMOUS, SYSTEM, Actor

RIGHTS = ("reception", "specialist", "leader")
# With the right that the step names in the packs; None: no task is open.
STEPS = {
    None: "",
    "accept": "reception",
    "complete-task": "specialist",
    "give-opinion": "specialist",
    "sign": "leader",
    "return-result": "reception",
}
FINAL = {Status.REFUSED, Status.WITHDRAWN, Status.RETURNED}
S = Status


def everywhere(code: str, statuses: tuple[Status, ...], target: Status | None, *kinds: str) -> dict:
    return {
        (status, kind, code, "leader" if code == "assign" else STEPS[kind]): target
        for status in statuses
        for kind in kinds or sorted(STEP_ACTS)
    }


# All there is: where a dossier stands, at which kind of step, who does what, where it stands then (None: as before, or
# as the act's service says). `recall` and `supplement` need no task; what they need is theirs to check.
TABLE = {
    (S.SUBMITTED, "accept", "accept", "reception"): S.ACCEPTED,
    (S.ACCEPTED, "accept", "hand-over", "reception"): S.IN_PROCESS,
    # Returned to the desk.
    (S.IN_PROCESS, "accept", "hand-over", "reception"): S.IN_PROCESS,
    (S.IN_PROCESS, "complete-task", "draft-result", "specialist"): None,
    (S.IN_PROCESS, "complete-task", "submit-for-signature", "specialist"): None,
    (S.IN_PROCESS, "complete-task", "complete-task", "specialist"): None,
    (S.FINISHED, "complete-task", "complete-task", "specialist"): None,
    (S.IN_PROCESS, "sign", "name-signer", "leader"): None,
    (S.IN_PROCESS, "sign", "sign", "leader"): S.FINISHED,
    (S.IN_PROCESS, "complete-task", "return-task", "specialist"): None,
    (S.IN_PROCESS, "give-opinion", "return-task", "specialist"): None,
    (S.IN_PROCESS, "sign", "return-task", "leader"): None,
    (S.FINISHED, "return-result", "return-result", "reception"): S.RETURNED,
    (S.IN_PROCESS, "give-opinion", "give-opinion", "specialist"): None,
    (S.SUPPLEMENT_REQUESTED, "give-opinion", "give-opinion", "specialist"): None,
    (S.FINANCIAL_OBLIGATION, "give-opinion", "give-opinion", "specialist"): None,
    **everywhere("claim", (S.SUBMITTED, S.ACCEPTED, S.IN_PROCESS, S.FINISHED), None),
    **everywhere("assign", (S.SUBMITTED, S.ACCEPTED, S.IN_PROCESS, S.FINISHED), None),
    **everywhere("hand-back", (S.SUBMITTED, S.ACCEPTED, S.IN_PROCESS, S.FINISHED), None),
    # A leader, without the right to do the task.
    **{
        (status, kind, "hand-back", "leader"): None
        for status in (S.SUBMITTED, S.ACCEPTED, S.IN_PROCESS, S.FINISHED)
        for kind in STEP_ACTS
    },
    **everywhere("request-opinion", (S.IN_PROCESS,), None),
    **everywhere(
        "request-supplement",
        (S.SUBMITTED, S.IN_PROCESS),
        S.SUPPLEMENT_REQUESTED,
        *("accept", "complete-task", "sign"),
    ),
    (S.SUBMITTED, "accept", "refuse", "reception"): S.REFUSED,
    (S.IN_PROCESS, "complete-task", "draft-refusal", "specialist"): None,
    (S.ACCEPTED, "accept", "request-payment", "reception"): S.FINANCIAL_OBLIGATION,
    (S.ACCEPTED, "complete-task", "request-payment", "specialist"): S.FINANCIAL_OBLIGATION,
    (S.IN_PROCESS, "accept", "request-payment", "reception"): S.FINANCIAL_OBLIGATION,
    (S.IN_PROCESS, "complete-task", "request-payment", "specialist"): S.FINANCIAL_OBLIGATION,
    **{
        (status, kind, code, STEPS[kind]): None
        for code in ("transfer", "correct")
        for status in (S.SUBMITTED, S.ACCEPTED, S.IN_PROCESS)
        for kind in ("accept", "complete-task")
    },
}
# Act -> where, by whose right at the agency that decides ("": the service says whose it is), and what then.
WITHOUT_A_TASK = {
    # Out of nothing: no dossier that is there is taken in.
    "take-in": (set(), "reception", S.ACCEPTED),
    "recall": ({S.ACCEPTED, S.IN_PROCESS, S.FINISHED}, "", None),
    "supplement": ({S.SUPPLEMENT_REQUESTED}, "", None),
    "withdraw": (
        {S.SUBMITTED, S.ACCEPTED, S.IN_PROCESS, S.SUPPLEMENT_REQUESTED, S.FINANCIAL_OBLIGATION},
        "reception",
        S.WITHDRAWN,
    ),
    "stop": ({S.IN_PROCESS, S.SUPPLEMENT_REQUESTED, S.FINANCIAL_OBLIGATION}, "leader", S.STOPPED),
    "recall-stop": ({S.STOPPED}, "leader", None),
    "suspend": ({S.IN_PROCESS}, "leader", S.STOPPED),
    "resume": ({S.STOPPED}, "leader", None),
    "confirm-payment": ({S.FINANCIAL_OBLIGATION}, "reception", None),
    "extend": ({S.ACCEPTED, S.IN_PROCESS}, "leader", None),
    "recompute": ({S.ACCEPTED, S.IN_PROCESS}, "leader", None),
}
HERE, BELOW, BESIDE = "/H44/H44.04894/", "/H44/", "/H44/H44.08152/"


# Every role of the pack with its rights: what a role may do is what one of its rights may.
PACK_ROLES = {
    row["code"]: tuple(row["rights"])
    for row in yaml.safe_load((settings.PACKS / "vn" / "roles.yaml").read_text(encoding="utf-8"))["roles"]
}
AT_TASKS = {code: act for code, act in ACTS.items() if act.needs}


def officer(role: str, path: str = HERE) -> Actor:
    return Actor(kind="officer", agency_path=path, grants=((role, path),))


def task(kind: str | None) -> Token | None:
    return Token(role=STEPS[kind], act=kind, agency_path=HERE) if kind else None


@pytest.mark.parametrize("code", AT_TASKS)
def test_an_act_is_allowed_only_as_in_the_table(code):
    act, dossier = ACTS[code], Dossier(agency_path=HERE)
    allowed = {
        (status, kind, code, right): act.target
        for status, kind, right in product(Status, STEPS, RIGHTS)
        if is_allowed(act, status=status, kind=kind) and can_act(officer(right), act, dossier, task(kind))
    }
    assert allowed == {row: target for row, target in TABLE.items() if row[2] == code}


def test_the_tables_hold_every_act():
    assert set(ACTS) == {code for _, _, code, _ in TABLE} | set(WITHOUT_A_TASK)


@pytest.mark.parametrize("code", WITHOUT_A_TASK)
def test_an_act_without_a_task_is_allowed_in_its_statuses_and_to_its_right_only(code):
    act, (statuses, right, target) = ACTS[code], WITHOUT_A_TASK[code]
    for kind in STEPS:
        assert {it for it in Status if is_allowed(act, status=it, kind=kind)} == statuses
    assert (act.right, act.target, act.needs) == (right, target, frozenset())
    if right:
        dossier = Dossier(agency_path=HERE)
        assert {it for it in RIGHTS if can_act(officer(it), act, dossier)} == {right}
        assert can_act(officer(right, BELOW), act, dossier)
        assert not can_act(officer(right, BESIDE), act, dossier)
        grants = tuple((it, HERE) for it in RIGHTS)
        for who in ("citizen", "system", "anonymous", "client"):
            assert not can_act(Actor(kind=who, grants=grants), act, dossier)


def test_the_applicant_does_what_the_table_says_and_no_more():
    assert {code for code, act in ACTS.items() if act.by_applicant} == {"supplement", "withdraw"}


@pytest.mark.parametrize("code", [code for code, act in ACTS.items() if act.target or code in WITHOUT_A_TASK])
def test_an_act_that_moves_the_status_says_by_which_rule(code):
    assert code in WHY or code == "recall"


@pytest.mark.parametrize("kind", STEPS)
def test_out_of_a_stop_lead_only_its_recall_and_the_end_of_a_suspension(kind):
    assert {code for code, act in ACTS.items() if is_allowed(act, status=Status.STOPPED, kind=kind)} == {
        "recall-stop",
        "resume",
    }


@pytest.mark.parametrize("role", PACK_ROLES)
def test_a_role_of_the_pack_acts_only_as_its_rights_do_in_every_state(role):
    holder = Actor(kind="officer", grants=tuple((right, HERE) for right in PACK_ROLES[role]))
    dossier = Dossier(agency_path=HERE)
    allowed = {
        (status, kind, code)
        for status, kind, (code, act) in product(Status, STEPS, AT_TASKS.items())
        if is_allowed(act, status=status, kind=kind) and can_act(holder, act, dossier, task(kind))
    }
    assert allowed == {
        (status, kind, code) for status, kind, code, right in TABLE if right in PACK_ROLES[role]
    }


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("status", sorted(FINAL))
def test_no_act_leads_out_of_a_final_status(status, kind):
    assert not [code for code, act in ACTS.items() if is_allowed(act, status=status, kind=kind)]


@pytest.mark.parametrize("act", AT_TASKS.values(), ids=lambda act: act.code)
def test_only_the_role_at_the_dossiers_own_agency_or_above_it_may_act(act):
    dossier, kind = Dossier(agency_path=HERE), sorted(act.needs)[0]
    right = act.right or STEPS[kind]
    assert can_act(officer(right, BELOW), act, dossier, task(kind))
    assert not can_act(officer(right, BESIDE), act, dossier, task(kind))


def test_a_task_that_lies_elsewhere_is_done_there_and_not_by_the_dossiers_agency():
    dossier, there = Dossier(agency_path=HERE), Token(role="specialist", agency_path=BESIDE)
    assert can_act(officer("specialist", BESIDE), ACTS["complete-task"], dossier, there)
    assert not can_act(officer("specialist", HERE), ACTS["complete-task"], dossier, there)


@pytest.mark.parametrize("act", AT_TASKS.values(), ids=lambda act: act.code)
@pytest.mark.parametrize("kind", ["citizen", "system", "anonymous"])
def test_nobody_but_an_officer_may_act_whatever_grants_they_carry(act, kind):
    step = task(sorted(act.needs)[0])
    grants = tuple((right, HERE) for right in RIGHTS)
    assert not can_act(Actor(kind=kind, grants=grants), act, Dossier(agency_path=HERE), step)
    assert not can_act(ANONYMOUS, act, Dossier(agency_path=HERE), step)
    assert not can_act(SYSTEM, act, Dossier(agency_path=HERE), step)


def test_every_status_has_words():
    assert set(STATUSES) == set(Status)


@pytest.mark.parametrize("act", ACTS.values(), ids=lambda act: act.code)
def test_every_act_has_words_for_its_entry(act):
    assert act.entry in ENTRIES
    assert act.entry in PROVEN


def test_every_act_of_an_officer_has_its_button_at_the_desk():
    # A result is drafted by a template or by uploading it: one act, two buttons.
    assert (set(HANDLERS) | PAGES) - {"upload-result"} == set(ACTS) - {"supplement", "take-in"}


@pytest.mark.parametrize("act", [act for act in AT_TASKS.values() if act.right], ids=lambda act: act.code)
def test_the_packs_processes_give_a_step_to_who_holds_the_right_of_its_act(act):
    for path in (settings.PACKS / "vn" / "procedures").glob("*/process.yaml"):
        definition = parse_process(yaml.safe_load(path.read_text(encoding="utf-8")))
        for step in definition.steps.values():
            if step_kind(step) in act.needs and act.code != "assign":
                assert step.role == act.right
                assert not act.ends or outcomes_for(definition, step, act.code)
