"""A slip in what was declared is put right for all to see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.errors import CorrectionRefused, ForbiddenByLaw, GroundMissing
from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.note_errors import DraftOutdated
from motcua.casework.dossiers.selectors import search_dossiers
from motcua.casework.dossiers.services import correcting, handling, tasking
from motcua.casework.dossiers.services.correcting import Correction
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, snapshot, target
from motcua.casework.dossiers.web import law_words
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import Refused

pytestmark = pytest.mark.django_db
SLIP = Correction("given_name", "Anh Khôi", "Gõ thiếu chữ đệm")


def correct(world, dossier, *, who="specialist", correction=SLIP):
    actor = getattr(world.desk, who)
    return correcting.correct_data(actor=actor, target=target(dossier), correction=correction, at=MORNING)


def test_old_and_new_value_and_the_reason_stand_in_the_journal(world):
    dossier = factories.handed_over(world.desk, world.mother)
    before = dossier.answers["given_name"]
    correct(world, dossier)
    dossier.refresh_from_db()
    assert dossier.answers["given_name"] == "Anh Khôi"
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.data_corrected")
    assert (entry.facts["field"], entry.detail.values) == (
        "given_name", {"reason": SLIP.reason, "before": before, "after": "Anh Khôi"},
    )  # fmt: skip
    assert search_dossiers(world.desk.specialist, "anh khoi") == [dossier]


@pytest.mark.parametrize(
    "correction",
    [
        Correction("nobody", "x", "x"),
        Correction("birth_evidence", "x", "x"),
        Correction("birth_date", "31/02/2026", "x"),
        Correction("birth_date", "2999-01-01", "x"),
        Correction("given_name", "", "x"),
        Correction("given_name", 5, "x"),
        Correction("given_name", {"a": "b"}, "x"),
    ],
)
def test_the_form_must_take_the_value(world, correction):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(CorrectionRefused):
        correct(world, dossier, correction=correction)
    assert snapshot(dossier) == before


def test_a_draft_of_what_was_declared_before_goes_to_no_signature(world):
    dossier = factories.drafted(world.desk, world.mother)
    later = MORNING + timedelta(hours=1)
    correcting.correct_data(actor=world.desk.specialist, target=target(dossier), correction=SLIP, at=later)
    before = snapshot(dossier)
    with pytest.raises(DraftOutdated):
        tasking.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=later)
    assert snapshot(dossier) == before
    again = {"target": target(dossier), "checks": factories.CHECKS, "at": later}
    handling.draft_result(actor=world.desk.specialist, **again)
    tasking.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=later)


def test_the_same_value_or_no_reason_is_no_correction(world):
    dossier = factories.handed_over(world.desk, world.mother)
    same = Correction("given_name", dossier.answers["given_name"], "x")
    with pytest.raises(CorrectionRefused):
        correct(world, dossier, correction=same)
    with pytest.raises(GroundMissing):
        correct(world, dossier, correction=Correction("given_name", "Anh Khôi", " "))


def test_what_was_corrected_is_told_in_words_with_numbers_masked(world):
    dossier = factories.handed_over(world.desk, world.mother)
    fields = form_of(dossier.version).fields
    number = next(it for it in _all(fields.values()) if it.kind == "personal_number")
    assert law_words._said(number, "025197004187", {}) == "025*********"
    choice = fields["sex"] if "sex" in fields else next(it for it in fields.values() if it.options)
    value = dossier.answers.get(choice.name, choice.options[0].value)
    assert law_words._said(choice, value, dossier.answers) != str(value)
    assert law_words._said(fields["birth_date"], None, {}) == "–"


def _all(fields):
    for it in fields:
        yield it
        yield from _all(it.fields)


def test_another_deciding_agency_is_a_transfer(world):
    dossier = factories.handed_over(world.desk, world.mother)
    other = Correction("registration_commune", world.other_desk.agency.place_code, "x")
    with pytest.raises(CorrectionRefused):
        correct(world, dossier, correction=other)


def test_what_was_signed_is_not_corrected(world):
    dossier = factories.signed(world.desk, world.mother)
    with pytest.raises(ForbiddenByLaw, match="revoked or replaced"):
        correct(world, dossier, who="reception")


def test_who_has_the_task_corrects_and_nobody_else(world):
    dossier = factories.handed_over(world.desk, world.mother)
    with pytest.raises(Refused):
        correct(world, dossier, who="reception")
