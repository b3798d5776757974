"""Asking for everything that is missing at once, and bringing it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    AskedBefore,
    DossierMoved,
    NothingAsked,
    NothingBrought,
)
from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.models import Component, SupplementRequest
from motcua.casework.dossiers.selectors import Looking, list_inbox
from motcua.casework.dossiers.services import handling, supplements
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.supplements import Item, request_supplement
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, picture, snapshot, target
from motcua.casework.process.models import Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.catalogue.selectors import get_version

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=2)
ITEMS = (Item("Ảnh giấy chứng sinh rõ cả bốn góc", component="birth_evidence"), Item("Giấy xác nhận"))


def ask(world, dossier, *, who="specialist", items=ITEMS, reason="Ảnh mờ", arose="", at=MORNING):
    actor = getattr(world.desk, who)
    return supplements.request_supplement(
        actor=actor, target=target(dossier), items=items, reason=reason, arose=arose, at=at
    )


def bring(world, dossier, *, answers=None, at=LATER, items=(0, 1)):
    for index in items:
        supplements.add_paper(
            actor=world.mother, dossier_id=dossier.id, item=index, upload=picture(shade=10 + index), at=at
        )
    return supplements.supplement(
        actor=world.mother,
        dossier_id=dossier.id,
        revision=target(dossier).revision,
        answers=answers or {},
        at=at,
    )


@pytest.fixture
def asked(world):
    dossier = factories.handed_over(world.desk, world.mother)
    ask(world, dossier)
    dossier.refresh_from_db()
    return dossier


def test_everything_is_asked_for_in_one_form_and_the_clock_stops(asked, world):
    request = SupplementRequest.objects.get(dossier=asked)
    assert (asked.status, request.status, request.step, len(request.items)) == (5, 4, "verification", 2)
    content = request.document.content
    assert request.document.number == "1/PBS-TTPVHCC"
    assert content["items"][1] == {"text": "Giấy xác nhận", "reason": ""}
    assert content["lookup"]["url"].endswith("/status/")
    assert asked.clock == [{"kind": "stopped", "at": MORNING.isoformat()}]
    entry = Entry.objects.get(object_id=asked.id, kind="dossier.supplement_requested")
    assert (entry.facts["status"], entry.facts["items"], entry.detail.values) == (5, 2, {"reason": "Ảnh mờ"})
    assert file_of(request.document).media_type == "application/pdf"


def test_an_item_has_a_reason_of_its_own_which_the_applicant_reads(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    desk = browse(world.desk.specialist)
    sent = {
        "revision": dossier.revision,
        "text": ["Ảnh rõ hơn", "Giấy xác nhận"],
        "about": ["", ""],
        "why": ["Thiếu góc dưới", ""],
        "reason": "Chưa đủ giấy tờ",
    }
    assert desk.post(f"/desk/dossiers/{dossier.id}/supplement/", sent).status_code == 302
    request = SupplementRequest.objects.get(dossier=dossier)
    assert [it.get("reason", "") for it in request.items] == ["Thiếu góc dưới", ""]
    assert request.document.content["items"][0] == {"text": "Ảnh rõ hơn", "reason": "Thiếu góc dưới"}
    own = browse(world.mother).get(f"/dossiers/{dossier.id}/supplement/").content.decode()
    assert "Thiếu góc dưới" in own


def test_forty_items_can_be_asked_for_and_no_more(world):
    dossier = factories.handed_over(world.desk, world.mother)
    items = [Item(f"Giấy tờ {number}") for number in range(41)]
    given = {"actor": world.desk.specialist, "target": target(dossier), "reason": "Thiếu", "at": MORNING}
    with pytest.raises(NothingAsked):
        request_supplement(items=items, **given)
    assert len(request_supplement(items=items[:40], **given).items) == 40


def test_what_waits_for_the_citizen_is_never_called_overdue(asked, world, browse):
    with time_machine.travel(MORNING + timedelta(days=30), tick=False):
        page = browse(world.desk.specialist).get("/desk/?view=waiting").content.decode()
    assert "No time is counted" in page
    assert "days overdue" not in page


def test_what_waits_for_the_citizen_is_in_no_inbox_but_among_what_waits(asked, world):
    assert list_inbox(world.desk.specialist, at=MORNING).rows == []
    waiting = list_inbox(world.desk.specialist, Looking("waiting"), at=MORNING).rows
    assert [row.dossier.id for row in waiting] == [asked.id]
    with pytest.raises(ActNotAllowed):
        handling.draft_result(
            actor=world.desk.specialist, target=target(asked), checks=factories.CHECKS, at=MORNING
        )


def test_the_applicant_brings_it_and_the_whole_limit_runs_again(asked, world):
    before = asked.due_at
    dossier = bring(world, asked)
    asked.refresh_from_db()
    assert (asked.status, dossier.due_at == asked.due_at, asked.due_at - before) == (
        4,
        True,
        timedelta(days=2),
    )
    codes = [step["code"] for step in asked.due_steps]
    assert ("stopped" in codes, "restarted" in codes, codes[-1]) == (True, True, "due")
    task = Task.objects.get(subject=asked.id, completed_at=None)
    assert (task.step, task.paused_at, task.due_at > LATER) == ("verification", None, True)
    papers = Component.objects.filter(dossier=asked, supplement__isnull=False).order_by("id")
    assert [(it.code, it.name) for it in papers] == [
        ("birth_evidence", "Giấy chứng sinh"), ("supplement", "Giấy xác nhận"),
    ]  # fmt: skip
    entry = Entry.objects.get(object_id=asked.id, kind="dossier.supplemented")
    assert (entry.actor_kind, entry.facts["next_step"], len(entry.facts["papers"])) == (
        "citizen",
        "verification",
        2,
    )


def test_an_online_dossier_is_asked_before_it_is_accepted_and_no_clock_runs(world):
    dossier = factories.submitted(world.desk, world.mother)
    ask(world, dossier, who="reception")
    dossier.refresh_from_db()
    assert (dossier.status, dossier.clock, dossier.due_at) == (5, [], None)
    bring(world, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.due_at) == (1, None)
    handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=LATER)


def test_an_answer_is_corrected_and_what_it_was_is_kept(world):
    dossier = factories.handed_over(world.desk, world.mother)
    ask(world, dossier, items=(Item("Tên đệm của trẻ", field="given_name"),))
    old = dossier.answers["given_name"]
    bring(world, dossier, answers={"given_name": "Anh Khôi", "birth_date": "2020-01-01"}, items=())
    dossier.refresh_from_db()
    assert (dossier.answers["given_name"], dossier.answers["birth_date"] != "2020-01-01") == (
        "Anh Khôi",
        True,
    )
    assert SupplementRequest.objects.get(dossier=dossier).before == {"given_name": old}


def test_an_optional_answer_is_corrected_to_nothing(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    old = dossier.answers["birth_time"]
    ask(world, dossier, items=(Item("Giờ sinh không có căn cứ", field="birth_time"),))
    with pytest.raises(NothingBrought):
        bring(world, dossier, items=())
    typed = {"revision": target(dossier).revision, "birth_time_hour": "", "birth_time": "", "send": "1"}
    sent = browse(world.mother).post(f"/dossiers/{dossier.id}/supplement/", typed)
    dossier.refresh_from_db()
    assert (sent.status_code, "birth_time" in dossier.answers) == (302, False)
    assert SupplementRequest.objects.get(dossier=dossier).before == {"birth_time": old}


def test_half_of_it_is_not_taken(asked, world):
    before = snapshot(asked)
    with pytest.raises(NothingBrought, match="Giấy xác nhận"):
        bring(world, asked, items=(0,))
    assert snapshot(asked) == before


@pytest.mark.parametrize(("items", "reason"), [
    ((), "Ảnh mờ"), (ITEMS, " "), ((Item(" "),), "Ảnh mờ"), ((Item("x", component="given_name"),), "Ảnh mờ"),
    ((Item("x", "birth_evidence", "given_name"),), "Ảnh mờ"), ((Item("x", field="birth_evidence"),), "Ảnh mờ"), ((Item("x", field="nobody"),), "Ảnh mờ"),
])  # fmt: skip
def test_a_request_says_what_and_why(world, items, reason):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(NothingAsked):
        ask(world, dossier, items=items, reason=reason)
    assert snapshot(dossier) == before


def test_no_correction_is_asked_of_what_is_calculated():
    fields = form_of(get_version("1.001776", at=MORNING.date())).fields
    calculated = next(it.name for it in fields.values() if it.kind == "calculated")
    assert not supplements._can_be_brought(fields, Item("x", field=calculated))


def test_it_is_asked_by_who_has_the_task_and_by_nobody_else(world):
    dossier = factories.handed_over(world.desk, world.mother)
    before = snapshot(dossier)
    for who in ("reception", "leader"):
        with pytest.raises(Refused):
            ask(world, dossier, who=who)
    for actor, error in (
        (world.other_desk.specialist, NotFound),
        (world.mother, Refused),
        (world.neighbour, NotFound),
    ):
        with pytest.raises(error):
            supplements.request_supplement(
                actor=actor, target=target(dossier), items=ITEMS, reason="Ảnh mờ", at=MORNING
            )
    assert snapshot(dossier) == before


def test_nobody_but_the_applicant_brings_it(asked, world):
    before = snapshot(asked)
    revision = target(asked).revision
    for actor, error in (
        (world.neighbour, NotFound),
        (world.desk.specialist, Refused),
        (world.other_desk.leader, NotFound),
    ):
        with pytest.raises(error):
            supplements.supplement(actor=actor, dossier_id=asked.id, revision=revision, answers={}, at=LATER)
        with pytest.raises(NotFound):
            supplements.add_paper(actor=actor, dossier_id=asked.id, item=0, upload=picture(), at=LATER)
    with pytest.raises(DossierMoved):
        supplements.supplement(
            actor=world.mother, dossier_id=asked.id, revision=revision - 1, answers={}, at=LATER
        )
    assert snapshot(asked) == before


def test_it_is_brought_once(asked, world):
    bring(world, asked)
    before = snapshot(asked)
    with pytest.raises(ActNotAllowed):
        supplements.supplement(
            actor=world.mother, dossier_id=asked.id, revision=target(asked).revision, answers={}, at=LATER
        )
    assert snapshot(asked) == before


def test_asking_twice_counts_the_time_of_both(asked, world):
    bring(world, asked)
    ask(world, asked, arose="Giấy mang đến bị rách", at=LATER + timedelta(hours=1))
    again = LATER + timedelta(days=1)
    for index in (0, 1):
        supplements.add_paper(
            actor=world.mother, dossier_id=asked.id, item=index, upload=picture(shade=90 + index), at=again
        )
    supplements.supplement(
        actor=world.mother, dossier_id=asked.id, revision=target(asked).revision, answers={}, at=again
    )
    asked.refresh_from_db()
    assert [row["kind"] for row in asked.clock] == ["stopped", "restarted", "stopped", "restarted"]
    assert asked.due_at == datetime.fromisoformat("2026-03-13T17:00:00+07:00")
    assert asked.documents.filter(kind="supplement").count() == 2


def test_a_second_round_is_only_for_what_has_arisen_and_says_it_on_the_form(asked, world):
    bring(world, asked)
    before = snapshot(asked)
    with pytest.raises(AskedBefore, match=r"art. 15\(3\)"):
        ask(world, asked, at=LATER)
    assert snapshot(asked) == before
    again = ask(world, asked, arose="Giấy mang đến bị rách", at=LATER)
    said = again.document.content
    assert (again.arose, said["reason"], said["arose"]) == (
        "Giấy mang đến bị rách",
        "Ảnh mờ",
        "Giấy mang đến bị rách",
    )
    entry = Entry.objects.filter(object_id=asked.id, kind="dossier.supplement_requested").latest("sequence")
    assert (entry.facts["round"], entry.detail.values["arose"]) == (2, "Giấy mang đến bị rách")


def test_a_first_round_needs_nothing_that_has_arisen(world):
    dossier = factories.handed_over(world.desk, world.mother)
    assert ask(world, dossier, arose="x").arose == ""


@pytest.mark.parametrize(("days", "is_late"), [(3, False), (4, True)])
def test_a_request_after_three_working_days_is_noted_as_late(world, days, is_late):
    dossier = factories.handed_over(world.desk, world.mother)
    at = MORNING + timedelta(days=days if days < 4 else 6)
    ask(world, dossier, at=at)
    facts = Entry.objects.get(object_id=dossier.id, kind="dossier.supplement_requested").facts
    assert facts.get("late", False) is is_late
