"""Intake sheets: their codes, what is printed on them, given out once, void when spoiled."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, transaction

from motcua.casework.dossiers.counter_errors import SheetVoid, TooManySheets
from motcua.casework.dossiers.models import IntakeSheet, SheetBlock
from motcua.casework.dossiers.rules.sheet_codes import SYMBOLS, check_symbol, new_sheet_code, read_sheet_code
from motcua.casework.dossiers.services.intake import Intake
from motcua.casework.dossiers.services.late_entry import Late, begin_entry
from motcua.casework.dossiers.services.printing import Look
from motcua.casework.dossiers.services.sheets import (
    NewBlock,
    find_sheet,
    issue_sheets,
    mark_void,
    print_block,
)
from motcua.casework.dossiers.tests.factories import CODE, MORNING
from motcua.casework.dossiers.tests.test_printed_forms import words_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id


def symbols_of(code: str) -> str:
    return code[2:].replace("-", "")


def test_every_code_reads_back_however_it_was_typed():
    code = new_sheet_code()
    typed = (
        code,
        code.lower(),
        code[2:],
        code.replace("-", " "),
        symbols_of(code).replace("0", "O").replace("1", "l"),
    )
    assert {read_sheet_code(it) for it in typed} == {code}
    assert read_sheet_code(f"https://dichvucong.example/status/?code={code}") == code


def test_one_wrong_symbol_and_two_that_changed_places_are_always_refused():
    right = symbols_of(new_sheet_code())
    wrong = {
        right[:at] + other + right[at + 1 :]
        for at in range(len(right))
        for other in SYMBOLS
        if other != right[at]
    }
    wrong |= {
        right[:a] + right[b] + right[a + 1 : b] + right[a] + right[b + 1 :]
        for a in range(len(right))
        for b in range(a + 1, len(right))
        if right[a] != right[b]
    }
    assert [it for it in wrong if read_sheet_code(it)] == []
    assert check_symbol(right[:-1]) == right[-1]


@pytest.mark.parametrize(
    "typed", ["", "P", "T-7K4M-2QXD-9R-1", "H44.25-260310-0042", "P-" + "0" * 5000, "\0" * 10]
)
def test_what_is_no_code_of_a_sheet_is_none(typed):
    assert read_sheet_code(typed) == ""


def issue(world, *, who=None, block_id=None, procedure=CODE, count=3):
    new = NewBlock(block_id or new_id(), procedure, count)
    return issue_sheets(actor=who or world.desk.reception, new=new, at=MORNING)


@pytest.mark.django_db
class TestBlocks:
    def test_the_same_page_sent_twice_gives_out_the_codes_once(self, world):
        same = new_id()
        first, second = issue(world, block_id=same), issue(world, block_id=same)
        assert first == second
        assert IntakeSheet.objects.count() == 3
        entry = Entry.objects.get(kind="sheet_block.issued")
        assert entry.facts == {"agency": world.desk.agency.code, "procedure": CODE, "count": 3}

    def test_prints_the_questions_of_the_form_and_a_slip_with_each_code(self, world):
        block = issue(world, count=2)
        _block, pdf = print_block(actor=world.desk.reception, block_id=block.id)
        text = words_of(pdf)
        codes = [it.code for it in block.sheets.all()]
        # On both pages of a sheet, at its head and on the slip.
        assert all(text.count("".join(it.split())) >= 4 for it in codes)
        for words in ("Giấychứngsinh", "Chữđệmvàtên", "PHẦNGIAOCHONGƯỜINỘPHỒSƠ"):
            assert words in text
        for mark in (b"<pdfaid:part>2<", b"<pdfuaid:part>1<"):
            assert mark in pdf
        assert len(pdfium.PdfDocument(pdf)) == 4
        english = print_block(actor=world.desk.reception, block_id=block.id, look=Look(second="en"))[1]
        assert "Onlyif" in words_of(english)

    def test_a_sheet_for_any_procedure_leaves_room_to_write_it(self, world):
        block = issue(world, procedure="", count=1)
        text = words_of(print_block(actor=world.desk.reception, block_id=block.id)[1])
        assert "Nộidungyêucầugiảiquyết:..." in text
        assert len(pdfium.PdfDocument(print_block(actor=world.desk.reception, block_id=block.id)[1])) <= 2

    @pytest.mark.parametrize("count", [0, 51])
    def test_refuses_more_than_a_block_holds(self, world, count):
        with pytest.raises(TooManySheets):
            issue(world, count=count)

    def test_is_for_who_serves_at_the_counter(self, world):
        block = issue(world)
        for who in (world.other_desk.reception, world.desk.specialist, world.auditor, world.mother):
            with pytest.raises(NotFound):
                print_block(actor=who, block_id=block.id)
        for who in (world.desk.specialist, world.mother, world.auditor):
            with pytest.raises(NotFound):
                issue(world, who=who)
        assert SheetBlock.objects.count() == 1


@pytest.mark.django_db
class TestVoid:
    def test_a_void_sheet_is_refused_with_its_reason_until_that_is_taken_back(self, world):
        sheet = issue(world).sheets.first()
        actor = world.desk.reception
        mark_void(actor=actor, sheet_id=sheet.id, reason="Bị ướt", at=MORNING)
        late = Late(sheet.code, MORNING, "line")
        with pytest.raises(SheetVoid, match="Bị ướt"):
            begin_entry(actor=actor, late=late, intake=Intake(world.mother.person_id), at=MORNING)
        mark_void(actor=actor, sheet_id=sheet.id, reason="Bị ướt", at=MORNING)
        mark_void(actor=actor, sheet_id=sheet.id, reason="", at=MORNING)
        assert find_sheet(actor, sheet.code) == sheet
        kinds = list(
            Entry.objects.filter(object_id=sheet.id).order_by("sequence").values_list("kind", flat=True)
        )
        assert kinds == ["sheet.voided", "sheet.restored"]

    def test_the_database_keeps_a_code_once_and_only_with_its_form(self, world):
        block = issue(world, count=2)
        code = block.sheets.first().code
        for wrong in (code, "P-ILOU-0000-00"):
            with pytest.raises(IntegrityError), transaction.atomic():
                block.sheets.filter(position=2).update(code=wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("right sheet", "appears here once the counter has entered it"),
        ("wrong sheet", "symbol is mistyped"),
        ("T-7K4M-2QXD-9R", "the reference you were shown"),
        ("l-7K4M-2QXD-9R", "for everything together"),
        ("H44.12.05-260310-0001", "the last four figures"),
    ],
)
def test_what_is_not_found_by_its_code_is_answered_with_words_for_that_kind(client, code, words):
    right = new_sheet_code()
    other = next(it for it in SYMBOLS if it != right[-1])
    typed = {"right sheet": right, "wrong sheet": right[:-1] + other}.get(code, code)
    answer = client.get("/status/", {"code": typed})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert words in page
    assert ("the last four figures" in page) == (words == "the last four figures")
