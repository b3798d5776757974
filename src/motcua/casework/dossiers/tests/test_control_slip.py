"""Form 05 from the journal: who had the dossier when, and how that lay to the promise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from motcua.casework.dossiers.errors import ActNotAllowed
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.control import (
    APPLICANT,
    EARLY,
    LATE,
    ON_TIME,
    Noted,
    classify,
    moves,
)
from motcua.casework.dossiers.services.control import control_facts, list_moves, make_control_slip
from motcua.casework.dossiers.services.papers import file_of, print_again
from motcua.casework.dossiers.services.printing import Look
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.test_printed_forms import words_of
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DUE = datetime(2026, 3, 13, 2, tzinfo=UTC)
STEPS = {"verify": "Thẩm tra hồ sơ", "sign": "Ký kết quả"}


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (DUE - timedelta(days=1), EARLY),
        (DUE - timedelta(hours=1), ON_TIME),
        (DUE, ON_TIME),
        (DUE + timedelta(seconds=1), LATE),
        # 23:30 of the day before in Hà Nội, though in UTC it is the same day.
        (datetime(2026, 3, 12, 16, 30, tzinfo=UTC), EARLY),
    ],
)
def test_a_move_is_early_before_the_day_on_time_until_the_hour_and_late_after(at, words):
    assert classify(at, DUE, HANOI) == words


def noted(kind, day, who="", **facts):
    kinds = {"dossier.submitted": "citizen", "dossier.supplemented": "citizen"}
    return Noted(
        f"dossier.{kind}", MORNING + timedelta(days=day), kinds.get(f"dossier.{kind}", "officer"), who, facts
    )


def test_a_return_and_a_second_way_round_give_a_line_each():
    entries = [
        noted("submitted", 0),
        noted("accepted", 0, "Hà", due_at=DUE.isoformat()),
        noted("handed_over", 0, "Hà", step="accept", next_step="verify"),
        noted("task_claimed", 0, "Quang", step="verify"),
        noted("submitted_for_signature", 1, "Quang", step="verify", next_step="sign"),
        noted("task_returned", 1, "Minh", step="sign", next_step="verify"),
        noted("submitted_for_signature", 2, "Lan", step="verify", next_step="sign"),
    ]
    found = moves(entries, STEPS, HANOI)
    assert [(it.giver, it.receiver) for it in found] == [
        (APPLICANT, "Hà"),
        ("Hà", "Thẩm tra hồ sơ: Quang"),
        ("Quang", "Ký kết quả: Minh"),
        ("Minh", "Thẩm tra hồ sơ: Lan"),
        ("Lan", "Ký kết quả"),
    ]


def test_what_the_applicant_brings_sets_a_new_promise():
    entries = [
        noted("accepted", 0, "Hà", due_at=(MORNING + timedelta(days=1)).isoformat()),
        noted("supplement_requested", 2, "Quang", step="verify"),
        noted("supplemented", 9, next_step="verify", due_at=(MORNING + timedelta(days=20)).isoformat()),
    ]
    asked, brought = moves(entries, STEPS, HANOI)[1:]
    assert (asked.receiver, asked.result) == (APPLICANT, LATE)
    assert (brought.giver, brought.receiver, brought.result) == (APPLICANT, "Thẩm tra hồ sơ", EARLY)


def test_the_limit_of_an_opinion_is_no_promise_to_the_applicant():
    entries = [
        noted("accepted", 0, "Hà", due_at=DUE.isoformat()),
        noted("opinion_requested", 1, "Quang", asked_of="Công an xã", due_at=MORNING.isoformat()),
        noted("opinion_given", 2, "Dũng"),
    ]
    found = moves(entries, STEPS, HANOI)
    assert found[1].receiver == "Công an xã"
    assert found[2].result == EARLY


@pytest.mark.django_db
class TestSlip:
    def test_says_who_had_a_dossier_from_acceptance_to_return(self, world):
        dossier = factories.returned(world.desk, world.mother)
        remarks = [it.remark for it in list_moves(dossier)]
        assert remarks[0] == "Tiếp nhận hồ sơ"
        assert remarks[-1] == "Trả kết quả"
        assert {"Chuyển xử lý", "Trình ký", "Ký kết quả"} <= set(remarks)
        assert {it.result for it in list_moves(dossier)} <= {EARLY, ON_TIME}

    def test_comes_from_the_journal_alone(self, world):
        dossier = factories.returned(world.desk, world.mother)
        before = control_facts(dossier)["moves"]
        Dossier.objects.filter(pk=dossier.pk).update(last_move=None, clock=[], revision=99)
        assert control_facts(Dossier.objects.get(pk=dossier.pk))["moves"] == before

    def test_each_print_is_an_edition_under_one_number(self, world):
        dossier = factories.handed_over(world.desk, world.mother)
        slips = [
            make_control_slip(actor=world.desk.specialist, dossier_id=dossier.id, at=MORNING)
            for _ in range(2)
        ]
        assert [(it.number, it.edition) for it in slips] == [("1/PKS-TTPVHCC", 1), ("1/PKS-TTPVHCC", 2)]
        entries = Entry.objects.filter(object_id=dossier.id, kind="dossier.form_made")
        assert [it.facts["edition"] for it in entries.order_by("sequence")] == [1, 2]
        text = words_of(read_file(file_of(slips[0])))
        assert "".join(dossier.code.split()) in text

    def test_prints_again_in_another_language_and_keeps_the_paper_of_record(self, world):
        dossier = factories.accepted(world.desk, world.mother)
        receipt = dossier.documents.get(kind="receipt")
        kept = file_of(receipt).sha256
        assert "Dossiercode" in words_of(print_again(receipt, Look("en", "a4")))
        assert file_of(OfficialDocument.objects.get(pk=receipt.pk)).sha256 == kept

    def test_is_refused_before_acceptance_and_to_strangers(self, world):
        dossier = factories.submitted(world.desk, world.mother)
        with pytest.raises(ActNotAllowed):
            make_control_slip(actor=world.desk.reception, dossier_id=dossier.id, at=MORNING)
        with pytest.raises(NotFound):
            make_control_slip(actor=world.other_desk.reception, dossier_id=dossier.id, at=MORNING)
        with pytest.raises(Refused):
            make_control_slip(actor=world.mother, dossier_id=dossier.id, at=MORNING)

    def test_the_page_shows_the_lines_and_prints_them(self, world, browse):
        dossier = factories.returned(world.desk, world.mother)
        browser = browse(world.desk.reception)
        page = browser.get(reverse("desk:control", args=[dossier.id]))
        assert "Trình ký" in page.content.decode()
        made = browser.post(reverse("desk:control", args=[dossier.id]))
        assert browser.get(made.url).headers["Content-Type"] == "application/pdf"
