"""People call the API through services they signed in to: the same actors, rights and acts as on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    accepted,
    awaiting_signature,
    birth_answers,
    handed_over,
    picture,
    returned,
    seen,
    signed,
    submitted,
)
from motcua.doors.api.tests.factories import MOTHER, Caller, application, by_person
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.registry.access.models import Account
from motcua.registry.access.services.sessions import end_sessions
from motcua.registry.access.tests.client_factories import API_SCOPES, bearer, registered, service, signed_in
from motcua.registry.people.tests.factories import representative

pytestmark = pytest.mark.django_db


@pytest.fixture
def reception(world):
    return by_person(world, world.desk.reception, at=MORNING)


@pytest.fixture
def mother(world):
    return by_person(world, world.mother, at=MORNING)


def own(world, **answers):
    """An application as a person sends it: their own."""
    sent = application(world.desk, **answers)
    del sent["applicant"]
    return sent


def test_an_officer_signs_in_to_a_service_and_acts_through_it(world, browse):
    client, secret = service(
        world.administrator, world.desk.agency, at=MORNING, sign_in="officer", scopes=("openid", "desk")
    )
    token = signed_in(browse(world.desk.reception), client, secret, scope="openid desk")["access_token"]
    caller, dossier = Caller(f"Bearer {token}"), submitted(world.desk, world.mother)
    answer = caller.act(dossier, "accept")
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == 2
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.accepted")
    assert (entry.actor_kind, entry.person_id, entry.post_id) == (
        "officer",
        world.desk.reception.person_id,
        world.desk.reception.post_id,
    )
    assert entry.facts["through"] == str(client.id)
    assert entry.facts["call"] == answer["X-Request-Id"]


def test_goes_the_whole_way_from_acceptance_to_the_returned_result(world):
    dossier = submitted(world.desk, world.mother)
    desk = world.desk
    callers = {it: by_person(world, it, at=MORNING) for it in (desk.reception, desk.specialist, desk.leader)}

    def do(who, act, sent=None):
        answer = callers[who].act(dossier, act, sent)
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert do(desk.reception, "accept")["acts"] == [
        "hand-over", "claim", "request-payment", "transfer", "correct", "withdraw",
    ]  # fmt: skip
    do(desk.reception, "hand-over")
    drafted = do(desk.specialist, "draft-result", {"checks": [0, 1, 2]})
    assert "submit-for-signature" in drafted["acts"] and "sign" not in drafted["acts"]
    shown = do(desk.specialist, "submit-for-signature", {})
    draft = next(it for it in shown["documents"] if it["kind"] == "draft")
    do(desk.leader, "sign", {"seen_sha256": draft["sha256"]})
    assert do(desk.reception, "return-result")["status"] == 10
    mother = by_person(world, world.mother, at=MORNING)
    documents = mother.get("/documents").json()["items"]
    assert len(documents) == 1
    pdf = mother.get(f"/documents/{documents[0]['id']}/content")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    found = mother.get(f"/documents/by-code/{documents[0]['code']}").json()
    assert found["number"] == documents[0]["number"]


def test_an_act_needs_the_revision_that_was_read(world, reception):
    dossier = submitted(world.desk, world.mother)
    path, tag = f"/dossiers/{dossier.id}/acts/accept", reception.get(f"/dossiers/{dossier.id}")["ETag"]
    is_problem(reception.post(path, key="no-match-1"), 428, "if_match_missing")
    is_problem(reception.post(path, key="no-match-2", If_Match="*"), 428, "if_match_missing")
    for number, odd in enumerate(("nonsense", '"nonsense"', '"5f0c9a1b2d3e4f50"')):
        is_problem(reception.post(path, key=f"no-tag-{number}", If_Match=odd), 412, "if_match_wrong")
    assert reception.post(path, key="accept-01", If_Match=tag).status_code == 200
    is_problem(reception.post(path, key="accept-02", If_Match=tag), 412, "dossier_moved")
    is_problem(reception.act(dossier, "accept", key="accept-03"), 409, "act_not_allowed")


def test_the_etag_of_an_act_serves_the_next_one(world, reception):
    dossier = submitted(world.desk, world.mother)
    tag = reception.act(dossier, "accept")["ETag"]
    assert (
        reception.get(
            f"/dossiers/{dossier.id}",
        )["ETag"]
        == tag
    )
    path = f"/dossiers/{dossier.id}/acts/hand-over"
    # As a proxy that compresses passes it on.
    assert reception.post(path, If_Match=f"W/{tag}").json()["status"] == 4


def test_the_same_act_is_done_once(world, reception):
    dossier = submitted(world.desk, world.mother)
    tag = reception.get(f"/dossiers/{dossier.id}")["ETag"]
    path = f"/dossiers/{dossier.id}/acts/accept"
    first, again = (reception.post(path, key="accept-01", If_Match=tag) for _ in range(2))
    assert first.json() == again.json() and first["ETag"] == again["ETag"]
    assert again["Idempotency-Replayed"] == "true"
    assert Entry.objects.filter(object_id=dossier.id, kind="dossier.accepted").count() == 1
    other = f"/dossiers/{dossier.id}/acts/hand-over"
    is_problem(reception.post(other, key="accept-01", If_Match=tag), 422, "key_reused")


def test_what_was_refused_may_be_tried_again_under_its_key(world):
    desk, dossier = world.desk, awaiting_signature(world.desk, world.mother)
    leader = by_person(world, desk.leader, at=MORNING)
    refused = leader.act(dossier, "sign", {"seen_sha256": "0" * 64}, key="signing-1")
    is_problem(refused, 409, "old_preview")
    assert leader.act(dossier, "sign", {"seen_sha256": seen(dossier)}, key="signing-1").status_code == 200


def test_no_act_without_its_right_and_none_elsewhere(world):
    dossier = submitted(world.desk, world.mother)
    specialist = by_person(world, world.desk.specialist, at=MORNING)
    is_problem(specialist.act(dossier, "accept"), 403, "refused")
    elsewhere = by_person(world, world.other_desk.reception, at=MORNING)
    is_problem(elsewhere.act(dossier, "accept", If_Match='"1"'), 404, "not_found")
    is_problem(specialist.act(dossier, "no-such-act"), 404, "not_found")


def test_a_citizen_does_no_act_but_their_own(world, mother):
    dossier = submitted(world.desk, world.mother)
    assert mother.get(f"/dossiers/{dossier.id}").json()["acts"] == ["withdraw"]
    is_problem(mother.act(dossier, "accept"), 403, "token_of_person")


def test_a_program_hands_over_by_scope_and_never_signs(world):
    dossier = accepted(world.desk, world.mother)
    scopes = (*API_SCOPES, "dossiers:handle")
    made = registered(world.administrator, world.desk.agency, at=MORNING, scopes=scopes)
    program = Caller(bearer(*made))
    assert program.get(f"/dossiers/{dossier.id}").json()["acts"] == ["hand-over"]
    assert program.act(dossier, "hand-over").json()["status"] == 4
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.handed_over")
    assert (entry.actor_kind, entry.account_id) == ("client", made[0].id)
    assert "through" not in entry.facts
    is_problem(program.act(dossier, "sign", {"seen_sha256": "0" * 64}), 403, "token_of_client")
    plain = Caller(bearer(*registered(world.administrator, world.desk.agency, at=MORNING)))
    is_problem(plain.act(dossier, "hand-over", If_Match='"1"'), 403, "scope_missing")


def test_a_citizen_files_for_themselves(world, mother):
    paper = mother.upload(picture()).json()
    sent = own(world, birth_evidence=paper["id"])
    first, again = (mother.post("/dossiers", sent, key="my-birth-1") for _ in range(2))
    assert first.status_code == again.status_code == 201, first.content
    dossier = Dossier.objects.get()
    assert (dossier.applicant_id, dossier.client_id) == (world.mother.person_id, None)
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.submitted")
    assert (entry.actor_kind, entry.person_id) == ("citizen", world.mother.person_id)
    shown = mother.get(first["Location"].removeprefix("/api/v1")).json()
    assert [it["component"] for it in shown["papers"]] == ["birth_evidence"]
    assert shown["answers"]["given_name"] == birth_answers(world.desk)["given_name"]
    content = mother.get(f"/dossiers/{dossier.id}/papers/{shown['papers'][0]['id']}/content")
    assert content["Content-Type"] == "image/png"


def test_a_citizen_names_no_applicant(world, mother):
    answer = mother.post("/dossiers", application(world.desk, applicant=MOTHER), key="my-birth-1")
    is_problem(answer, 422, "applicant_not_asked")


def test_an_upload_is_its_senders_alone(world, mother):
    theirs = by_person(world, world.neighbour, at=MORNING).upload(picture()).json()["id"]
    answer = mother.post("/dossiers", own(world, birth_evidence=theirs), key="my-birth-1")
    errors = is_problem(answer, 422, "answers_refused")["errors"]
    assert ("/answers/birth_evidence", "unknown_file") in [(it["path"], it["code"]) for it in errors]


@pytest.mark.parametrize(("many", "code"), [(0, "required"), (11, "too_many")])
def test_says_how_many_files_a_paper_has(world, mother, many, code):
    named = [mother.upload(picture()).json()["id"]] * many
    answer = mother.post("/dossiers", own(world, birth_evidence=named), key="my-birth-1")
    errors = is_problem(answer, 422, "answers_refused")["errors"]
    assert [(it["path"], it["code"]) for it in errors] == [("/answers/birth_evidence", code)]


def test_the_same_upload_is_kept_once(world, mother):
    first, again = (mother.upload(picture(), key="paper-01") for _ in range(2))
    assert first.json() == again.json()
    is_problem(mother.upload(picture(shade=7), key="paper-01"), 422, "key_reused")
    is_problem(mother.upload(picture(), key=""), 400, "key_missing")


def test_a_citizen_sees_their_own_and_nothing_internal(world, mother):
    dossier = awaiting_signature(world.desk, world.mother)
    submitted(world.desk, world.neighbour)
    assert [it["id"] for it in mother.get("/dossiers").json()["items"]] == [str(dossier.id)]
    shown = mother.get(f"/dossiers/{dossier.id}").json()
    assert [it["kind"] for it in shown["documents"]] == ["receipt"]
    draft = dossier.documents.get(kind="draft")
    is_problem(mother.get(f"/dossiers/{dossier.id}/documents/{draft.id}/content"), 404, "not_found")
    assert not Entry.objects.filter(object_id=dossier.id, kind="dossier.read").exists()


def test_acts_for_a_company_that_the_person_represents(world):
    acting = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    caller = by_person(world, acting, at=MORNING)
    choices = caller.get("/me").json()["may_act_for"]
    assert len(choices) == 1
    headers = {"Authorization": caller.header, "Acting-As": choices[0]["value"]}
    from django.test import Client as Browser

    assert Browser().get("/api/v1/dossiers", headers=headers).json()["items"] == []
    headers["Acting-As"] = "office:" + "0" * 8 + "-0000-7000-8000-" + "0" * 12
    is_problem(Browser().get("/api/v1/dossiers", headers=headers), 403, "not_acting_as")


def test_an_officer_reads_and_the_person_sees_it(world, reception):
    dossier = submitted(world.desk, world.mother)
    answer = reception.get(f"/dossiers/{dossier.id}")
    assert answer.json()["answers"]
    readings = Entry.objects.filter(object_id=dossier.id, kind="dossier.read")
    assert readings.count() == 1
    from django.test import Client as Browser

    headers = {"Authorization": reception.header, "If-None-Match": answer["ETag"]}
    again = Browser().get(f"/api/v1/dossiers/{dossier.id}", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert readings.count() == 1


def test_the_inbox_of_an_officer(world, reception, mother):
    dossier = submitted(world.desk, world.mother)
    submitted(world.other_desk, world.mother)
    items = reception.get("/tasks").json()["items"]
    assert [(it["dossier_id"], it["step"]) for it in items] == [(str(dossier.id), "reception")]
    assert reception.get("/tasks", due="overdue").json()["items"] == []
    is_problem(reception.get("/tasks", due="never"), 422, "invalid")
    is_problem(mother.get("/tasks"), 403, "token_of_person")


def test_the_journal_tells_acts_and_no_person(world, reception, mother):
    dossier = handed_over(world.desk, world.mother)
    reception.get(f"/dossiers/{dossier.id}")
    for caller in (reception, mother):
        found = caller.get(f"/dossiers/{dossier.id}/journal", limit=2).json()
        rest = caller.get(f"/dossiers/{dossier.id}/journal", after=found["next"]).json()
        kinds = [it["kind"] for it in found["items"] + rest["items"]]
        assert kinds == ["dossier.submitted", "dossier.accepted", "dossier.handed_over"]
        assert rest["next"] == 0
        assert str(world.mother.person_id) not in str(found)
    assert found["items"][1]["facts"]["code"] == dossier.code


def test_follows_what_moved(world, reception):
    old = submitted(world.desk, world.mother)
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        submitted(world.desk, world.neighbour, at=MORNING + timedelta(hours=1))
    later = MORNING + timedelta(minutes=5)
    with time_machine.travel(later, tick=False):
        fresh = by_person(world, world.desk.reception, at=later)
        assert fresh.act(old, "accept").status_code == 200
        since = (MORNING + timedelta(minutes=1)).isoformat()
        found = fresh.get("/dossiers", updated_since=since, limit=1).json()
        assert [it["id"] for it in found["items"]] == [str(old.id)]
        rest = fresh.get("/dossiers", updated_since=since, after=found["next"]).json()
        assert len(rest["items"]) == 1 and rest["next"] == ""


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"status": 1}, 1),
        ({"status": 10}, 1),
        ({"procedure": "1.001193"}, 2),
        ({"procedure": "1.000656"}, 0),
        ({"agency": "/"}, 2),
        ({"agency": "/H99/"}, 0),
        ({"submitted_since": "2026-03-11T00:00:00+07:00"}, 0),
        ({"submitted_since": "2026-03-10T00:00:00"}, 2),
    ],
)
def test_filters(world, mother, filters, count):
    submitted(world.desk, world.mother)
    returned(world.desk, world.mother)
    assert len(mother.get("/dossiers", **filters).json()["items"]) == count


def test_a_list_names_its_next_page(world, mother):
    for _ in range(2):
        submitted(world.desk, world.mother)
    answer = mother.get("/dossiers", limit=1, status=1)
    assert "status=1" in answer["Link"] and answer["Link"].endswith('rel="next"')
    assert "Link" not in mother.get("/dossiers")


def test_a_sign_in_alone_is_no_right_to_act(world):
    only = by_person(world, world.mother, at=MORNING, scopes=("openid",))
    is_problem(only.get("/dossiers"), 403, "scope_missing")


def test_a_blocked_or_signed_out_account_does_nothing(world, mother, reception):
    end_sessions(Account.objects.get(pk=world.mother.account_id))
    is_problem(mother.get("/dossiers"), 401, "token_refused")
    Account.objects.filter(pk=world.desk.reception.account_id).update(is_active=False)
    is_problem(reception.get("/dossiers"), 401, "token_refused")


def test_an_officer_needs_the_second_factor_that_the_pages_need(world, reception, settings):
    settings.SECOND_FACTOR = "required"
    is_problem(reception.get("/tasks"), 403, "second_factor_missing")


def test_who_the_token_stands_for(world, reception, mother):
    shown = reception.get("/me").json()
    assert (shown["kind"], shown["agency"]) == ("officer", world.desk.agency.path)
    assert f"reception {world.desk.agency.path}" in shown["rights"]
    assert mother.get("/me").json() == {"kind": "citizen", "agency": "", "rights": [], "may_act_for": []}


@pytest.mark.parametrize(
    ("who", "path", "ceiling"),
    [
        ("officer", "/dossiers/{id}", 15),
        ("citizen", "/dossiers/{id}", 9),
        ("officer", "/dossiers", 6),
        ("officer", "/tasks", 9),
        ("officer", "/dossiers/{id}/journal", 6),
    ],
)
def test_asks_the_database_as_often_for_many_as_for_one(world, who, path, ceiling):
    person = world.mother if who == "citizen" else world.desk.reception
    caller = by_person(world, person, at=MORNING)
    first = submitted(world.desk, world.mother)
    counts = []
    for _ in range(2):
        caller.get(path.format(id=first.id))
        with CaptureQueriesContext(connection) as asked:
            assert caller.get(path.format(id=first.id)).status_code == 200
        counts.append(len(asked))
        for _more in range(3):
            submitted(world.desk, world.mother)
    assert counts[0] == counts[1] <= ceiling, [query["sql"][:150] for query in asked.captured_queries]


def test_a_result_goes_by_post_with_its_tracking_number(world):
    dossier = signed(world.desk, world.mother)
    caller = by_person(world, world.desk.reception, at=MORNING)
    assert caller.act(dossier, "return-result", {"way": "post"}).status_code == 422
    answer = caller.act(dossier, "return-result", {"way": "post", "tracking": "EB123456785VN"})
    assert answer.status_code == 200, answer.content
    dossier.refresh_from_db()
    assert (dossier.return_way, dossier.return_tracking) == ("post", "EB123456785VN")
