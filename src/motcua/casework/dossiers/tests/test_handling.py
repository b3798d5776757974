"""Acceptance, handing over, drafting, returning; and what every act refuses alike."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    ChecksMissing,
    DossierMoved,
    OldPreview,
    ReasonMissing,
)
from motcua.casework.dossiers.models import OfficialDocument
from motcua.casework.dossiers.selectors import search_dossiers
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.services.papers import file_of, find_draft, render_form
from motcua.casework.dossiers.tasks import render_form as render_form_job
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import CHECKS, HANOI, MORNING, snapshot, submitted, target
from motcua.casework.process.models import Task
from motcua.foundation.files.models import StoredFile
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db


# Act -> (state in which it is right, role, how it is done).
ACTS = {
    "accept": ("submitted", "reception", lambda who, on: handling.accept_dossier(actor=who, target=on, at=MORNING)),
    "hand-over": (
        "accepted", "reception", lambda who, on: handling.hand_over_dossier(actor=who, target=on, at=MORNING),
    ),
    "draft-result": (
        "handed_over", "specialist",
        lambda who, on: handling.draft_result(actor=who, target=on, checks=CHECKS, at=MORNING),
    ),
    "submit-for-signature": (
        "drafted", "specialist", lambda who, on: handling.submit_for_signature(actor=who, target=on, at=MORNING),
    ),
    "sign": (
        "awaiting_signature", "leader",
        lambda who, on: handling.sign_result(actor=who, target=on, seen_sha256=digest_of(on), at=MORNING),
    ),
    "return-task": (
        "awaiting_signature", "leader",
        lambda who, on: handling.return_task(actor=who, target=on, reason="Sai tên đệm", at=MORNING),
    ),
    "return-result": (
        "signed", "reception", lambda who, on: handling.return_result(actor=who, target=on, at=MORNING),
    ),
}  # fmt: skip


def digest_of(on: Target) -> str:
    draft = OfficialDocument.objects.filter(dossier=on.dossier_id, kind="draft").order_by("-edition").first()
    return draft.file.sha256 if draft and draft.file else ""


@pytest.fixture(params=ACTS)
def act(request, world):
    """The role, the act, and a dossier that is ready for it."""
    state, role, do = ACTS[request.param]
    return role, do, getattr(factories, state)(world.desk, world.mother)


def test_the_role_may_act_and_the_dossier_moves_on_by_one(act, world):
    role, do, dossier = act
    before, entries = target(dossier), Entry.objects.filter(object_id=dossier.id).count()
    do(getattr(world.desk, role), before)
    assert target(dossier).revision == before.revision + 1
    assert Entry.objects.filter(object_id=dossier.id).count() == entries + 1


def test_any_other_role_is_refused_and_nothing_changes(act, world):
    role, do, dossier = act
    before = snapshot(dossier)
    for other in {"reception", "specialist", "leader"} - {role}:
        with pytest.raises(Refused):
            do(getattr(world.desk, other), target(dossier))
    assert snapshot(dossier) == before


def test_for_another_agencys_officer_the_dossier_does_not_exist(act, world):
    role, do, dossier = act
    before = snapshot(dossier)
    with pytest.raises(NotFound):
        do(getattr(world.other_desk, role), target(dossier))
    assert snapshot(dossier) == before


def test_citizens_are_refused_the_applicant_too(act, world):
    _, do, dossier = act
    before = snapshot(dossier)
    with pytest.raises(Refused):
        do(world.mother, target(dossier))
    with pytest.raises(NotFound):
        do(world.neighbour, target(dossier))
    assert snapshot(dossier) == before


def test_an_old_page_changes_nothing(act, world):
    role, do, dossier = act
    now, before = target(dossier), snapshot(dossier)
    for revision in (now.revision - 1, now.revision + 1, 0):
        with pytest.raises(DossierMoved):
            do(getattr(world.desk, role), Target(dossier.id, revision))
    assert snapshot(dossier) == before


@pytest.mark.parametrize(
    "state", ["submitted", "accepted", "handed_over", "awaiting_signature", "signed", "returned"]
)
def test_where_the_dossier_stands_decides_what_can_be_done(world, state):
    dossier = getattr(factories, state)(world.desk, world.mother)
    before = snapshot(dossier)
    for name, (right_state, role, do) in ACTS.items():
        if right_state == state or (right_state, state) == ("drafted", "handed_over"):
            continue
        # Returning is right at any step that has somewhere to return to, for who does that step.
        is_theirs = (name, state) == ("return-task", "handed_over")
        with pytest.raises(Refused if is_theirs else ActNotAllowed):
            do(getattr(world.desk, role), target(dossier))
    assert snapshot(dossier) == before


def test_an_unknown_dossier_is_not_found(world):
    for _, role, do in ACTS.values():
        with pytest.raises(NotFound):
            do(getattr(world.desk, role), Target(new_id(), 1))


def test_the_code_names_agency_and_day_and_runs(world):
    codes = [factories.accepted(world.desk, world.mother).code for _ in range(2)]
    assert codes == ["H44.04894-260310-0001", "H44.04894-260310-0002"]


def test_every_agency_counts_for_itself(world):
    factories.accepted(world.desk, world.mother)
    assert factories.accepted(world.other_desk, world.mother).code == "H44.08152-260310-0001"


def test_the_count_begins_again_every_day_of_the_agencys_time_zone(world):
    late = datetime(2026, 3, 10, 23, 59, tzinfo=HANOI)  # still the 10th there, the 10th in UTC
    early = late + timedelta(minutes=2)  # the 11th there, still the 10th in UTC
    codes = [factories.accepted(world.desk, world.mother, at=at).code for at in (late, early)]
    assert codes == ["H44.04894-260310-0001", "H44.04894-260311-0001"]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-03-10T09:00", "2026-03-10T17:00"),
        ("2026-03-10T14:59", "2026-03-10T17:00"),
        ("2026-03-10T15:00", "2026-03-10T17:00"),
        ("2026-03-10T15:01", "2026-03-11T17:00"),
        ("2026-03-13T16:00", "2026-03-16T17:00"),
        ("2026-03-08T10:00", "2026-03-09T17:00"),
    ],
    ids=["morning", "just before 15:00", "at 15:00", "after 15:00", "Friday at 16:00", "Sunday"],
)
def test_a_same_day_dossier_is_due_when_the_law_says(world, received, expected):
    at = datetime.fromisoformat(received).replace(tzinfo=HANOI)
    dossier = factories.accepted(world.desk, world.mother, at=at)
    assert dossier.due_at.astimezone(HANOI).strftime("%Y-%m-%dT%H:%M") == expected
    assert dossier.due_steps[-1]["ends"] == f"{expected}:00+07:00"


def test_accepting_makes_form_01_and_a_job_for_its_file(world):
    dossier = factories.accepted(world.desk, world.mother)
    receipt = dossier.documents.get(kind="receipt")
    assert (receipt.file, receipt.number) == (None, "1/TTPVHCC")
    assert receipt.content["code"] == dossier.code
    job = ProcrastinateJob.objects.order_by("-id").first()
    assert (job.task_name, job.args) == ("dossiers.render_receipt", {"document_id": str(receipt.id)})


def test_the_receipt_says_what_was_promised(world):
    content = factories.accepted(world.desk, world.mother).documents.get(kind="receipt").content
    assert (content["received_at"], content["due_at"]) == ("2026-03-10T09:00", "2026-03-10T17:00")
    assert (content["receiver"], content["submitter"]) == ("Đỗ Thị Mẫu Hiền", "Nguyễn Thị Hồng Nhung")
    assert content["fee"] == "24.000\N{NO-BREAK SPACE}đ"


def test_an_accepted_dossier_is_found_by_its_code(world):
    dossier = factories.accepted(world.desk, world.mother)
    for words in (dossier.code, dossier.code.lower(), "260310-0001", "tran minh khoi"):
        assert search_dossiers(world.desk.leader, words) == [dossier]
        assert search_dossiers(world.other_desk.leader, words) == []


def test_rendering_the_receipt_twice_makes_one_file(world):
    dossier = factories.accepted(world.desk, world.mother)
    receipt = dossier.documents.get(kind="receipt")
    first = render_form(receipt.id).file
    before = StoredFile.objects.count()
    render_form_job(document_id=str(receipt.id))
    assert render_form(receipt.id).file == first
    assert StoredFile.objects.count() == before


def test_a_receipt_asked_for_before_its_job_ran_is_made_at_once(world):
    receipt = factories.accepted(world.desk, world.mother).documents.get(kind="receipt")
    assert file_of(receipt).media_type == "application/pdf"


@pytest.mark.parametrize("checks", [(), ("0", "1"), ("0", "1", "1"), ("0", "1", "2", "3"), ("a", "b", "c")])
def test_a_result_is_drafted_only_when_everything_was_checked(world, checks):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(ChecksMissing):
        handling.draft_result(actor=world.desk.specialist, target=target(dossier), checks=checks, at=MORNING)
    assert snapshot(dossier) == before


def test_nothing_goes_before_the_signer_without_a_draft(world):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(OldPreview):
        handling.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    assert snapshot(dossier) == before


def test_a_second_edition_keeps_number_and_verification_code(world):
    dossier = factories.drafted(world.desk, world.mother)
    first = find_draft(dossier)
    later = MORNING + timedelta(days=1)
    second = handling.draft_result(
        actor=world.desk.specialist, target=target(dossier), checks=CHECKS, at=later
    )
    assert (second.edition, second.number) == (2, first.number)
    assert second.content["verify"]["code"] == first.content["verify"]["code"]
    assert find_draft(dossier) == second


def test_certificates_of_an_agency_are_numbered_in_their_year(world):
    numbers = [find_draft(factories.drafted(world.desk, world.mother)).number for _ in range(2)]
    assert numbers == ["01/2026", "02/2026"]


def test_the_draft_carries_the_name_of_the_agencys_leader(world):
    content = find_draft(factories.drafted(world.desk, world.mother)).content
    assert content["signer"] == {
        "name": "Phan Thị Mẫu Hà",
        "title": "Chủ tịch",
        "lines": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
    }
    assert content["agency"] == "Ủy ban nhân dân phường Kỳ Sơn, tỉnh Phú Thọ"


@pytest.mark.parametrize("reason", ["", "   \n ", "\u200b\u202e"])
def test_a_return_needs_a_reason(world, reason):
    dossier = factories.awaiting_signature(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(ReasonMissing):
        handling.return_task(actor=world.desk.leader, target=target(dossier), reason=reason, at=MORNING)
    assert snapshot(dossier) == before


def test_a_returned_draft_lies_with_its_drafter_again(world):
    dossier = factories.awaiting_signature(world.desk, world.mother)
    handling.return_task(actor=world.desk.leader, target=target(dossier), reason="Sai tên đệm", at=MORNING)
    task = Task.objects.get(subject=dossier.id, completed_at=None)
    assert (task.step, task.role) == ("verification", "specialist")


def test_a_returned_result_ends_the_way(world):
    dossier = factories.returned(world.desk, world.mother)
    assert (dossier.status, dossier.returned_at) == (10, MORNING)
    assert not Task.objects.filter(subject=dossier.id, completed_at=None).exists()


def test_the_fee_is_that_of_the_day_of_filing(world):
    """Filed on the sixtieth day and accepted on the next: registration in time stays free of charge."""
    filed = datetime(2026, 3, 10, 20, 0, tzinfo=HANOI)
    born = (filed.date() - timedelta(days=60)).isoformat()
    dossier = submitted(world.desk, world.mother, at=filed, birth_date=born, result_by="warehouse")
    accepted_at = filed + timedelta(hours=14)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=accepted_at)
    assert dossier.documents.get(kind="receipt").content["fee"] == "Không"
