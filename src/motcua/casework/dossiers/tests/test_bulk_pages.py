"""An officer handles many dossiers on the pages: chosen, confirmed, reported; kept filters; tasks moved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.models import BulkAct, Dossier, InboxFilter
from motcua.casework.dossiers.services import handling, tasking
from motcua.casework.dossiers.tests.factories import (
    CODE,
    MORNING,
    drafted,
    handed_over,
    signed,
    submitted,
    target,
)
from motcua.casework.process.models import Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.tests.factories import away

pytestmark = pytest.mark.django_db
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def text(response):
    return response.content.decode()


def boxes(page):
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def confirm(browser, checked, **inputs):
    """Send the confirmation that the page shows."""
    names = ("bulk", "act", "items", "query", "list")
    sent = {name: hidden(checked, name) for name in names} | inputs
    return browser.post(reverse("desk:bulk-start"), sent, follow=True, **ENGLISH)


def test_what_is_ticked_is_read_confirmed_done_and_reported(world, browse):
    dossiers = [submitted(world.desk, world.mother) for _ in range(3)]
    browser = browse(world.desk.reception)
    listed = text(browser.get(reverse("desk:inbox"), **ENGLISH))
    ticked = [it for it in boxes(listed) if any(str(one.id) in it for one in dossiers[:2])]
    checked = text(browser.post(reverse("desk:bulk-check"), {"act": "accept", "chosen": ticked}, **ENGLISH))
    assert "Accept: 2 dossiers" in checked
    assert Dossier.objects.filter(pk__in=[it.pk for it in dossiers], status=1).count() == 3
    report = text(confirm(browser, checked))
    assert "2 of 2 dossiers are done" in report
    assert [Dossier.objects.get(pk=it.pk).status for it in dossiers] == [2, 2, 1]
    # The same page sent again.
    assert "2 of 2 dossiers are done" in text(confirm(browser, checked))
    assert Entry.objects.filter(kind="dossier.accepted", object_id=dossiers[0].id).count() == 1


def test_what_cannot_be_done_is_said_before_and_after_and_can_be_tried_again(world, browse):
    fine, moved, old = (submitted(world.desk, world.mother) for _ in range(3))
    browser = browse(world.desk.reception)
    ticked = boxes(text(browser.get(reverse("desk:inbox"))))
    handling.accept_dossier(actor=world.desk.reception, target=target(old), at=MORNING)
    checked = text(browser.post(reverse("desk:bulk-check"), {"act": "accept", "chosen": ticked}, **ENGLISH))
    assert "With 1 of them it cannot be done" in checked
    Dossier.objects.filter(pk=moved.pk).update(revision=7)
    report = confirm(browser, checked)
    assert "1 of 3 dossiers are done" in text(report)
    assert text(report).count("changed meanwhile") == 2
    bulk = BulkAct.objects.get()
    again = {"again": str(bulk.pk), "act": "accept"}
    checked = text(browser.post(reverse("desk:bulk-check"), again, **ENGLISH))
    assert "Accept: 2 dossiers" in checked
    assert "1 of 2 dossiers are done" in text(confirm(browser, checked))
    assert {Dossier.objects.get(pk=it.pk).status for it in (fine, moved, old)} == {2}


def test_all_on_the_page_and_all_of_the_list_are_chosen_without_a_script(world, browse):
    for _ in range(21):
        submitted(world.desk, world.mother)
    browser = browse(world.desk.reception)
    listed = text(browser.get(reverse("desk:inbox"), **ENGLISH))
    sent = {"act": "accept", "which": "page", "shown": hidden(listed, "shown")}
    assert "Accept: 20 dossiers" in text(browser.post(reverse("desk:bulk-check"), sent, **ENGLISH))
    sent = {"act": "accept", "which": "all", "query": hidden(listed, "query")}
    assert "Accept: 21 dossiers" in text(browser.post(reverse("desk:bulk-check"), sent, **ENGLISH))


def test_nothing_ticked_and_a_damaged_page_lead_back_to_the_list(world, browse):
    browser = browse(world.desk.reception)
    check, start = reverse("desk:bulk-check"), reverse("desk:bulk-start")
    for url, sent in (
        (check, {"act": "accept"}),
        (check, {"act": "sign", "chosen": ["x"]}),
        (check, {"act": "accept", "chosen": ["no id"]}),
        (start, {"act": "accept", "bulk": "x", "items": "y"}),
    ):
        response = browser.post(url, sent, follow=True, **ENGLISH)
        assert response.redirect_chain[-1][0].startswith(reverse("desk:inbox"))
    assert not BulkAct.objects.exists()


def test_another_agency_sees_nothing_of_what_it_names(world, browse):
    dossier = submitted(world.desk, world.mother)
    sent = {"act": "accept", "chosen": [f"{dossier.id} 1"]}
    response = browse(world.other_desk.reception).post(
        reverse("desk:bulk-check"), sent, follow=True, **ENGLISH
    )
    assert "Tick at least one dossier" in text(response)


def test_a_report_is_its_officers_own(world, browse):
    dossier = submitted(world.desk, world.mother)
    browser = browse(world.desk.reception)
    sent = {"act": "accept", "chosen": [f"{dossier.id} 1"]}
    confirm(browser, text(browser.post(reverse("desk:bulk-check"), sent)))
    page = reverse("desk:bulk", args=[BulkAct.objects.get().pk])
    assert browser.get(page).status_code == 200
    assert browse(world.desk.specialist).get(page).status_code == 404


def test_results_that_lie_ready_are_returned_together_at_the_counter(world, browse):
    dossiers = [signed(world.desk, world.mother) for _ in range(2)]
    browser = browse(world.desk.reception)
    listed = text(browser.get(reverse("desk:uncollected"), **ENGLISH))
    sent = {
        "act": "return-result",
        "which": "page",
        "shown": hidden(listed, "shown"),
        "list": "uncollected",
    }
    checked = text(browser.post(reverse("desk:bulk-check"), sent, **ENGLISH))
    assert "Return the results: 2 dossiers" in checked
    assert "2 of 2 dossiers are done" in text(confirm(browser, checked, way="counter"))
    assert {Dossier.objects.get(pk=it.pk).return_way for it in dossiers} == {"counter"}


def test_a_leader_moves_the_tasks_of_who_leaves_with_a_reason(world, browse):
    taken, drafted_only = handed_over(world.desk, world.mother), drafted(world.desk, world.mother)
    tasking.claim(actor=world.desk.specialist, target=target(taken), at=MORNING)
    away(world.desk.specialist, at=MORNING)
    browser, officer = browse(world.desk.leader), world.desk.specialist.person_id
    assert "back on" in text(browser.get(reverse("desk:reassign"), **ENGLISH))
    page = text(browser.get(reverse("desk:reassign-officer", args=[officer]), **ENGLISH))
    assert {it.split()[0] for it in boxes(page)} == {str(taken.id), str(drafted_only.id)}
    sent = {"act": "assign", "which": "page", "shown": hidden(page, "shown"), "leaving": str(officer)}
    checked = text(browser.post(reverse("desk:bulk-check"), sent, **ENGLISH))
    refused = confirm(browser, checked, officer=str(officer), leaving=str(officer))
    assert refused.status_code == 422
    assert "Enter why the tasks go to somebody else" in text(refused)
    done = confirm(browser, checked, officer=str(officer), reason="Chuyển công tác", leaving=str(officer))
    assert "2 of 2 dossiers are done" in text(done)
    entries = Entry.objects.filter(kind="dossier.task_assigned", object_id__in=[taken.id, drafted_only.id])
    assert {it.detail.values["reason"] for it in entries} == {"Chuyển công tác"}
    elsewhere = browse(world.other_desk.leader)
    assert elsewhere.get(reverse("desk:reassign-officer", args=[officer])).status_code == 404


def test_who_ends_a_post_is_told_of_the_tasks_that_lie_with_the_officer(world, browse):
    taken = handed_over(world.desk, world.mother)
    tasking.claim(actor=world.desk.specialist, target=target(taken), at=MORNING)
    browser, officer = browse(world.administrator), world.desk.specialist.person_id
    for page in (
        reverse("organisations:officer", args=[officer]),
        reverse("organisations:officer-act", args=[officer, "leave"]),
    ):
        assert "1 open task lies with this officer" in text(browser.get(page, **ENGLISH))


def choose(browser, **sent):
    return browser.post(reverse("desk:filter"), sent, follow=True, **ENGLISH)


def test_a_filter_shows_what_it_says_and_keeps_names_out_of_the_address(world, browse):
    submitted(world.desk, world.mother)
    other = submitted(world.desk, world.neighbour)
    browser = browse(world.desk.reception)
    found = choose(browser, words="lang gieng", procedure=CODE)
    address = found.redirect_chain[-1][0]
    assert "lang" not in address
    assert f"procedure={CODE}" in address
    assert [it.split()[0] for it in boxes(text(found))] == [str(other.id)]
    assert not boxes(text(choose(browser, words="khong ai ca")))
    assert not boxes(text(choose(browser, step="sign")))


def test_a_kept_filter_is_where_the_inbox_begins_until_it_is_deleted(world, browse):
    submitted(world.desk, world.mother)
    other = submitted(world.desk, world.neighbour)
    browser, inbox = browse(world.desk.reception), reverse("desk:inbox")
    choose(browser, words="lang gieng", name="Láng giềng", shares="on")
    kept = InboxFilter.objects.get()
    change = reverse("desk:filter-change", args=[kept.pk])
    browser.post(change, {"name": "Của tôi", "begins": "on"})
    begun = text(browser.get(inbox, **ENGLISH))
    assert [it.split()[0] for it in boxes(begun)] == [str(other.id)]
    assert "Của tôi" in begun
    assert len(boxes(text(browser.get(inbox, {"filter": "none"})))) == 2
    # Not the colleague's: neither seen, as it is no longer shared, nor changed.
    colleague = browse(world.desk.specialist)
    assert "Của tôi" not in text(colleague.get(inbox))
    assert colleague.post(change, {"delete": "1"}).status_code == 404
    browser.post(change, {"delete": "1"})
    assert len(boxes(text(browser.get(inbox)))) == 2


def test_two_filters_of_one_name_are_refused_and_what_was_chosen_stays(world, browse):
    browser = browse(world.desk.reception)
    for _ in range(2):
        found = choose(browser, due="today", name="Hôm nay")
    assert found.status_code == 422
    assert "none of your filters has yet" in text(found)
    assert 'value="today" selected' in text(found)


def test_likely_late_is_a_filter_of_its_own(world, browse):
    dossier = handed_over(world.desk, world.mother)
    browser, inbox = browse(world.desk.specialist), reverse("desk:inbox")
    late = MORNING + timedelta(hours=1, minutes=5)
    assert not boxes(text(browser.get(inbox, {"due": "late"})))
    Dossier.objects.filter(pk=dossier.pk).update(due_at=late, basis_at=late)
    Task.objects.filter(subject=dossier.pk, completed_at=None).update(due_at=late)
    assert len(boxes(text(browser.get(inbox, {"due": "late"})))) == 1


def test_a_bulk_act_of_somebody_else_is_not_taken_up(world, browse):
    dossier = submitted(world.desk, world.mother)
    sent = {"bulk": str(new_id()), "act": "accept", "items": f"{dossier.id} 1"}
    browse(world.desk.reception).post(reverse("desk:bulk-start"), sent)
    assert browse(world.desk.specialist).post(reverse("desk:bulk-start"), sent).status_code == 404
