"""A business hands in many applications at once."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.models import BulkItem, Dossier
from motcua.casework.dossiers.services.bulk_filing import run_bulk
from motcua.casework.dossiers.tests.factories import MORNING, picture
from motcua.doors.api.tests.factories import MOTHER, Caller, application
from motcua.doors.api.tests.test_api import is_problem
from motcua.foundation.journal.models import Entry
from motcua.registry.access.clients.services import ClientTarget, suspend_client
from motcua.registry.access.models import Account
from motcua.registry.access.tests.client_factories import bearer, person_bearer, registered, service

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world):
    return registered(world.administrator, world.desk.agency, at=MORNING)


@pytest.fixture
def caller(made):
    return Caller(bearer(*made))


def items(world, caller, *changes):
    paper = caller.upload(picture()).json()["id"]
    sent = [application(world.desk, birth_evidence=paper, **change) for change in changes]
    return [{"key": f"hospital-{number}", "dossier": it} for number, it in enumerate(sent)]


def test_files_each_with_its_own_result(world, caller):
    sent = items(world, caller, {}, {"sex": "other"}, {"given_name": "Hai"})
    begun = caller.post("/dossiers/bulk", {"items": sent}, key="bulk-0001")
    assert (begun.status_code, begun.json()["waiting"]) == (202, 3), begun.content
    assert not Dossier.objects.exists()
    run_bulk(begun.json()["id"])
    path = begun["Location"].removeprefix("/api/v1")
    shown = caller.get(path).json()
    assert (shown["waiting"], shown["filed"], shown["refused"]) == (0, 2, 1)
    assert shown["finished_at"]
    first = caller.get(f"{path}/items", limit=2).json()
    last = caller.get(f"{path}/items", after=first["next"]).json()
    found = first["items"] + last["items"]
    assert [it["state"] for it in found] == ["filed", "refused", "filed"]
    assert found[1]["problem"]["code"] == "answers_refused"
    assert found[1]["problem"]["errors"][0]["path"] == "/answers/sex"
    assert caller.get(f"/dossiers/{found[0]['dossier_id']}").json()["reference"] == found[0]["reference"]
    # What people told about themselves is not kept a second time.
    assert not BulkItem.objects.filter(content__isnull=False).exists()
    assert Entry.objects.get(kind="bulk.begun").facts["items"] == 3


def test_runs_again_without_filing_twice(world, caller):
    begun = caller.post("/dossiers/bulk", {"items": items(world, caller, {}, {"given_name": "Hai"})})
    run_bulk(begun.json()["id"])
    BulkItem.objects.filter(position=0).update(
        state="waiting", dossier=None, content=caller_content(world, caller)
    )
    run_bulk(begun.json()["id"])
    assert Dossier.objects.count() == 2
    assert BulkItem.objects.filter(state="filed").count() == 2


def caller_content(world, caller):
    from motcua.casework.dossiers.rest.schemas import DossierIn

    sent = items(world, caller, {})[0]["dossier"]
    return DossierIn.model_validate(sent).model_dump(mode="json")


def test_the_same_bulk_is_taken_once(world, caller):
    sent = {"items": items(world, caller, {})}
    first, again = (caller.post("/dossiers/bulk", sent, key="bulk-0001") for _ in range(2))
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"


def test_an_item_has_the_key_of_a_single_filing(world, caller):
    sent = items(world, caller, {})
    filed = caller.post("/dossiers", sent[0]["dossier"], key=sent[0]["key"]).json()
    begun = caller.post("/dossiers/bulk", {"items": sent})
    run_bulk(begun.json()["id"])
    found = caller.get(f"/dossiers/bulk/{begun.json()['id']}/items").json()["items"]
    assert found[0]["dossier_id"] == filed["id"]
    assert Dossier.objects.count() == 1


def test_says_which_item_has_not_the_form_of_an_application(world, caller):
    sent = items(world, caller, {}, {})
    sent[1]["dossier"]["applicant"] = MOTHER | {"birth_date": "yesterday"}
    body = is_problem(caller.post("/dossiers/bulk", {"items": sent}), 422, "invalid")
    assert [it["path"] for it in body["errors"]] == ["/items/1/dossier/applicant/birth_date"]
    twice = [sent[0], sent[0]]
    body = is_problem(caller.post("/dossiers/bulk", {"items": twice}), 422, "bulk_key_twice")
    assert [it["path"] for it in body["errors"]] == ["/items/1/key"]


def test_files_nothing_for_who_was_suspended_meanwhile(world, made, caller):
    begun = caller.post("/dossiers/bulk", {"items": items(world, caller, {})})
    target = ClientTarget(made[0].id, 1)
    suspend_client(actor=world.administrator, target=target, reason="Odd calls", at=MORNING)
    run_bulk(begun.json()["id"])
    assert not Dossier.objects.exists()
    assert BulkItem.objects.get().problem["code"] == "token_refused"


def test_files_nothing_for_who_may_file_no_more(world, made, caller):
    begun = caller.post("/dossiers/bulk", {"items": items(world, caller, {})})
    oauth = made[0].oauth
    oauth.set_scopes([scope for scope in oauth.get_scopes() if scope != "dossiers:file"])
    oauth.save()
    run_bulk(begun.json()["id"])
    assert not Dossier.objects.exists()
    assert BulkItem.objects.get().problem["code"] == "scope_missing"


@pytest.mark.parametrize("taken", ["account", "scope"])
def test_files_nothing_for_a_person_who_may_not_sign_in_through_it_any_more(world, taken):
    made = service(world.administrator, world.desk.agency, at=MORNING, sign_in="citizen", scopes=("citizen",))
    client = made[0]
    person = Caller(person_bearer(client, world.mother.account_id, scopes=("citizen",), at=MORNING))
    item = {"key": "own-00001", "dossier": application(world.desk) | {"applicant": None}}
    begun = person.post("/dossiers/bulk", {"items": [item]})
    assert begun.status_code == 202, begun.content
    if taken == "account":
        Account.objects.filter(pk=world.mother.account_id).update(is_active=False)
    else:
        client.oauth.set_scopes(["openid"])
        client.oauth.save()
    run_bulk(begun.json()["id"])
    assert BulkItem.objects.get().problem["code"] == (
        "token_refused" if taken == "account" else "scope_missing"
    )


def test_nobody_elses_bulk_is_shown(world, caller):
    begun = caller.post("/dossiers/bulk", {"items": items(world, caller, {})})
    other = Caller(bearer(*registered(world.administrator, world.desk.agency, at=MORNING)))
    is_problem(other.get(f"/dossiers/bulk/{begun.json()['id']}"), 404, "not_found")
    is_problem(other.get(f"/dossiers/bulk/{begun.json()['id']}/items"), 404, "not_found")


def test_one_that_breaks_something_does_not_keep_the_others(world, caller, monkeypatch):
    from motcua.casework.dossiers.services import bulk_filing

    begun = caller.post("/dossiers/bulk", {"items": items(world, caller, {}, {"given_name": "Hai"})})
    real = bulk_filing.read_application

    def broken(content, uploads):
        if content["answers"]["given_name"] == "Hai":
            raise RuntimeError("a secret detail")
        return real(content, uploads)

    monkeypatch.setattr(bulk_filing, "read_application", broken)
    run_bulk(begun.json()["id"])
    assert list(BulkItem.objects.order_by("position").values_list("state", flat=True)) == ["filed", "refused"]
    assert "secret" not in str(BulkItem.objects.get(state="refused").problem)
