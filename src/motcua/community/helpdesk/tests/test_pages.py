"""The pages about being called back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import CODE, MORNING, filled_in, submitted
from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.tests.factories import asked

pytestmark = pytest.mark.django_db
ASK = reverse("helpdesk:ask")
TYPED = {"name": "Bà Lê Thị Mẫu", "phone": "0912 345 678", "wish": "any", "about": "Tờ khai khó hiểu."}


@pytest.fixture
def clock():
    with time_machine.travel(MORNING, tick=False) as found:
        yield found


def form_of(browser, **headers):
    """What the page holds before somebody types."""
    form = browser.get(ASK, headers=headers).context["form"]
    return {it.html_name: str(it.value() or "") for it in form.hidden_fields()}


def sent(browser, clock, *, after=10, referer="", **changes):
    hidden = form_of(browser, **({"referer": f"http://testserver{referer}"} if referer else {}))
    clock.shift(timedelta(seconds=after))
    return browser.post(ASK, hidden | TYPED | changes)


def test_a_stranger_asks_from_a_procedures_page_and_calls_it_off(world, browse, clock):
    browser = browse(None)
    answer = sent(browser, clock, referer=f"/procedures/{CODE}/", desk=str(world.desk.agency.id))
    call = CallRequest.objects.get()
    assert answer.url == reverse("helpdesk:call", args=[call.number])
    assert (call.procedure_id, call.page) == (CODE, "catalogue:procedure")
    page = browser.get(answer.url).content.decode()
    assert call.number in page
    assert "0912" not in page
    assert "Lê Thị" not in page
    assert browser.get(ASK, {"number": call.number.lower().replace("-", " ")}).url == answer.url
    browser.post(reverse("helpdesk:cancel", args=[call.number]))
    call.refresh_from_db()
    assert call.state == "cancelled"


def test_who_is_signed_in_finds_their_name_and_the_dossier_they_came_from(world, browse, clock):
    dossier, browser = submitted(world.desk, world.mother), browse(world.mother)
    sent(browser, clock, referer=reverse("dossiers:dossier", args=[dossier.id]))
    call = CallRequest.objects.get()
    assert (call.dossier_id, call.agency, call.person_id) == (
        dossier.id,
        world.desk.agency,
        world.mother.person_id,
    )


def test_an_application_that_is_being_filled_in_names_procedure_and_desk(world, browse, clock):
    draft = filled_in(world.desk, world.mother)
    url = f"http://testserver{reverse('dossiers:page', args=[draft.id, 'name'])}"
    form = browse(world.mother).get(ASK, headers={"referer": url}).context["form"]
    assert form["desk"].value() == str(world.desk.agency.id)
    assert form["procedure"].value() == CODE
    neighbours = browse(world.neighbour).get(ASK, headers={"referer": url}).context["form"]
    assert not neighbours["desk"].value()


@pytest.mark.parametrize(
    "hostile",
    ["http://elsewhere.example/procedures/1.001193/", "http://testserver/no-such-page/", "http://[x", "x"],
)
def test_a_strange_address_before_this_one_says_nothing(world, browse, clock, hostile):
    form = browse(None).get(ASK, headers={"referer": hostile}).context["form"]
    assert not form["procedure"].value()


@pytest.mark.parametrize("trap", [{"website": "http://spam.example"}, {"stamp": "forged"}, {"stamp": ""}])
def test_a_program_that_fills_in_everything_gets_no_call(world, browse, clock, trap):
    assert sent(browse(None), clock, desk=str(world.desk.agency.id), **trap).status_code == 422
    assert not CallRequest.objects.exists()


def test_a_page_that_is_sent_at_once_is_asked_for_again_and_then_taken(world, browse, clock):
    browser = browse(None)
    refused = sent(browser, clock, after=0, desk=str(world.desk.agency.id))
    assert refused.status_code == 422
    again = refused.context["form"]
    clock.shift(timedelta(seconds=5))
    hidden = {it.html_name: str(it.value() or "") for it in again.hidden_fields()}
    assert browser.post(ASK, hidden | TYPED | {"desk": str(world.desk.agency.id)}).status_code == 302


def test_one_address_that_asks_over_and_over_is_slowed_down(world, browse, clock):
    phones = [f"09123456{n:02d}" for n in range(8)]
    statuses = [
        sent(browse(None), clock, after=3, phone=it, desk=str(world.desk.agency.id)).status_code
        for it in phones
    ]
    assert statuses[0] == 302
    assert statuses[-1] == 429


def test_personal_numbers_are_not_taken_in_the_words(world, browse, clock):
    answer = sent(browse(None), clock, desk=str(world.desk.agency.id), about="Số 025 197 004187")
    assert answer.status_code == 422
    assert "about" in answer.context["form"].errors


def test_another_persons_dossier_is_not_named_by_a_forged_form(world, browse, clock):
    dossier = submitted(world.desk, world.mother)
    sent(browse(world.neighbour), clock, dossier=str(dossier.id), desk=str(world.other_desk.agency.id))
    call = CallRequest.objects.get()
    assert (call.dossier_id, call.agency) == (None, world.other_desk.agency)


def test_the_desk_takes_a_request_on_and_notes_what_came_of_it(world, browse, clock):
    call, browser = asked(world.desk.agency, at=MORNING), browse(world.desk.reception)
    listed = browser.get(reverse("help-calls:list")).content.decode()
    assert call.number in listed
    assert "0912345678" not in listed
    assert call.name not in listed
    browser.post(reverse("help-calls:claim", args=[call.id]))
    page = browser.get(reverse("help-calls:call", args=[call.id])).content.decode()
    assert "tel:0912345678" in page
    url = reverse("help-calls:note", args=[call.id])
    assert browser.post(url, {"words": ""}).status_code == 422
    assert browser.post(url, {"words": "Đã hướng dẫn."}).status_code == 302
    call.refresh_from_db()
    assert call.state == "done"


def test_the_desk_passes_a_request_on(world, browse, clock):
    call, browser = asked(world.desk.agency, at=MORNING), browse(world.desk.reception)
    browser.post(reverse("help-calls:claim", args=[call.id]))
    url = reverse("help-calls:pass-on", args=[call.id])
    assert browser.post(url, {"to": str(world.other_desk.agency.id), "reason": ""}).status_code == 422
    assert browser.post(url, {"to": str(world.other_desk.agency.id), "reason": "Đất ở đó"}).status_code == 302
    assert browser.get(reverse("help-calls:call", args=[call.id])).status_code == 404
