"""Requests that no page of ours sends: each gets an answer, and nothing breaks."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.models import Draft
from motcua.casework.dossiers.tests.factories import CODE, MORNING, filled_in, submitted

pytestmark = pytest.mark.django_db
NUL, LONG, MARKS = "a\x00b", "x" * 20_000, "' \" < > % _ \\ {{ {% 🙂 \u202e"
WORDS = [NUL, LONG, MARKS, "", "   "]


def answer(words, status):
    """NUL in an address is refused before any page sees it."""
    return 400 if NUL in words else status


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.mark.parametrize("words", WORDS, ids=["NUL", "long", "marks", "empty", "blank"])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("catalogue:search", "q"),
        ("catalogue:suggest", "q"),
        ("dossiers:status", "code"),
        ("warehouse:verify", "code"),
        ("people:sign-in", "problem"),
        ("people:sign-in", "next"),
    ],
)
def test_a_public_page_answers_whatever_is_asked(world, browse, name, parameter, words):
    assert browse(None).get(reverse(name), {parameter: words}).status_code == answer(
        words, 404 if name == "dossiers:status" and words.strip() else 200
    )


@pytest.mark.parametrize("words", WORDS, ids=["NUL", "long", "marks", "empty", "blank"])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("desk:inbox", "due"),
        ("desk:inbox", "step"),
        ("desk:inbox", "after"),
        ("desk:signing", "dossier"),
    ],
)
def test_a_page_of_the_desk_answers_whatever_is_asked(world, browse, name, parameter, words):
    assert browse(world.desk.leader).get(reverse(name), {parameter: words}).status_code == answer(words, 200)


@pytest.mark.parametrize(
    "before", [*WORDS, "2026-13-41T25:00:00", "2026-03-10T09:00:00", "9999-12-31T23:59:59-14:00"]
)
def test_the_list_of_ones_own_dossiers_takes_any_place_to_go_on_from(world, browse, before):
    assert browse(world.mother).get(reverse("dossiers:list"), {"before": before}).status_code == answer(
        before, 200
    )


@pytest.mark.parametrize(
    "after",
    [
        "2026-03-10T09:00:00_01a201e5-df6b-7526-8b33-106ffbd6b7bf",
        "0001-01-01T00:00:00+14:00_01a201e5-df6b-7526-8b33-106ffbd6b7bf",
        "2026-03-10_x",
    ],
)
def test_the_inbox_takes_any_place_to_go_on_from(world, browse, after):
    assert browse(world.desk.reception).get(reverse("desk:inbox"), {"after": after}).status_code == 200


@pytest.mark.parametrize("code", ["a%00b", "x" * 3000, "1.0011930", "..%2F..", "%F0%9F%99%82"])
def test_an_address_with_an_odd_code_is_not_found(world, browse, code):
    for person, address in ((None, f"/procedures/{code}/"), (world.mother, f"/apply/{code}/")):
        assert browse(person).get(address).status_code == (400 if "%00" in code else 404)


@pytest.mark.parametrize("page", [NUL, LONG, MARKS, "../..", "no-such-page"])
def test_a_paper_is_removed_even_when_the_page_to_go_back_to_is_odd(world, browse, page):
    draft = filled_in(world.desk, world.mother)
    url = reverse("dossiers:remove-paper", args=[draft.id, draft.papers.get().id])
    assert browse(world.mother).post(url, {"page": page}).status_code == 302
    assert not draft.papers.exists()


def test_a_number_that_no_row_can_have_is_not_found(world, browse):
    dossier = submitted(world.desk, world.mother)
    url = reverse("dossiers:paper", args=[dossier.id, 10**30])
    assert browse(world.mother).get(url).status_code == 404


@pytest.mark.parametrize("revision", ["", "x", "-1", "٣", "²", "9" * 40, "9" * 5000])
def test_an_act_with_an_odd_revision_changes_nothing_and_says_so(world, browse, revision):
    dossier = submitted(world.desk, world.mother)
    url = reverse("desk:act", args=[dossier.id, "accept"])
    assert browse(world.desk.reception).post(url, {"revision": revision}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == 1


def test_an_unknown_act_is_not_found(world, browse):
    dossier = submitted(world.desk, world.mother)
    url = reverse("desk:act", args=[dossier.id, "shred"])
    assert browse(world.desk.reception).post(url).status_code == 404


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org/", "javascript:alert(1)", "portal:home", NUL]
)
def test_an_act_never_leads_to_another_site(world, browse, back):
    dossier = submitted(world.desk, world.mother)
    url = reverse("desk:act", args=[dossier.id, "accept"])
    response = browse(world.desk.reception).post(url, {"revision": "1", "back": back})
    assert response.headers["Location"] == f"/desk/dossiers/{dossier.id}/"


@pytest.mark.parametrize("words", [NUL, LONG, MARKS])
def test_a_page_of_the_form_keeps_or_refuses_odd_words_and_the_draft_stays(world, browse, words):
    draft = filled_in(world.desk, world.mother)
    url = reverse("dossiers:page", args=[draft.id, "name"])
    browser = browse(world.mother)
    answer = browser.post(url, {"family_name_from": words, "given_name": words, "home_town_from": words})
    assert answer.status_code in {302, 422}
    assert browser.get(reverse("dossiers:check", args=[draft.id])).status_code == 200
    assert Draft.objects.get(pk=draft.id).answers["mother_name"] == draft.answers["mother_name"]


def test_submitting_without_the_declaration_asks_for_it_and_keeps_the_draft(world, browse):
    draft = filled_in(world.desk, world.mother)
    assert browse(world.mother).post(reverse("dossiers:submit", args=[draft.id])).status_code == 422
    assert Draft.objects.filter(pk=draft.id).exists()


def test_the_demonstrations_sign_in_is_closed_outside_the_demonstration(world, browse):
    name = "demo.chair.04894"
    browser = browse(None)
    assert browser.post(reverse("console:demo-sign-in"), {"username": name}).status_code == 404
    assert "_auth_user_id" not in browser.session


def test_in_the_demonstration_only_its_own_officers_sign_in_by_a_click(world, browse, settings):
    settings.DEMO = True
    browser = browse(None)
    assert browser.post(reverse("console:demo-sign-in"), {"username": "root"}).status_code == 404
    answer = browser.post(
        reverse("console:demo-sign-in"), {"username": "demo.chair.04894", "next": "https://example.org/"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")


def test_a_listed_procedure_has_no_application(world, browse):
    assert browse(None).get("/procedures/2.000815/").status_code == 200
    assert browse(world.mother).post("/apply/2.000815/").status_code == 404
    assert browse(world.mother).post(f"/apply/{CODE}/").status_code == 302


@pytest.mark.parametrize("words", WORDS, ids=["NUL", "long", "marks", "empty", "blank"])
@pytest.mark.parametrize(
    "parameter", ["begins", "ends", "kind", "agency", "officer", "person", "object", "before"]
)
def test_the_auditors_list_answers_whatever_is_asked(world, browse, parameter, words):
    page = browse(world.auditor).get(reverse("console:audit"), {parameter: words})
    assert page.status_code == answer(words, 200)


@pytest.mark.parametrize("field", ["q", "query", "reason"])
@pytest.mark.parametrize("name", ["console:audit-find", "console:audit-extract"])
@pytest.mark.parametrize("words", WORDS, ids=["NUL", "long", "marks", "empty", "blank"])
def test_an_auditors_form_answers_whatever_is_sent(world, browse, name, field, words):
    sent = {"q": "H44.00000", "query": "?kind=dossier.eaten", "reason": "", field: words}
    assert browse(world.auditor).post(reverse(name), sent).status_code in {200, 302}


def test_an_address_for_a_button_typed_by_hand_explains_itself(client):
    page = client.get(reverse("ui:scheme"), headers={"accept": "text/html"})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "This address is for a button" in page.content.decode()
    # A program that does not ask for a page gets none.
    assert client.get(reverse("ui:scheme")).content == b""


def without_end(client):
    """The answer of /verify/ to somebody who guesses codes."""
    for number in range(125):
        page = client.get(reverse("warehouse:verify"), {"code": f"AAAA-{number:04d}"})
    return page


ERRORS = {
    403: lambda client: client.get(reverse("dossiers:list")),
    404: lambda client: client.get("/no-such-page/"),
    405: lambda client: client.get(reverse("ui:scheme"), headers={"accept": "text/html"}),
    429: without_end,
}


@pytest.mark.parametrize("status", ERRORS)
def test_an_officer_to_whom_something_is_refused_stays_at_the_desk(world, browse, status):
    page = ERRORS[status](browse(world.desk.reception))
    assert page.status_code == status
    assert '<body class="desk ' in page.content.decode()


@pytest.mark.parametrize("status", [404, 405, 429])
def test_a_citizen_to_whom_something_is_refused_stays_at_the_portal(world, browse, status):
    page = ERRORS[status](browse(world.mother))
    assert page.status_code == status
    assert '<body class="portal' in page.content.decode()


@pytest.mark.parametrize("name", ["warehouse:verify", "dossiers:status"])
def test_who_asks_a_public_page_without_end_has_to_wait(client, name):
    answers = [client.get(reverse(name), {"code": f"AAAA-{number:04d}"}).status_code for number in range(125)]
    assert answers[0] != 429 and answers[-1] == 429
    # Reading the page itself is free, and so is asking from elsewhere.
    assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse(name), {"code": "AAAA"}, REMOTE_ADDR="192.0.2.7").status_code != 429
