"""Every act of the law over the API, what a dossier says of it then, and why another one is refused."""

from __future__ import annotations

from datetime import datetime

import pytest

from motcua.casework.dossiers.rest.acts import OFFERED
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services import ending, refusing
from motcua.casework.dossiers.services.ending import Why
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    accepted,
    awaiting_signature,
    handed_over,
    seen,
    submitted,
    target,
)
from motcua.doors.api.tests.factories import Caller, by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.access.tests.client_factories import API_SCOPES, bearer, registered

pytestmark = pytest.mark.django_db
# vietnam.md 1.2 and the design's section 6.
ASKED_FOR = {
    "accept", "refuse", "request-supplement", "supplement", "hand-over", "hand-back", "recall", "claim", "assign",
    "complete-task", "return-task", "request-opinion", "give-opinion", "decide", "sign", "request-payment",
    "confirm-payment", "extend", "suspend", "resume", "withdraw", "stop", "transfer", "correct", "recompute",
    "return-result",
}  # fmt: skip


@pytest.fixture
def mother(world):
    return by_person(world, world.mother, at=MORNING)


@pytest.fixture
def leader(world):
    return by_person(world, world.desk.leader, at=MORNING)


@pytest.fixture
def specialist(world):
    return by_person(world, world.desk.specialist, at=MORNING)


def test_every_act_of_the_state_table_and_of_the_design_has_its_address():
    offered = {*OFFERED, "supplement"}
    # Before it is taken in at the counter there is no dossier that an address could name.
    assert ASKED_FOR | set(ACTS) <= offered | {"take-in"}
    assert offered - set(ACTS) == {"decide", "note-payment"}


def test_the_applicant_withdraws_and_reads_how_it_ended(world, mother):
    dossier = handed_over(world.desk, world.mother)
    shown = mother.act(dossier, "withdraw").json()
    assert (shown["status"], shown["acts"], shown["declined"]) == (7, [], False)
    notice = next(it["id"] for it in shown["documents"] if it["kind"] == "stopping")
    assert shown["ending"] == {
        "kind": "withdrawn", "ground": "at_request", "reason": "", "at": shown["ending"]["at"], "document": notice,
    }  # fmt: skip
    assert Entry.objects.get(object_id=dossier.id, kind="dossier.withdrawn").actor_kind == "citizen"


def test_the_counter_withdraws_only_with_the_written_request(world):
    dossier = submitted(world.desk, world.mother)
    reception = by_person(world, world.desk.reception, at=MORNING)
    told = is_problem(reception.act(dossier, "withdraw", key="withdraw-1"), 422, "ground_missing")
    assert "written request" in told["detail"]
    assert [(it["path"], it["detail"]) for it in told["errors"]] == [("/reason", told["detail"])]
    answer = reception.act(dossier, "withdraw", {"reason": "Đơn ngày 10/3"}, key="withdraw-1")
    assert answer.json()["ending"]["reason"] == "Đơn ngày 10/3"


def test_an_act_the_law_does_not_allow_says_by_which_article_and_what_to_do_instead(world):
    dossier = accepted(world.desk, world.mother)
    reception = by_person(world, world.desk.reception, at=MORNING)
    sent = {"ground": "not_entitled", "reason": "Không thuộc đối tượng"}
    found = is_problem(reception.act(dossier, "refuse", sent), 409, "act_not_allowed")
    assert "Decree 61/2018/NĐ-CP art. 19(8)" in found["source"]
    assert found["source"] in found["detail"] and found["instead"] in found["detail"]
    assert found["instead"] == "Hand it over first."


def test_the_applicant_is_told_in_their_own_words(world, mother):
    dossier = awaiting_signature(world.desk, world.mother)
    leader = by_person(world, world.desk.leader, at=MORNING)
    leader.act(dossier, "sign", {"seen_sha256": seen(dossier)})
    found = is_problem(mother.act(dossier, "withdraw"), 409, "act_not_allowed")
    assert found["source"] == "Circular 03/2025/TT-VPCP art. 7"
    assert found["instead"] == "Your result is ready. You can complain about a decision."


def test_a_decision_is_the_result_or_the_letter_that_refuses_it(world, specialist, leader):
    dossier = handed_over(world.desk, world.mother)
    is_problem(specialist.act(dossier, "decide", {"granted": False}, key="decide-01"), 422, "ground_missing")
    is_problem(specialist.act(dossier, "decide", {"granted": True}, key="decide-02"), 422, "checks_missing")
    granted = specialist.act(dossier, "decide", {"granted": True, "checks": [0, 1, 2]}, key="decide-03")
    assert granted.status_code == 200, granted.content
    letter = {"granted": False, "reason": "Thiếu điều kiện", "legal_basis": "Điều 16 Luật Hộ tịch"}
    assert specialist.act(dossier, "decide", letter, key="decide-04").status_code == 200
    drafted = Entry.objects.filter(object_id=dossier.id, kind__endswith="_drafted").order_by("sequence")
    assert [it.kind for it in drafted] == ["dossier.result_drafted", "dossier.refusal_drafted"]
    specialist.act(dossier, "submit-for-signature", {})
    signed = leader.act(dossier, "sign", {"seen_sha256": seen(dossier)}).json()
    assert (signed["status"], signed["declined"]) == (9, True)


def test_a_stop_is_recalled_under_the_name_of_every_recall(world, leader):
    dossier = handed_over(world.desk, world.mother)
    sent = {"ground": "court_order", "reason": "QĐ 01/2026"}
    stopped = leader.act(dossier, "stop", sent).json()
    assert (stopped["status"], stopped["ending"]["kind"], stopped["acts"]) == (8, "stopped", ["recall-stop"])
    back = leader.act(dossier, "recall").json()
    assert (back["status"], back["ending"]) == (4, None)
    is_problem(leader.act(dossier, "recall", key="recall-02"), 409, "cannot_recall")


def test_a_payment_says_how_much_and_until_when(world, specialist, mother):
    dossier = handed_over(world.desk, world.mother)
    specialist.act(dossier, "request-payment", {"what": "Lệ phí trước bạ", "amount_vnd": 150_000})
    shown = mother.get(f"/dossiers/{dossier.id}").json()
    assert (shown["status"], shown["acts"]) == (6, ["withdraw"])
    paid = shown["payment"]
    assert (paid["what"], paid["amount_vnd"]) == ("Lệ phí trước bạ", 150_000)
    assert paid["due_at"] > paid["asked_at"]
    assert paid["document"] in [it["id"] for it in shown["documents"]]
    reception = by_person(world, world.desk.reception, at=MORNING)
    back = reception.act(dossier, "confirm-payment", {"receipt": "BL-26E 0000123"}).json()
    assert (back["status"], back["payment"]) == (4, None)


def test_an_extension_and_the_original_date_stand_beside_each_other(world, leader, monkeypatch):
    limit = parse_limit("3wd")
    monkeypatch.setattr("motcua.casework.dossiers.services.clock.limit_of", lambda dossier: limit)
    dossier = handed_over(world.desk, world.mother)
    before = leader.get(f"/dossiers/{dossier.id}").json()
    assert (before["extension"], before["rounds"], before["likely_late"]) == (None, 0, False)
    shown = leader.act(dossier, "extend", {"on": "2026-03-18", "reason": "Chờ xác minh"}).json()
    assert (shown["due_at"][:10], shown["basis_at"]) == ("2026-03-18", before["due_at"])
    until, due_at = (datetime.fromisoformat(it) for it in (shown["extension"]["until"], shown["due_at"]))
    assert until == due_at
    assert shown["extension"]["document"] in [it["id"] for it in shown["documents"]]


def test_programs_read_that_it_ended_and_not_why(world):
    dossier = handed_over(world.desk, world.mother)
    why = Why("court_order", "Quyết định về bà Nhung")
    ending.stop_dossier(actor=world.desk.leader, target=target(dossier), why=why, at=MORNING)
    made = registered(
        world.administrator, world.desk.agency, at=MORNING, scopes=(*API_SCOPES, "dossiers:read-agency")
    )
    shown = Caller(bearer(*made)).get(f"/dossiers/{dossier.id}").json()
    assert (shown["ending"]["ground"], shown["ending"]["reason"], shown["ending"]["document"]) == (
        "court_order", "", None,
    )  # fmt: skip
    assert (shown["payment"], shown["rounds"], shown["extension"], shown["likely_late"]) == (None,) * 4


def test_the_description_says_of_each_act_what_the_table_says(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for code, act in ACTS.items():
        if code == "take-in":
            continue
        said = paths[f"/api/v1/dossiers/{{dossier_id}}/acts/{code}"]["post"]["description"]
        assert f"`{code}`: from status {', '.join(str(int(it)) for it in sorted(act.sources))}" in said
        for article in act.law:
            assert article.text in said


def test_the_letter_of_refusal_is_drafted_under_its_own_name_too(world, specialist):
    dossier = handed_over(world.desk, world.mother)
    letter = {"reason": "Thiếu điều kiện", "legal_basis": "Điều 16 Luật Hộ tịch"}
    assert specialist.act(dossier, "draft-refusal", letter).status_code == 200
    assert refusing.Refusal(**letter).reason in str(Entry.objects.latest("sequence").detail.values)
