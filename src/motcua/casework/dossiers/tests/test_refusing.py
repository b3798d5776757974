"""The letter that refuses after examination is a result like any other."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.errors import ForbiddenByLaw, GroundMissing
from motcua.casework.dossiers.services import handling, refusing, tasking
from motcua.casework.dossiers.services.refusing import Refusal
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import CHECKS, MORNING, seen, target
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db
LETTER = Refusal("Trẻ đã được đăng ký khai sinh ở nơi khác.", "Luật Hộ tịch 60/2014/QH13, Điều 13")


def declined(world, *, upto="returned"):
    dossier = factories.handed_over(world.desk, world.mother)
    refusing.draft_refusal(actor=world.desk.specialist, target=target(dossier), refusal=LETTER, at=MORNING)
    handling.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=MORNING)
    handling.sign_result(
        actor=world.desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=MORNING
    )
    if upto == "returned":
        handling.return_result(actor=world.desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    return dossier


def test_it_is_signed_and_returned_and_visible_as_not_granted(world):
    dossier = declined(world)
    assert (dossier.status, dossier.is_declined) == (10, True)
    issued = Document.objects.get(subject=dossier.id)
    assert (issued.kind, issued.name) == ("refusal", "Văn bản từ chối giải quyết hồ sơ")
    assert (issued.number, issued.valid_to, issued.about) == ("01/TB-TTPVHCC", None, "")
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.signed")
    assert entry.facts["declined"] is True


def test_a_granted_result_is_none(world):
    assert factories.returned(world.desk, world.mother).is_declined is False


def test_who_changes_their_mind_drafts_the_certificate_with_its_own_number(world):
    dossier = factories.handed_over(world.desk, world.mother)
    by = {"actor": world.desk.specialist, "at": MORNING}
    letter = refusing.draft_refusal(target=target(dossier), refusal=LETTER, **by)
    draft = handling.draft_result(target=target(dossier), checks=CHECKS, **by)
    again = refusing.draft_refusal(target=target(dossier), refusal=LETTER, **by)
    assert (letter.edition, draft.edition, again.edition) == (1, 2, 3)
    assert (again.number, again.content["verify"]["code"]) == (
        letter.number,
        letter.content["verify"]["code"],
    )
    assert draft.number != letter.number


def test_its_signer_is_named_anew_on_the_same_letter(world):
    dossier = factories.handed_over(world.desk, world.mother)
    draft = refusing.draft_refusal(
        actor=world.desk.specialist, target=target(dossier), refusal=LETTER, at=MORNING
    )
    assert (draft.content["signature"]["page"], draft.content["reason"]) == (1, LETTER.reason)
    tasking.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=MORNING)


@pytest.mark.parametrize("letter", [Refusal(" ", "x"), Refusal("x", " ")])
def test_it_says_why_and_by_what_law(world, letter):
    dossier = factories.handed_over(world.desk, world.mother)
    with pytest.raises(GroundMissing):
        refusing.draft_refusal(
            actor=world.desk.specialist, target=target(dossier), refusal=letter, at=MORNING
        )


def test_before_acceptance_there_is_form_03_instead(world):
    dossier = factories.submitted(world.desk, world.mother)
    with pytest.raises(ForbiddenByLaw):
        refusing.draft_refusal(
            actor=world.desk.specialist, target=target(dossier), refusal=LETTER, at=MORNING
        )
