"""The API from outside: who may call, what it says, and that nothing is filed twice."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.functional import Promise

from motcua.casework.dossiers.models import ClientFiling, Dossier
from motcua.casework.dossiers.selectors import list_readers
from motcua.casework.dossiers.tests.factories import CODE, MORNING, picture, submitted
from motcua.doors.api.tests.factories import MOTHER, Caller, application, by_person
from motcua.doors.api.wrong_values import _WORDS, words_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.places import place_token
from motcua.registry.access.tests.client_factories import API_SCOPES, bearer, registered
from motcua.registry.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller_of(world):
    def make(agency=None, **changes):
        client, secret = registered(world.administrator, agency or world.desk.agency, at=MORNING, **changes)
        return Caller(bearer(client, secret)), client

    return make


@pytest.fixture
def caller(caller_of):
    return caller_of()[0]


def is_problem(answer, status, code):
    assert (answer.status_code, answer.get("Content-Type")) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["correlation_id"] == answer["X-Request-Id"]
    return body


def test_finds_procedures_without_accents(caller):
    found = caller.get("/procedures", q="khai sinh").json()["items"]
    assert CODE in [item["code"] for item in found]


def test_shows_the_form_of_a_procedure(caller):
    found = caller.get(f"/procedures/{CODE}").json()
    assert found["version"] == 1
    assert found["form"]["pages"]
    assert caller.get("/procedures/9.999999").status_code == 404


def test_a_procedure_is_read_as_of_a_day_and_not_sent_twice(caller):
    answer = caller.get(f"/procedures/{CODE}", on="2026-03-10")
    assert (answer.json()["version"], answer.json()["valid_to"]) == (1, None)
    assert caller.get(f"/procedures/{CODE}", on="2020-01-01").json()["version"] is None
    assert caller.get(f"/procedures/{CODE}", on="soon").status_code == 422
    seen = {"Authorization": caller.header, "If-None-Match": answer["ETag"]}
    again = Browser().get(f"/api/v1/procedures/{CODE}", {"on": "2026-03-10"}, headers=seen)
    assert (again.status_code, again.content) == (304, b"")


def test_files_a_dossier_for_a_known_person(world, caller_of):
    caller, client = caller_of()
    answer = caller.file(application(world.desk))
    assert answer.status_code == 201, answer.content
    dossier = Dossier.objects.get(pk=answer.json()["id"])
    assert (dossier.applicant_id, dossier.client_id, dossier.is_test) == (
        world.mother.person_id,
        client.id,
        False,
    )
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.submitted")
    assert (entry.actor_kind, entry.account_id, entry.concerns_id) == (
        "client",
        client.id,
        world.mother.person_id,
    )
    assert "Nguyễn" not in answer.content.decode()


def test_enters_a_person_who_is_not_known_yet(world, caller):
    new = MOTHER | {"personal_number": "025195001234", "full_name": "Lê Thị Mới", "birth_date": "1995-02-03"}
    assert caller.file(application(world.desk, applicant=new)).status_code == 201
    person = Person.objects.get(personal_number="025195001234")
    assert (person.full_name, person.assurance_level, person.account) == ("Lê Thị Mới", 0, None)


@pytest.mark.parametrize("changes", [{"full_name": "Somebody Else"}, {"birth_date": "1997-08-15"}])
def test_does_not_file_for_somebody_whose_facts_do_not_fit(world, caller, changes):
    answer = caller.file(application(world.desk, applicant=MOTHER | changes))
    is_problem(answer, 422, "applicant_mismatch")
    assert not Dossier.objects.exists()


def test_the_same_key_files_once(world, caller):
    first, again = (caller.file(application(world.desk)) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Dossier.objects.count() == ClientFiling.objects.count() == 1


@pytest.mark.parametrize("changed", ["answers", "file"])
def test_the_same_key_is_not_for_something_else(world, caller, changed):
    caller.file(application(world.desk))
    other = application(world.desk, **({"given_name": "Tên Khác"} if changed == "answers" else {}))
    files = {"birth_evidence": picture(shade=99)} if changed == "file" else {}
    is_problem(caller.file(other, **files), 422, "key_reused")
    assert Dossier.objects.count() == 1


def test_another_client_may_have_the_same_key(world, caller_of):
    for caller, _client in (caller_of(), caller_of()):
        assert caller.file(application(world.desk)).status_code == 201


def test_asks_for_a_key(world, caller):
    is_problem(caller.file(application(world.desk), key="x"), 400, "key_missing")


def test_says_what_is_wrong_where(world, caller):
    body = is_problem(caller.file(application(world.desk, sex="other", made_up="x")), 422, "answers_refused")
    found = {error["path"]: (error["code"], error["detail"]) for error in body["errors"]}
    assert found["/answers/sex"] == ("not_offered", "Choose one of the answers offered.")
    assert found["/answers/made_up"] == ("unknown", "The form has no such question.")


def test_a_place_nobody_decides_for_is_an_answer_to_correct(world, caller):
    unknown = application(world.desk, registration_commune="99999")
    mother = by_person(world, world.mother, at=MORNING)
    for answer in (caller.file(unknown), mother.file(unknown | {"applicant": None}, key="own-00001")):
        errors = is_problem(answer, 422, "answers_refused")["errors"]
        assert [(it["path"], it["code"]) for it in errors] == [
            ("/answers/registration_commune", "nobody_decides")
        ]
    assert not Dossier.objects.exists()


def test_a_wrong_value_is_told_in_the_language_that_was_asked_for_and_once(world, caller):
    sent = application(world.desk, given_name=None, father={"a": {"b": 1}}, note="x" * 20_001)
    sent["applicant"] = MOTHER | {"sex": "both", "odd": 1}
    body = is_problem(caller.file(sent), 422, "invalid")
    found = {it["path"]: (it["code"], it["detail"]) for it in body["errors"]}
    assert len(found) == len(body["errors"]) == 5
    assert found["/answers/given_name"][0] == found["/answers/father"][0] == "answer_type"
    assert found["/answers/note"] == ("string_too_long", "Send at most 20000 characters.")
    assert found["/applicant/sex"] == ("literal_error", "Send one of 'male', 'female'.")
    assert found["/applicant/odd"] == ("extra_forbidden", "There is no such member here. Leave it out.")
    limit = is_problem(caller.get("/dossiers", limit=0), 422, "invalid")["errors"]
    assert limit == [{"path": "/limit", "code": "greater_than_equal", "detail": "Send a number from 1."}]


def test_words_of_wrong_values_are_translated():
    # No word of pydantic's own reaches a program: what is not known has a general sentence.
    assert "description of the API" in words_of({"type": "unheard_of", "msg": "Input should be odd"})
    assert "description of the API" in words_of({"type": "too_long", "ctx": {}})
    for words in _WORDS.values():
        assert isinstance(words, Promise)


def test_asks_for_the_paper(world, caller):
    answer = caller.file(application(world.desk), note=None)
    errors = answer.json()["errors"]
    assert ("/answers/birth_evidence", "required") in [(it["path"], it["code"]) for it in errors]


def test_refuses_a_paper_nobody_asked_for(world, caller):
    is_problem(caller.file(application(world.desk), odd=picture()), 422, "paper_unknown")


def test_refuses_a_file_that_is_not_what_it_says(world, caller):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = caller.file(application(world.desk), birth_evidence=SimpleUploadedFile("x.pdf", b"PK\3\4zip"))
    assert answer.status_code in {415, 422} and answer.json()["code"]
    assert not Dossier.objects.exists()


def test_an_answer_cannot_name_a_file_of_somebody_else(world, caller):
    sent = application(world.desk, birth_evidence=str(uuid4()))
    assert caller.file(sent, note=None).json()["code"] == "answers_refused"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ("{", 400, "bad_request"),
        ("[" * 50_000, 400, "bad_request"),
        ("[]", 422, "invalid"),
        ({"procedure": "x"}, 422, "invalid"),
        ('{"procedure": "1.001193", "answers": {"a": {"b": {"c": {"d": 1}}}}}', 422, "invalid"),
        ('{"procedure": "1.001193", "answers": {}}', 422, "applicant_missing"),
    ],
)
def test_refuses_what_is_no_application(caller, sent, status, code):
    is_problem(caller.file(sent), status, code)


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\u202e"])
@pytest.mark.parametrize("place", ["given_name", "odd name"])
def test_odd_characters_break_nothing(world, caller, odd, place):
    sent = json.dumps(application(world.desk, **{place: "ODD"})).replace("ODD", odd).replace("odd name", odd)
    assert caller.file(sent).status_code in {201, 400, 422}


@pytest.mark.parametrize("after", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_odd_page_tokens_break_nothing(caller, after):
    token = place_token(datetime.fromisoformat(after), uuid4())
    assert caller.get("/dossiers", after=token).status_code in {200, 422}


def test_an_error_does_not_repeat_what_was_sent(world, caller):
    wrong = application(world.desk, applicant=MOTHER | {"personal_number": "0251970041870"})
    assert "025197004187" not in caller.file(wrong).content.decode()


def test_files_for_agencies_of_its_own_area_only(world, caller):
    is_problem(caller.file(application(world.other_desk)), 403, "agency_not_yours")
    assert not Dossier.objects.exists()


def test_sees_what_it_filed_and_nothing_else(world, caller_of):
    caller, other = caller_of()[0], caller_of()[0]
    filed = caller.file(application(world.desk)).json()
    online = submitted(world.desk, world.mother)
    for name in (filed["id"], filed["reference"]):
        shown = caller.get(f"/dossiers/{name}").json()
        assert shown | filed == shown
        assert shown["answers"] is shown["papers"] is shown["documents"] is None
    assert [item["id"] for item in caller.get("/dossiers").json()["items"]] == [filed["id"]]
    for path in (f"/dossiers/{filed['id']}", f"/dossiers/{filed['reference']}"):
        is_problem(other.get(path), 404, "not_found")
    is_problem(caller.get(f"/dossiers/{online.id}"), 404, "not_found")


def test_sees_its_agencys_dossiers_by_scope(world, caller_of):
    caller, _client = caller_of(scopes=(*API_SCOPES, "dossiers:read-agency"))
    here, there = submitted(world.desk, world.mother), submitted(world.other_desk, world.mother)
    assert caller.get(f"/dossiers/{here.id}").status_code == 200
    assert caller.get(f"/dossiers/{there.id}").status_code == 404


def test_the_person_sees_which_system_read_the_dossier(world, caller_of):
    caller, _client = caller_of(scopes=(*API_SCOPES, "dossiers:read-agency"))
    dossier = submitted(world.desk, world.mother)
    caller.get(f"/dossiers/{dossier.id}")
    assert [reader.by for reader in list_readers(dossier)] == ["Phần mềm bệnh viện"]


def test_lists_page_by_page_with_as_many_queries_as_for_one(world, caller):
    for number in range(3):
        with time_machine.travel(MORNING + timedelta(minutes=number), tick=False):
            caller.file(application(world.desk), key=f"key-number-{number}")
    first = caller.get("/dossiers", limit=2).json()
    with CaptureQueriesContext(connection) as asked:
        second = caller.get("/dossiers", limit=2, after=first["next"]).json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert len(ids) == len(set(ids)) == 3
    assert second["next"] == ""
    # Token with its client, the count of calls, the list.
    assert len(asked) <= 3, [query["sql"] for query in asked]


@pytest.mark.parametrize("path", ["/dossiers", "/procedures"])
def test_a_wrong_page_token_is_not_taken_for_the_start(world, caller, path):
    errors = is_problem(caller.get(path, after="AAAA"), 422, "invalid")["errors"]
    assert [it["path"] for it in errors] == ["/after"]
    assert caller.get(path, after="").status_code == 200


@pytest.mark.parametrize("path", ["/documents", "/documents/shares"])
def test_nor_of_a_persons_own_lists(world, path):
    mother = by_person(world, world.mother, at=MORNING)
    errors = is_problem(mother.get(path, after="AAAA"), 422, "invalid")["errors"]
    assert [(it["path"], it["code"]) for it in errors] == [("/after", "page_token")]


def test_nor_of_an_officers_tasks(world):
    officer = by_person(world, world.desk.reception, at=MORNING)
    errors = is_problem(officer.get("/tasks", after="AAAA"), 422, "invalid")["errors"]
    assert [(it["path"], it["code"]) for it in errors] == [("/after", "page_token")]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic eDp5", "Bearer a b"])
def test_asks_for_a_token(header):
    headers = {"Authorization": header} if header is not None else {}
    answer = Browser().get("/api/v1/procedures", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] in {"token_missing", "token_refused"}


def test_a_signed_in_person_is_nobody_here(browse, world):
    answer = browse(world.administrator).get("/api/v1/dossiers")
    is_problem(answer, 401, "token_missing")


def test_each_operation_needs_its_scope(world, caller_of):
    caller, _client = caller_of(scopes=("procedures:read",))
    for answer in (caller.get("/dossiers"), caller.file(application(world.desk))):
        is_problem(answer, 403, "scope_missing")
        assert "insufficient_scope" in answer["WWW-Authenticate"]


def test_slows_who_calls_too_often(caller, settings):
    settings.API_CALLS_PER_MINUTE = 2
    answers = [caller.get("/procedures") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    is_problem(answers[2], 429, "too_many_calls")
    assert answers[2]["Retry-After"] == "60"
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert (answers[0]["RateLimit-Limit"], answers[0]["RateLimit-Reset"]) == ("2", "60")


def test_errors_of_the_frame_are_problems_too(caller):
    is_problem(caller.get("/nothing"), 404, "not_found")
    wrong = Browser().delete("/api/v1/procedures", headers={"Authorization": caller.header})
    is_problem(wrong, 405, "method_not_allowed")
    assert wrong["Allow"] == "GET"
    is_problem(caller.get("/dossiers", limit=1000), 422, "invalid")
    kind = Browser().post(
        "/api/v1/dossiers",
        "x",
        content_type="text/plain",
        headers={"Authorization": caller.header, "Idempotency-Key": "abcdefgh"},
    )
    is_problem(kind, 415, "media_type")


def test_what_breaks_says_nothing_of_why(caller, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("motcua.registry.catalogue.selectors.page_of_procedures", broken)
    body = is_problem(caller.get("/procedures"), 500, "server_error")
    assert "secret" not in json.dumps(body)
    assert body["correlation_id"] in caplog.text


def test_the_callers_own_correlation_id_comes_back(caller):
    headers = {"Authorization": caller.header, "X-Request-Id": "call-0001-abc"}
    assert Browser().get("/api/v1/procedures", headers=headers)["X-Request-Id"] == "call-0001-abc"
    headers["X-Request-Id"] = "bad\tid"
    assert Browser().get("/api/v1/procedures", headers=headers)["X-Request-Id"] != "bad\tid"
