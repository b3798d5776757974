"""Fees noted as paid, through the API."""

from __future__ import annotations

import pytest
import time_machine

from motcua.casework.dossiers.services.paying import fees_of
from motcua.casework.dossiers.tests.factories import MORNING, accepted
from motcua.casework.fees.models import LedgerEntry
from motcua.doors.api.tests.factories import by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_the_counter_notes_a_fee_once_and_who_does_not_serve_there_none(world):
    with time_machine.travel(MORNING, tick=False):
        dossier = accepted(world.desk, world.mother)
        paid = {
            "fee": fees_of(dossier)[-1].code,
            "amount_vnd": 8000,
            "book": "bl-26e",
            "number": "0000001",
            "received_on": "2026-03-10",
        }
        desk = by_person(world, world.desk.reception, at=MORNING)
        answers = [desk.act(dossier, "note-payment", paid) for _twice in range(2)]
        assert [it.status_code for it in answers] == [200, 200], answers[0].content
        entry = LedgerEntry.objects.get(subject=dossier.id)
        assert (entry.amount_vnd, entry.receipt_book) == (8000, "BL-26E")
        assert Entry.objects.filter(object_id=dossier.id, kind="dossier.fee_noted").count() == 1
        old = desk.act(dossier, "note-payment", paid, key="second-key", If_Match='"1-5f0c9a1b2d3e4f50"')
        is_problem(old, 412, "dossier_moved")
        unknown = desk.act(dossier, "note-payment", paid | {"fee": "none"}, key="third-key1")
        assert unknown.status_code == 422, unknown.content
        specialist = by_person(world, world.desk.specialist, at=MORNING)
        is_problem(specialist.act(dossier, "note-payment", paid), 403, "refused")
        mother = by_person(world, world.mother, at=MORNING)
        is_problem(mother.act(dossier, "note-payment", paid), 403, "token_of_person")
        assert LedgerEntry.objects.count() == 1
