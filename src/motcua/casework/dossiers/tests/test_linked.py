"""One application for linked procedures becomes several dossiers, in their order, and data is passed on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from motcua.casework.dossiers.figures import Wholes, count_services, count_wholes
from motcua.casework.dossiers.models import Dossier, Draft, LinkedCase, OfficialDocument
from motcua.casework.dossiers.selectors import get_draft, list_drafts
from motcua.casework.dossiers.services import drafts, ending, handling
from motcua.casework.dossiers.services.intake import Intake, start_intake, take_in, tick_papers
from motcua.casework.dossiers.services.linked_following import advance
from motcua.casework.dossiers.services.papers import file_of, render_form
from motcua.casework.dossiers.services.paying import fees_of
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    MORNING,
    birth_answers,
    seen,
    target,
)
from motcua.casework.dossiers.tests.linked_factories import LATER, LINKED, applied, linked_draft
from motcua.casework.dossiers.web import linked_words
from motcua.casework.dossiers.web.fee_words import fee_rows, fee_total
from motcua.casework.dossiers.web.intake_words import check_words
from motcua.casework.dossiers.web.words import when
from motcua.casework.warehouse.models import Document
from motcua.foundation.files.previews import page_count
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version

pytestmark = pytest.mark.django_db


def signed(desk, dossier):
    """Taken through to its signature by the officers of a desk."""
    handling.accept_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    checks = CHECKS[: 3 if dossier.procedure_code == "1.001193" else 2]
    handling.draft_result(actor=desk.specialist, target=target(dossier), checks=checks, at=MORNING)
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=MORNING)
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING)
    dossier.refresh_from_db()


def states(case):
    return {it.member: (str(it.state), it.reason) for it in case.parts.all()}


def case_of(dossier):
    return LinkedCase.objects.get(pk=dossier.id)


def test_one_submission_makes_the_first_dossier_and_holds_the_others(world):
    dossier = applied(world)
    case = case_of(dossier)
    assert dossier.procedure_code == "1.001193" and dossier.linked_id == case.id
    assert states(case) == {
        "birth": ("filed", ""),
        "residence": ("waiting", ""),
        "health_card": ("waiting", ""),
    }
    assert set(dossier.answers) & set(LATER) == set()
    assert list_drafts(world.mother) == []
    entry = Entry.objects.get(object_id=dossier.id)
    assert entry.kind == "dossier.submitted" and entry.facts["linked"] == str(case.id)


def test_submitting_again_gives_the_first_dossier_of_the_same_case(world):
    draft = linked_draft(world)
    first, again = (submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING) for _ in range(2))
    assert first.pk == again.pk
    assert LinkedCase.objects.filter(applicant=world.mother.person).count() == 1


def test_a_signed_result_files_the_others_with_its_data_and_paper(world):
    dossier = applied(world)
    case = case_of(dossier)
    assert advance(case.id, at=MORNING) == []
    signed(world.desk, dossier)
    residence, card = advance(case.id, at=MORNING)
    certificate = Document.objects.get(subject=dossier.id)
    assert residence.agency == world.other_desk.agency and card.agency == world.desk.agency
    assert residence.answers["moved_name"] == "Trần Minh Khôi"
    assert card.answers["certificate_number"] == certificate.number
    paper = residence.components.get()
    assert (paper.code, paper.document, paper.origin) == ("relationship_proof", certificate, "warehouse")
    assert advance(case.id, at=MORNING) == []
    assert not Draft.objects.filter(part__case=case).exists()


def test_a_part_left_out_is_asked_nothing_and_filed_never(world):
    dossier = applied(world, with_residence="no", dwelling_line="")
    assert set(states(case_of(dossier))) == {"birth", "health_card"}


def test_a_refusal_stops_what_waits_as_the_pack_says(world):
    dossier = applied(world)
    ending.withdraw_own(
        actor=world.mother, dossier_id=dossier.id, revision=dossier.revision, reason="", at=MORNING
    )
    case = case_of(dossier)
    advance(case.id, at=MORNING)
    assert states(case)["residence"] == ("stopped", "withdrawn")
    told = Entry.objects.filter(kind="dossier.part_changed", object_id=case.id)
    assert {it.facts["member"] for it in told} == {"residence", "health_card"}


def test_a_part_that_lacks_something_becomes_the_persons_and_completes_the_case(world):
    dossier = applied(world)
    case = case_of(dossier)
    held = Draft.objects.get(part__case=case, part__member="health_card")
    # As if the procedure asked more since.
    Draft.objects.filter(pk=held.pk).update(
        answers={k: v for k, v in held.answers.items() if k != "first_care"}
    )
    signed(world.desk, dossier)
    (residence,) = advance(case.id, at=MORNING)
    assert residence.procedure_code == "1.004222"
    assert states(case)["health_card"] == ("yours", "incomplete")
    assert [it.pk for it in list_drafts(world.mother)] == [held.pk]
    held.refresh_from_db()
    answers = held.answers | {"first_care": "Trạm y tế"}
    drafts.save_answers(actor=world.mother, draft_id=held.pk, answers=answers, at=MORNING)
    card = submit_dossier(actor=world.mother, draft_id=held.pk, at=MORNING)
    assert card.linked_id == case.id and states(case)["health_card"] == ("filed", "")


def test_a_member_renewed_meanwhile_is_submitted_in_the_version_in_force(world):
    dossier = applied(world)
    old = ProcedureVersion.objects.get(procedure="1.001939", valid_to=None)
    ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=MORNING.date())
    new = ProcedureVersion.objects.create(
        procedure_id="1.001939",
        number=old.number + 1,
        valid_from=MORNING.date(),
        definition=old.definition,
        digest="renewed",
    )
    signed(world.desk, dossier)
    cards = [it for it in advance(dossier.id, at=MORNING) if it.procedure_code == "1.001939"]
    assert [it.version_id for it in cards] == [new.pk]


def test_a_result_revoked_before_it_is_passed_on_stops_what_waits(world):
    dossier = applied(world)
    signed(world.desk, dossier)
    Document.objects.filter(subject=dossier.id).update(
        ended_as="revoked", ended_at=MORNING, ended_reason="Sai", ended_ground="QĐ 1"
    )
    assert advance(dossier.id, at=MORNING) == []
    assert states(case_of(dossier))["residence"] == ("stopped", "revoked")


def test_a_result_revoked_later_is_told_to_owner_and_officers(world, browse):
    dossier = applied(world)
    signed(world.desk, dossier)
    assert len(advance(dossier.id, at=MORNING)) == 2
    Document.objects.filter(subject=dossier.id).update(
        ended_as="revoked", ended_at=MORNING, ended_reason="Sai", ended_ground="QĐ 1"
    )
    page = browse(world.mother).get(f"/linked/{dossier.id}/").content.decode()
    assert "revoked since" in page
    assert states(case_of(dossier))["residence"] == ("filed", "")


def test_a_stop_that_is_taken_back_lets_the_parts_wait_again(world):
    dossier = applied(world)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    case = case_of(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(status=8)
    advance(case.id, at=MORNING)
    assert states(case)["residence"] == ("stopped", "stopped")
    Dossier.objects.filter(pk=dossier.pk).update(status=2)
    advance(case.id, at=MORNING)
    assert states(case)["residence"] == ("waiting", "")


def test_the_follower_submits_each_part_once_also_after_it_was_killed_in_between(world):
    follow_once()
    dossier = applied(world)
    signed(world.desk, dossier)
    with transaction.atomic():
        advance(dossier.id, at=MORNING)
        # Killed: what it wrote is taken back, and the next one begins at the same entry.
        transaction.set_rollback(True)
    assert Dossier.objects.filter(linked=dossier.id).count() == 1
    for _again in range(3):
        follow_once()
    assert Dossier.objects.filter(linked=dossier.id).count() == 3


def test_the_whole_is_due_by_its_own_limit_and_form_01_names_all_parts(world):
    late = MORNING.replace(hour=16, minute=30)
    dossier = applied(world)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=late)
    case = case_of(dossier)
    # In the last office hour (T9): from the next working day, 20 days, and on to a working day.
    assert timezone.localdate(case.due_at) == date(2026, 3, 31)
    receipt = OfficialDocument.objects.get(dossier=dossier, kind="receipt")
    said = receipt.content["linked"]
    assert said["code"] == case.code
    assert [it["name"] for it in said["parts"]] == ["Khai sinh", "Đăng ký thường trú", "Thẻ bảo hiểm y tế"]
    assert said["parts"][1]["agency"] == world.other_desk.agency.name
    assert render_form(receipt.id).stored.size_bytes > 1000


def test_one_card_one_code_and_a_quiet_line_for_the_officers(world, browse):
    dossier = applied(world)
    signed(world.desk, dossier)
    residence, _card = advance(dossier.id, at=MORNING)
    case = case_of(dossier)
    mother = browse(world.mother)
    listed = mother.get("/dossiers/").content.decode()
    assert listed.count(f"/linked/{case.id}/") == 1 and f"/dossiers/{residence.id}/" not in listed
    page = mother.get(f"/linked/{case.id}/").content.decode()
    assert f"/dossiers/{residence.id}/" in page and case.code in page
    anybody = browse(None).get("/status/", {"code": case.code}).content.decode()
    assert "Permanent residence" in anybody and "Khôi" not in anybody
    officer = browse(world.other_desk.reception).get(f"/desk/dossiers/{residence.id}/").content.decode()
    assert "Part of a linked application" in officer
    assert "Health insurance card" in officer and str(dossier.id) not in officer
    assert browse(world.neighbour).get(f"/linked/{case.id}/").status_code == 404


def test_a_part_left_out_later_is_never_submitted(world, browse):
    dossier = applied(world)
    url = f"/linked/{dossier.id}/residence/leave-out/"
    assert browse(world.neighbour).post(url).status_code == 404
    assert browse(world.mother).post(url).status_code == 302
    signed(world.desk, dossier)
    assert [it.procedure_code for it in advance(dossier.id, at=MORNING)] == ["1.001939"]
    assert states(case_of(dossier))["residence"] == ("stopped", "left_out")


def test_the_counter_takes_in_a_linked_application_as_any_other(world, browse):
    version = get_version(LINKED, at=MORNING.date())
    intake = Intake(person_id=world.mother.person)
    draft = start_intake(actor=world.desk.reception, version=version, intake=intake, at=MORNING)
    page = browse(world.desk.reception).get(f"/desk/intake/drafts/{draft.id}/").content.decode()
    assert "with_residence" in page and "first_care" in page
    values = birth_answers(world.desk) | LATER | {"residence_commune": world.other_desk.agency.place_code}
    drafts.save_answers(actor=world.desk.reception, draft_id=draft.id, answers=values, at=MORNING)
    tick_papers(
        actor=world.desk.reception, draft_id=draft.id, ticked={"birth_evidence": {"original": 1}}, at=MORNING
    )
    dossier = take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)
    case = case_of(dossier)
    assert dossier.status == 2 and case.due_at is not None
    assert set(states(case)) == {"birth", "residence", "health_card"}


def at_the_counter(world, **changes):
    """A linked application at the first commune's counter that can be taken in."""
    clerk, version = world.desk.reception, get_version(LINKED, at=MORNING.date())
    intake = Intake(person_id=world.mother.person)
    draft = start_intake(actor=clerk, version=version, intake=intake, at=MORNING)
    elsewhere = {"residence_commune": world.other_desk.agency.place_code}
    values = birth_answers(world.desk, **changes) | LATER | elsewhere
    drafts.save_answers(actor=clerk, draft_id=draft.id, answers=values, at=MORNING)
    return tick_papers(actor=clerk, draft_id=draft.id, ticked={"birth_evidence": {"original": 1}}, at=MORNING)


def test_the_check_at_the_counter_names_the_parts_and_what_form_01_charges(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    draft = at_the_counter(world, extract_copies=3)
    words = check_words(get_draft(world.desk.reception, draft.id))
    assert [(it["label"], it["value"]) for it in words["parts"]] == [
        ("Birth registration", world.desk.agency.name),
        ("Permanent residence", world.other_desk.agency.name),
        ("Health insurance card", world.desk.agency.name),
    ]
    dossier = take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)
    charged = fees_of(dossier)
    assert sum(it.amount_vnd for it in charged) == 24_000
    assert {it["label"] for it in fee_rows(charged, "en")} <= {it["label"] for it in words["fees"]}
    assert words["fee_total"] == fee_total(charged, "en")
    # Each part by the channel that is asked for.
    channels = []
    monkeypatch.setattr(linked_words, "fee_lines", lambda *_, channel, **__: channels.append(channel) or [])
    linked_words.check_context(draft, [], MORNING, channel="counter")
    assert channels == ["counter"] * 3


def test_what_was_taken_in_is_told_as_a_whole_with_the_parts_and_their_dates(world, browse):
    draft = at_the_counter(world)
    dossier = take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)
    case, url = case_of(dossier), reverse("desk:taken", args=[dossier.id])
    clerk = browse(world.desk.reception)
    answer = clerk.get(url)
    page = answer.content.decode()
    assert case.code in page and case.titles["en"] in page and "All parts due by" in page
    birth, residence, _card = answer.context["parts"]
    assert birth["note"] == f"Due by {when(dossier.due_at)}"
    assert residence["value"] == world.other_desk.agency.name and "Birth registration" in residence["note"]
    # All its sheets are printed, each a picture of its own.
    receipt = dossier.documents.get(kind="receipt")
    assert len(answer.context["pictures"]) == page_count(read_file(file_of(receipt))) == 2
    pictures = [clerk.get(it) for it in answer.context["pictures"]]
    assert [it["Content-Type"] for it in pictures] == ["image/png"] * 2
    assert pictures[0].content != pictures[1].content
    for number in (0, 3):
        beyond = reverse("desk:document-page", args=[dossier.id, receipt.pk, number])
        assert clerk.get(beyond).status_code == 404


def test_officers_of_a_later_part_learn_no_code_of_the_whole(world, browse):
    dossier = applied(world)
    signed(world.desk, dossier)
    residence, _card = advance(dossier.id, at=MORNING)
    case = case_of(dossier)
    other = browse(world.other_desk.reception).get(reverse("desk:taken", args=[residence.id]))
    assert other.status_code == 200 and case.code not in other.content.decode()


def test_a_case_is_one_service_and_as_many_dossiers_as_agencies_have(world):
    before = count_services(since=MORNING - timedelta(days=1))
    dossier = applied(world)
    signed(world.desk, dossier)
    advance(dossier.id, at=MORNING)
    after = count_services(since=MORNING - timedelta(days=1))
    assert (after.services - before.services, after.dossiers - before.dossiers) == (1, 3)
    LinkedCase.objects.filter(pk=dossier.id).update(due_at=MORNING)
    day = MORNING.replace(hour=0)
    assert count_wholes(day).late == 1
    # What was withdrawn holds nobody up.
    Dossier.objects.filter(linked=dossier.id).exclude(pk=dossier.pk).update(status=7)
    assert count_wholes(day) == Wholes(kept=1, late=0)
