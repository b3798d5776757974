"""Showing one's screen by code: the helper sees and points, only the person types."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.errors import DraftMissing
from motcua.casework.dossiers.models import Draft, Showing
from motcua.casework.dossiers.rules.helping import parse_showing
from motcua.casework.dossiers.services import showing
from motcua.casework.dossiers.services.drafts import save_answers
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.showing_errors import ShowingEnded, WrongShowingCode
from motcua.casework.dossiers.tests.factories import MORNING, filled_in
from motcua.foundation.journal.models import Detail, Entry
from motcua.foundation.kernel.errors import Refused

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=2)


@pytest.fixture
def draft(world):
    return filled_in(world.desk, world.mother)


def begun(world, draft, page="mother", at=MORNING):
    return showing.begin_showing(actor=world.mother, draft_id=draft.id, page=page, at=at)


def joined(world, draft, page="mother"):
    code = showing.code_of(begun(world, draft, page).id)
    return showing.join_showing(actor=world.desk.reception, code=code, at=LATER)


def test_whoever_serves_at_a_counter_joins_by_the_code_and_the_owner_reads_who_looked(world, draft):
    code = showing.code_of(begun(world, draft).id)
    assert len(code) == 8
    found = showing.join_showing(actor=world.other_desk.reception, code=f"{code[:4]} {code[4:]}", at=LATER)
    assert world.other_desk.agency.name in found.viewer
    entry = Entry.objects.get(kind="showing.joined")
    assert (entry.concerns_id, entry.person_id) == (draft.owner_id, world.other_desk.reception.person_id)
    assert code not in str(entry.facts)


def test_the_code_opens_nothing_twice_too_late_after_the_end_or_without_the_right(world, draft):
    found = joined(world, draft)
    code = showing.code_of(found.id)
    with pytest.raises(WrongShowingCode):
        showing.join_showing(actor=world.other_desk.reception, code=code, at=LATER)
    showing.end_showing(actor=world.mother, draft_id=draft.id, at=LATER)
    second = begun(world, draft, at=LATER)
    code, late = showing.code_of(second.id), LATER + showing.showing_limits().code
    for actor, at, error in (
        (world.desk.reception, late, WrongShowingCode),
        (world.desk.leader, LATER, Refused),
        (world.neighbour, LATER, Refused),
    ):
        with pytest.raises(error):
            showing.join_showing(actor=actor, code=code, at=at)
    showing.end_showing(actor=world.mother, draft_id=draft.id, at=LATER)
    with pytest.raises(WrongShowingCode):
        showing.join_showing(actor=world.desk.reception, code=code, at=LATER)


def test_another_officer_sees_nothing_of_it_nor_does_the_helper_after_the_end(world, draft):
    found = joined(world, draft)
    assert showing.get_shown(world.desk.reception, found.id, at=LATER)[1].pk == draft.pk
    over = LATER + showing.showing_limits().most
    for actor, at in (
        (world.other_desk.reception, LATER),
        (world.mother, LATER),
        (world.desk.reception, over),
    ):
        with pytest.raises(ShowingEnded):
            showing.get_shown(actor, found.id, at=at)
    showing.leave_showing(actor=world.other_desk.reception, showing_id=found.id, at=LATER)
    showing.get_shown(world.desk.reception, found.id, at=LATER)
    showing.end_showing(actor=world.mother, draft_id=draft.id, at=LATER)
    with pytest.raises(ShowingEnded):
        showing.get_shown(world.desk.reception, found.id, at=LATER)
    with pytest.raises(ShowingEnded):
        showing.point(actor=world.desk.reception, showing_id=found.id, key="x", words="y", at=LATER)


def test_nobody_but_the_person_shows_or_ends_a_screen(world, draft):
    for actor in (world.neighbour, world.desk.reception):
        with pytest.raises((DraftMissing, Refused)):
            showing.begin_showing(actor=actor, draft_id=draft.id, page="mother", at=MORNING)
    joined(world, draft)
    for actor in (world.neighbour, world.desk.reception):
        with pytest.raises(DraftMissing):
            showing.end_showing(actor=actor, draft_id=draft.id, at=LATER)


def test_what_the_helper_says_is_erasable_and_gone_with_the_page(world, draft):
    found = joined(world, draft)
    showing.point(
        actor=world.desk.reception, showing_id=found.id, key="given_name", words="Có dấu.", at=LATER
    )
    entry = Entry.objects.get(kind="showing.pointed")
    assert entry.facts["field"] == "given_name"
    assert Detail.objects.get(entry=entry).values == {"words": "Có dấu."}
    found.refresh_from_db()
    showing.turn_to(found, "birth")
    assert (found.pointed, found.pointed_words) == ("", "")


def test_it_ends_by_itself_by_time_and_with_the_submission(world, draft):
    found = joined(world, draft)
    submit_dossier(actor=world.mother, draft_id=draft.id, at=LATER)
    with pytest.raises(ShowingEnded):
        showing.get_shown(world.desk.reception, found.id, at=LATER)
    other = filled_in(world.desk, world.mother)
    begun(world, other)
    assert showing.end_overdue(at=LATER) == 1
    assert showing.end_overdue(at=LATER + timedelta(hours=1)) == 1
    assert set(Showing.objects.values_list("ended_by", flat=True)) == {"submitted", "time"}
    assert showing.forget_showings(before=LATER) == 0
    assert showing.forget_showings(before=LATER + timedelta(days=1)) == 2


def test_limits_are_numbers_of_minutes():
    with pytest.raises(ValueError, match="code_minutes"):
        parse_showing({"showing": {"code_minutes": 0, "most_minutes": 30}})


@pytest.fixture
def two(world, browse, draft):
    """The mother's and the helper's browser, joined."""
    with time_machine.travel(LATER, tick=False):
        found = joined(world, draft)
        yield browse(world.mother), browse(world.desk.reception), found


def screen(helper, found):
    return helper.get(reverse("desk:showing-screen", args=[found.id]))


def test_the_helper_sees_the_page_that_is_open_and_what_is_typed_with_numbers_hidden(world, draft, two):
    mother, helper, found = two
    page = reverse("dossiers:page", args=[draft.id, "name"])
    seen = mother.get(page).context["seen"]
    first = screen(helper, found)
    again = helper.get(first.wsgi_request.path, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    sent = {"seen": seen, "given_name": "Trần Vừa Gõ"}
    answer = mother.post(reverse("dossiers:typed", args=[draft.id, "name"]), sent)
    assert "Trần Vừa Gõ" in screen(helper, found).content.decode()
    # The page that typed it may go on; one that did not see it is told.
    assert (
        mother.post(
            reverse("dossiers:typed", args=[draft.id, "name"]), sent | {"given_name": "Khác"}
        ).status_code
        == 409
    )
    mother.post(page, sent | {"seen": answer.json()["seen"], "given_name": "Trần Khác"})
    assert Draft.objects.get(pk=draft.pk).answers["given_name"] == "Trần Khác"
    mother.get(reverse("dossiers:check", args=[draft.id]))
    for name in ("mother", "father_named", "check"):
        mother.get(f"/drafts/{draft.id}/{name}/")
        html = screen(helper, found).content.decode()
        assert "025188" not in html.replace("025***", "")
        assert "<fieldset" in html or name == "check"


def test_the_helper_changes_and_submits_nothing(world, draft, two):
    _mother, helper, found = two
    before = Draft.objects.get(pk=draft.pk)
    for name, args in (
        ("dossiers:page", [draft.id, "name"]),
        ("dossiers:typed", [draft.id, "name"]),
        ("dossiers:submit", [draft.id]),
        ("dossiers:discard", [draft.id]),
        ("dossiers:show", [draft.id]),
        ("dossiers:show-end", [draft.id]),
    ):
        sent = {"given_name": "Kẻ Khác", "declared": "1", "page": "name"}
        assert helper.post(reverse(name, args=args), sent).status_code in {403, 404}
    for name in ("desk:showing", "desk:showing-screen"):
        assert helper.post(reverse(name, args=[found.id]), {}).status_code == 405
    now = Draft.objects.get(pk=draft.pk)
    assert (now.answers, now.updated_at) == (before.answers, before.updated_at)


def test_the_person_reads_who_looks_and_what_they_point_at_and_ends_it(draft, two):
    mother, helper, found = two
    helper.post(
        reverse("desk:showing-point", args=[found.id]), {"field": "given_name", "words": "<b>Tên</b>"}
    )
    html = mother.get(reverse("dossiers:show-state", args=[draft.id])).content.decode()
    assert found.viewer in html
    assert "&lt;b&gt;Tên" in html
    mother.post(reverse("dossiers:show-end", args=[draft.id]), {"page": "name"})
    assert b"data-over" in mother.get(reverse("dossiers:show-state", args=[draft.id])).content
    assert b"data-over" in screen(helper, found).content
    assert helper.get(reverse("desk:showing", args=[found.id])).status_code == 410
    assert mother.post(reverse("dossiers:typed", args=[draft.id, "name"]), {}).status_code == 404


def test_wrong_codes_are_slowed_down(world, browse, draft):
    helper, url = browse(world.desk.reception), reverse("desk:showing-code")
    with time_machine.travel(LATER, tick=False):
        code = showing.code_of(begun(world, draft, at=LATER).id)
        statuses = [helper.post(url, {"code": f"{n:08d}"}).status_code for n in range(7)]
        assert statuses[0] == 422
        assert statuses[-1] == 429
        assert helper.post(url, {"code": code}).status_code == 429
    with time_machine.travel(LATER + timedelta(seconds=30), tick=False):
        assert helper.post(url, {"code": code}).status_code == 302


def test_another_device_that_saves_meanwhile_is_not_overwritten(world, draft, two):
    mother, _helper, _found = two
    seen = mother.get(reverse("dossiers:page", args=[draft.id, "name"])).context["seen"]
    save_answers(
        actor=world.mother, draft_id=draft.id, answers={**draft.answers, "given_name": "Máy khác"}, at=LATER
    )
    answer = mother.post(
        reverse("dossiers:typed", args=[draft.id, "name"]), {"seen": seen, "given_name": "Máy này"}
    )
    assert answer.status_code == 409
    assert Draft.objects.get(pk=draft.pk).answers["given_name"] == "Máy khác"
