"""Refused, withdrawn, stopped, suspended: with which paper, who may, what of it is undone; and the timer of supplements."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

from motcua.casework.dossiers import consumers
from motcua.casework.dossiers.errors import DossierMoved, ForbiddenByLaw, GroundMissing, NotTheirStop
from motcua.casework.dossiers.models import Dossier, Ending, SupplementRequest
from motcua.casework.dossiers.own_data import export_dossiers
from motcua.casework.dossiers.selectors import Looking, get_document, list_inbox
from motcua.casework.dossiers.services import ending, handling, overdue, supplements
from motcua.casework.dossiers.services.ending import Why
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, snapshot, target
from motcua.casework.dossiers.tests.test_supplements import ask, bring
from motcua.casework.process.models import Task, Token
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.signatures.levels import examine_own
from motcua.registry.catalogue.models import CONTENT, ProcedureVersion
from motcua.registry.organisations.tests.factories import give_pictures

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=2)
WHY = Why("not_competent", "Nơi cư trú ở xã khác")
STOP = Why("court_order", "Quyết định số 01/2026/QĐ-TA")


def withdraw(world, dossier, *, actor=None, at=LATER, revision=None):
    return ending.withdraw_own(
        actor=actor or world.mother,
        dossier_id=dossier.id,
        revision=target(dossier).revision if revision is None else revision,
        reason="",
        at=at,
    )


def stop(world, dossier, *, who="leader", why=STOP, at=MORNING):
    return ending.stop_dossier(actor=getattr(world.desk, who), target=target(dossier), why=why, at=at)


def open_tokens(dossier):
    return Token.objects.filter(subject=dossier.id, completed_at=None)


# --- Refused at reception -------------------------------------------------------------------------------------


def test_the_counter_refuses_a_new_dossier_by_form_03(world):
    dossier = factories.submitted(world.desk, world.mother)
    done = ending.refuse_dossier(actor=world.desk.reception, target=target(dossier), why=WHY, at=MORNING)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.code, open_tokens(dossier).exists()) == (3, None, False)
    slip = get_document(world.mother, dossier.id, done.document_id)
    assert (slip.kind, slip.number, slip.content["reason"]) == ("refusal", "1/PTC-TTPVHCC", WHY.reason)
    assert slip.content["ground"] == "Hồ sơ không thuộc thẩm quyền tiếp nhận, giải quyết của cơ quan."
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.refused")
    assert (entry.facts["status"], entry.facts["ground"], entry.detail.values) == (
        3, "not_competent", {"reason": WHY.reason},
    )  # fmt: skip


def test_form_03_and_the_notice_carry_the_agencys_signature(world, settings, tmp_path):
    shutil.copytree(settings.SIGNATURES_DIR, tmp_path / "signatures")
    settings.SIGNATURES_DIR = tmp_path / "signatures"
    give_pictures(world.desk, key_ref="seal", at=factories.OPENED)
    dossier = factories.submitted(world.desk, world.mother)
    done = ending.refuse_dossier(actor=world.desk.reception, target=target(dossier), why=WHY, at=MORNING)
    pdf = read_file(file_of(done.document))
    verdict = examine_own(pdf, at=MORNING)
    assert verdict.is_valid
    assert [one.name for one in verdict.signatures] == [dossier.agency.name]


@pytest.mark.parametrize("why", [Why("", "x"), Why("court_order", "x"), Why("other", "  ")])
def test_a_refusal_names_a_ground_of_the_list_and_a_reason(world, why):
    dossier = factories.submitted(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(GroundMissing):
        ending.refuse_dossier(actor=world.desk.reception, target=target(dossier), why=why, at=MORNING)
    assert snapshot(dossier) == before


def test_after_acceptance_the_law_asks_for_a_written_answer_instead(world):
    dossier = factories.accepted(world.desk, world.mother)
    with pytest.raises(ForbiddenByLaw, match=r"61/2018/NĐ-CP art. 19\(8\)"):
        ending.refuse_dossier(actor=world.desk.reception, target=target(dossier), why=WHY, at=MORNING)


# --- Withdrawn ------------------------------------------------------------------------------------------------


def test_who_withdraws_before_acceptance_gets_no_paper(world):
    dossier = factories.submitted(world.desk, world.mother)
    done = withdraw(world, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, done.document, dossier.documents.count()) == (7, None, 0)
    assert list_inbox(world.desk.reception, at=LATER).rows == []
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.withdrawn")
    assert (entry.actor_kind, entry.facts["ground"]) == ("citizen", "at_request")


@pytest.mark.parametrize("stage", ["accepted", "handed_over", "awaiting_signature", "asked"])
def test_until_the_signature_the_applicant_withdraws_and_reads_the_notice(world, stage):
    if stage == "asked":
        dossier = factories.handed_over(world.desk, world.mother)
        ask(world, dossier)
    else:
        dossier = getattr(factories, stage)(world.desk, world.mother)
    done = withdraw(world, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.clock[-1]["kind"], open_tokens(dossier).exists()) == (7, "stopped", False)
    notice = get_document(world.mother, dossier.id, done.document_id)
    assert (notice.kind, notice.content["ground"]) == ("stopping", "Theo đề nghị của người nộp hồ sơ.")
    assert file_of(notice).media_type == "application/pdf"
    with pytest.raises(ForbiddenByLaw):
        withdraw(world, dossier)
    with pytest.raises(NotFound):
        supplements.find_request(world.mother, dossier.id)


def test_after_the_signature_nothing_is_withdrawn(world):
    dossier = factories.signed(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(ForbiddenByLaw, match="until the decision is signed"):
        withdraw(world, dossier)
    assert snapshot(dossier) == before


def test_nobody_but_the_applicant_withdraws_it_and_not_by_an_old_page(world):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    for actor, error in ((world.neighbour, NotFound), (world.desk.leader, Refused)):
        with pytest.raises(error):
            withdraw(world, dossier, actor=actor)
    with pytest.raises(DossierMoved):
        withdraw(world, dossier, revision=1)
    assert snapshot(dossier) == before


def test_the_counter_withdraws_it_on_a_written_request_that_it_names(world):
    dossier = factories.handed_over(world.desk, world.mother)
    by = {"target": target(dossier), "at": MORNING}
    with pytest.raises(GroundMissing):
        ending.withdraw_dossier(actor=world.desk.reception, reason=" ", **by)
    with pytest.raises(Refused):
        ending.withdraw_dossier(actor=world.desk.specialist, reason="Đơn ngày 10/3/2026", **by)
    done = ending.withdraw_dossier(actor=world.desk.reception, reason="Đơn ngày 10/3/2026", **by)
    assert (done.kind, done.made_by) == ("withdrawn", world.desk.reception.person_id)


# --- Stopped, and taken up again ------------------------------------------------------------------------------


def test_a_leader_stops_it_and_nobody_works_on_it_any_more(world):
    dossier = factories.handed_over(world.desk, world.mother)
    done = stop(world, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, done.status, done.document.kind) == (8, 4, "stopping")
    assert list_inbox(world.desk.specialist, at=MORNING).rows == []
    assert list_inbox(world.desk.specialist, Looking("waiting"), at=MORNING).rows == []
    with pytest.raises(ForbiddenByLaw):
        stop(world, dossier)


def test_who_stopped_it_takes_that_back_and_the_time_between_is_not_counted(world):
    dossier = factories.handed_over(world.desk, world.mother)
    task = Task.objects.get(subject=dossier.id, completed_at=None)
    stop(world, dossier)
    ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=LATER)
    due_at = dossier.due_at
    dossier.refresh_from_db()
    again = Task.objects.get(subject=dossier.id, completed_at=None)
    assert (dossier.status, again.pk, [it["kind"] for it in dossier.clock]) == (
        4,
        task.pk,
        ["stopped", "resumed"],
    )
    # Two working days later, to the hour.
    assert (dossier.due_at, again.due_at) == (due_at + timedelta(days=2), task.due_at + timedelta(days=2))
    handling.draft_result(
        actor=world.desk.specialist, target=target(dossier), checks=factories.CHECKS, at=LATER
    )
    # And a second time: each ending is a row of its own.
    stop(world, dossier, at=LATER)
    assert Ending.objects.filter(dossier=dossier, undone_at=None).count() == 1


def test_nobody_else_takes_a_stop_back(world):
    dossier = factories.handed_over(world.desk, world.mother)
    stop(world, dossier)
    Ending.objects.update(made_by=world.desk.specialist.person_id)
    before = snapshot(dossier)
    with pytest.raises(NotTheirStop):
        ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=LATER)
    with pytest.raises(Refused):
        ending.recall_stop(actor=world.desk.specialist, target=target(dossier), at=LATER)
    with pytest.raises(ForbiddenByLaw):
        ending.resume_dossier(actor=world.desk.leader, target=target(dossier), at=LATER)
    assert snapshot(dossier) == before


@pytest.mark.parametrize("stage", ["submitted", "accepted", "signed", "returned"])
def test_nothing_is_stopped_where_the_law_has_another_answer(world, stage):
    dossier = getattr(factories, stage)(world.desk, world.mother)
    with pytest.raises(ForbiddenByLaw, match=r"art. 7"):
        stop(world, dossier)


def test_what_a_person_gets_of_their_data_says_how_a_dossier_ended_and_what_was_taken_back(world):
    dossier = factories.handed_over(world.desk, world.mother)
    stop(world, dossier)
    ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=LATER)
    withdraw(world, dossier)
    (row,) = (it for it in export_dossiers(world.mother.person_id) if it["id"] == dossier.id)
    told = [(it["kind"], it["ground"], it["reason"], it["undone_at"]) for it in row["endings"]]
    assert told == [
        ("stopped", STOP.ground, STOP.reason, LATER),
        ("withdrawn", "at_request", "", None),
    ]
    assert export_dossiers(world.neighbour.person_id) == []


# --- Suspended by a special law -------------------------------------------------------------------------------


def test_it_is_suspended_only_where_a_special_law_names_it(world, monkeypatch):
    dossier = factories.handed_over(world.desk, world.mother)
    by = {"actor": world.desk.leader, "reason": "Chờ kết luận"}
    with pytest.raises(ForbiddenByLaw, match="No special law"):
        ending.suspend_dossier(target=target(dossier), at=MORNING, **by)
    # Read once a process, as here.
    version = ProcedureVersion.objects.defer(*CONTENT).get(pk=dossier.version_id)
    named = {"law": {"vi": "Điều 1 Luật Thí dụ"}}
    monkeypatch.setitem(version.definition["procedure"], "suspension", named)
    done = ending.suspend_dossier(target=target(dossier), at=MORNING, **by)
    dossier.refresh_from_db()
    assert (dossier.status, done.kind, done.document.content["ground"]) == (
        8,
        "suspended",
        "Điều 1 Luật Thí dụ",
    )
    with pytest.raises(ForbiddenByLaw):
        ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=LATER)
    ending.resume_dossier(actor=world.desk.leader, target=target(dossier), at=LATER)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.clock[-1]["kind"]) == (4, "resumed")


# --- What was not brought in time -----------------------------------------------------------------------------


def test_a_request_says_until_when_it_may_be_brought(world):
    dossier = factories.handed_over(world.desk, world.mother)
    request = ask(world, dossier)
    # 15 working days after 10 March 2026; three before.
    assert request.due_at == datetime.fromisoformat("2026-03-31T09:00:00+07:00")
    assert request.warn_at == datetime.fromisoformat("2026-03-26T09:00:00+07:00")


def test_the_applicant_is_warned_once_and_then_it_is_closed(world):
    dossier = factories.handed_over(world.desk, world.mother)
    request = ask(world, dossier)
    assert overdue.sweep_supplements(at=request.warn_at - timedelta(minutes=1)) == (0, 0)
    assert overdue.sweep_supplements(at=request.warn_at) == (1, 0)
    assert overdue.sweep_supplements(at=request.due_at - timedelta(minutes=1)) == (0, 0)
    assert overdue.sweep_supplements(at=request.due_at) == (0, 1)
    assert overdue.sweep_supplements(at=request.due_at) == (0, 0)
    dossier.refresh_from_db()
    done = Ending.objects.get(dossier=dossier)
    assert (dossier.status, done.ground, done.made_by, done.document.kind) == (
        8, "supplement_overdue", None, "stopping",
    )  # fmt: skip
    kinds = Entry.objects.filter(object_id=dossier.id).order_by("-sequence").values_list("kind", "actor_kind")
    assert list(kinds[:2]) == [("dossier.stopped", "system"), ("dossier.supplement_warned", "system")]
    assert file_of(done.document).media_type == "application/pdf"


def test_what_was_never_accepted_is_closed_by_form_03(world):
    dossier = factories.submitted(world.desk, world.mother)
    request = ask(world, dossier, who="reception")
    overdue.sweep_supplements(at=request.due_at)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.accepted_at, Ending.objects.get().document.kind) == (8, None, "refusal")


def test_what_was_brought_in_time_is_not_closed(world):
    dossier = factories.handed_over(world.desk, world.mother)
    request = ask(world, dossier)
    bring(world, dossier)
    assert overdue.sweep_supplements(at=request.due_at + timedelta(days=30)) == (0, 0)
    assert ending.close_overdue(request_id=request.id, at=request.due_at) is None


def test_a_leader_takes_back_what_the_timer_closed_and_the_applicant_has_the_whole_time_again(world):
    dossier = factories.handed_over(world.desk, world.mother)
    request = ask(world, dossier)
    overdue.sweep_supplements(at=request.due_at)
    at = request.due_at + timedelta(days=1)
    ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=at)
    dossier.refresh_from_db()
    assert dossier.status == 5
    assert SupplementRequest.objects.get().due_at > at + timedelta(days=14)
    bring(world, dossier, at=at)
    assert Dossier.objects.get(pk=dossier.pk).status == 4


def test_a_stop_while_the_applicant_is_asked_gives_their_time_back_too(world):
    dossier = factories.handed_over(world.desk, world.mother)
    request = ask(world, dossier)
    stop(world, dossier, at=MORNING)
    ending.recall_stop(actor=world.desk.leader, target=target(dossier), at=LATER)
    assert SupplementRequest.objects.get().due_at == request.due_at + timedelta(days=2)


@pytest.mark.parametrize("kind", ["refused", "withdrawn", "stopped", "supplement_warned"])
def test_the_applicant_is_told_of_every_end(kind):
    assert f"dossier.{kind}" in consumers.KINDS
