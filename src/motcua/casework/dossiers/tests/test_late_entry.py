"""Entering a paper sheet: the true time counts, the record says so, and a sheet makes one dossier."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.casework.dossiers.counter_errors import (
    CameTooEarly,
    LateReasonMissing,
    NoSuchSheet,
    NotYet,
    SheetEntered,
    SheetOfAnotherProcedure,
    SheetVoid,
)
from motcua.casework.dossiers.models import Dossier, Draft, IntakeSheet
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.control import list_moves
from motcua.casework.dossiers.services.ending import Why
from motcua.casework.dossiers.services.intake import Intake, take_in, tick_papers
from motcua.casework.dossiers.services.late_entry import Late, begin_entry, find_entered, promise_from
from motcua.casework.dossiers.services.sheets import NewBlock, issue_sheets, mark_void
from motcua.casework.dossiers.services.turning_away import refuse_at_counter
from motcua.casework.dossiers.tests.factories import CODE, HANOI, MORNING, birth_answers
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.registry.catalogue.selectors import get_version

pytestmark = pytest.mark.django_db
# Printed on Monday; the papers came in on Friday before noon, and were entered on Tuesday.
PRINTED = datetime(2026, 3, 2, 8, 0, tzinfo=HANOI)
FRIDAY = datetime(2026, 3, 6, 10, 30, tzinfo=HANOI)


def blank(world, *, procedure=CODE, who=None) -> IntakeSheet:
    new = NewBlock(new_id(), procedure, 1)
    return issue_sheets(actor=who or world.desk.reception, new=new, at=PRINTED).sheets.get()


def begin(world, sheet, *, who=None, person=None, came_at=FRIDAY, reason="power", words="", procedure=""):
    late = Late(sheet.code, came_at, reason, words, procedure)
    intake = Intake((person or world.mother).person_id)
    return begin_entry(actor=who or world.desk.reception, late=late, intake=intake, at=MORNING)


def filled(world, draft) -> Draft:
    clerk = world.desk.reception
    tick_papers(actor=clerk, draft_id=draft.id, ticked={"birth_evidence": {"original": 1}}, at=MORNING)
    return drafts.save_answers(actor=clerk, draft_id=draft.id, answers=birth_answers(world.desk), at=MORNING)


def entered(world, sheet) -> Dossier:
    draft = filled(world, begin(world, sheet))
    return take_in(actor=world.desk.reception, draft_id=draft.id, at=MORNING)


class TestTrueTime:
    def test_code_clock_and_register_have_the_day_it_came_in(self, world):
        sheet = blank(world)
        dossier = entered(world, sheet)
        assert dossier.code.endswith("-260306-0001")
        assert dossier.accepted_at == dossier.submitted_at == FRIDAY
        assert dossier.entered_at == MORNING
        assert dossier.due_at == promise_from(dossier.version, world.desk.agency, FRIDAY).at
        assert dossier.due_steps[0]["code"]

    def test_the_journal_says_when_it_came_when_it_was_entered_why_and_by_whom(self, world):
        sheet = blank(world)
        dossier = entered(world, sheet)
        entry = Entry.objects.get(object_id=dossier.id)
        assert (entry.kind, entry.at, entry.person_id) == (
            "dossier.taken_in",
            MORNING,
            world.desk.reception.person_id,
        )
        assert datetime.fromisoformat(entry.facts["accepted_at"]) == FRIDAY
        assert entry.facts["sheet"] == sheet.code
        assert entry.detail.values["reason"] == "mất điện"

    def test_form_05_tells_when_it_was_entered_beside_when_it_came(self, world):
        sheet = blank(world)
        line = list_moves(entered(world, sheet))[0]
        assert line.at == FRIDAY
        assert sheet.code in line.remark
        assert "nhập lúc 09:00 10/03/2026" in line.remark

    def test_the_number_of_that_day_goes_on_from_those_that_were_given_then(self, world):
        assert [entered(world, blank(world)).code[-4:] for _ in range(2)] == ["0001", "0002"]

    def test_refuses_a_time_ahead_or_before_the_sheet_was_printed(self, world):
        sheet = blank(world)
        with pytest.raises(NotYet):
            begin(world, sheet, came_at=MORNING + timedelta(minutes=1))
        with pytest.raises(CameTooEarly):
            begin(world, sheet, came_at=PRINTED - timedelta(minutes=1))
        assert begin(world, sheet, came_at=PRINTED)

    def test_refuses_another_reason_without_words(self, world):
        for reason, words in (("other", " "), ("", ""), ("flood", "Lũ")):
            with pytest.raises(LateReasonMissing):
                begin(world, blank(world), reason=reason, words=words)
        draft = begin(world, blank(world), reason="other", words="Lũ lụt")
        dossier = take_in(actor=world.desk.reception, draft_id=filled(world, draft).id, at=MORNING)
        assert Entry.objects.get(object_id=dossier.id).detail.values["reason"] == "Lũ lụt"


def test_what_is_refused_at_the_counter_uses_its_sheet_up_too(world):
    sheet = blank(world)
    why = Why(ground="not_competent", reason="Thuộc thẩm quyền của xã khác.")
    by = {"actor": world.desk.reception, "draft_id": begin(world, sheet).id}
    dossier = refuse_at_counter(why=why, at=MORNING, **by)
    assert (dossier.submitted_at, dossier.entered_at) == (FRIDAY, MORNING)
    assert find_entered(world.desk.reception, sheet.code) == dossier.id
    assert Entry.objects.get(object_id=dossier.id, kind="dossier.refused").facts["sheet"] == sheet.code


class TestOneSheetOneDossier:
    def test_a_second_entry_is_refused_and_led_to_the_first(self, world):
        sheet = blank(world)
        dossier = entered(world, sheet)
        with pytest.raises(SheetEntered):
            begin(world, sheet)
        assert find_entered(world.desk.reception, sheet.code.lower()) == dossier.id
        assert find_entered(world.other_desk.reception, sheet.code) is None

    def test_beginning_again_goes_on_with_the_draft_for_another_person_it_is_refused(self, world):
        sheet = blank(world)
        assert begin(world, sheet) == begin(world, sheet)
        with pytest.raises(SheetEntered):
            begin(world, sheet, person=world.neighbour)
        assert Draft.objects.count() == 1

    def test_throwing_the_draft_away_makes_the_sheet_blank_again(self, world):
        sheet = blank(world)
        drafts.discard_draft(actor=world.desk.reception, draft_id=begin(world, sheet).id)
        sheet.refresh_from_db()
        assert sheet.state == "blank"
        assert entered(world, sheet).entered_at

    def test_taking_in_twice_gives_the_same_dossier(self, world):
        draft = filled(world, begin(world, blank(world)))
        by = {"actor": world.desk.reception, "draft_id": draft.id, "at": MORNING}
        assert take_in(**by) == take_in(**by)

    def test_the_database_holds_a_dossier_for_one_sheet(self, world):
        sheet, other = blank(world), blank(world)
        dossier = entered(world, sheet)
        facts = {"came_at": FRIDAY, "entered_at": MORNING, "entered_by": new_id(), "reason": "line"}
        with pytest.raises(IntegrityError), transaction.atomic():
            IntakeSheet.objects.filter(pk=other.pk).update(dossier=dossier, **facts)

    def test_refuses_a_mistyped_code_a_void_sheet_and_another_counters(self, world):
        sheet, foreign = blank(world), blank(world, who=world.other_desk.reception)
        wrong = IntakeSheet(code=sheet.code[:-1] + ("0" if sheet.code[-1] != "0" else "1"))
        for one in (wrong, foreign):
            with pytest.raises(NoSuchSheet):
                begin(world, one)
        mark_void(actor=world.desk.reception, sheet_id=sheet.id, reason="Bị ướt", at=MORNING)
        with pytest.raises(SheetVoid, match="Bị ướt"):
            begin(world, sheet)

    def test_a_sheet_for_any_procedure_takes_the_one_that_is_named(self, world):
        assert begin(world, blank(world, procedure=""), procedure=CODE).version.procedure_id == CODE
        with pytest.raises(SheetOfAnotherProcedure):
            begin(world, blank(world), procedure="1.000894")


def test_what_came_after_closing_counts_from_the_next_opening(world):
    evening = datetime(2026, 3, 6, 18, 0, tzinfo=HANOI)
    counted = promise_from(get_version(CODE, at=evening.date()), world.desk.agency, evening)
    assert counted.start.date() > evening.date()
