"""One application for linked procedures becomes several dossiers, in their order, and data is passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.models import Dossier, Draft, LinkedCase
from motcua.casework.dossiers.selectors import list_drafts
from motcua.casework.dossiers.services import drafts, ending, handling
from motcua.casework.dossiers.services.linked_following import advance, leave_out
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    MORNING,
    accepted,
    birth_answers,
    empty_draft,
    picture,
    seen,
    target,
)
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once

pytestmark = pytest.mark.django_db

GROUP = "2.000986"
LATER = {
    "with_residence": "yes",
    "with_health_card": "yes",
    "dwelling_line": "Khu 4",
    "dwelling": "family",
    "household": "join",
    "head_name": "Trần Quốc Bảo",
    "head_relation": "child",
    "head_consent": True,
    "first_care": "Trạm y tế xã Lâm Thao",
}


def filled_in(world, **changes):
    draft = empty_draft(world.mother, code=GROUP)
    drafts.add_paper(
        actor=world.mother, draft_id=draft.id, component="birth_evidence", upload=picture(), at=MORNING
    )
    values = birth_answers(world.desk) | LATER | {"residence_commune": world.other_desk.agency.place_code}
    return drafts.save_answers(actor=world.mother, draft_id=draft.id, answers=values | changes, at=MORNING)


def apply(world, **changes):
    draft = filled_in(world, **changes)
    return submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING)


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
    dossier = apply(world)
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
    draft = filled_in(world)
    first, again = (submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING) for _ in range(2))
    assert first.pk == again.pk
    assert LinkedCase.objects.filter(applicant=world.mother.person).count() == 1


def test_a_signed_result_files_the_others_with_its_data_and_paper(world):
    dossier = apply(world)
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
    dossier = apply(world, with_residence="no", dwelling_line="")
    assert set(states(case_of(dossier))) == {"birth", "health_card"}


def test_a_refusal_stops_what_waits_as_the_pack_says(world):
    dossier = apply(world)
    ending.withdraw_own(
        actor=world.mother, dossier_id=dossier.id, revision=dossier.revision, reason="", at=MORNING
    )
    case = case_of(dossier)
    advance(case.id, at=MORNING)
    assert states(case)["residence"] == ("stopped", "withdrawn")
    told = Entry.objects.filter(kind="linked.part_changed", object_id=case.id)
    assert {it.facts["member"] for it in told} == {"residence", "health_card"}
