"""How many queries a call of the API may take, and that it is the same number with five rows as with twenty-five."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from motcua.casework.dossiers.services.bulk_filing import run_bulk
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.tests.factories import (
    CODE,
    MORNING,
    filled_in,
    handed_over,
    picture,
    returned,
    submitted,
)
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.sharing import NewShare, make_share
from motcua.casework.warehouse.tests.factories import given, unsigned_pdf
from motcua.doors.api.tests.factories import Caller, application, by_person
from motcua.registry.access.tests.client_factories import bearer, registered

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ceilings-api")]

# The token, who acts, the count of calls; a program's token says itself who acts.
PERSON, PROGRAM = 3, 2
# Readings of single things and what lists begin with; acts and filings stand below.
CEILINGS = {
    "get_me": {"reception": 0, "mother": 2},
    "list_procedures": {"reception": 1, "program": 1},
    # With how long dossiers took.
    "get_procedure": {"reception": 3, "program": 3},
    "list_offers": {"reception": 2, "program": 2},
    # What others ask of the agency, whether there are agencies below it, dossiers.
    "list_dossiers": {"reception": 3, "mother": 1, "program": 1},
    # The dossier, open tasks, papers, documents, and the journal with its savepoint.
    "get_dossier": {"reception": 7, "mother": 5, "program": 5},
    "list_dossier_journal": {"reception": 2, "mother": 2, "program": 2},
    "get_paper": {"reception": 5, "mother": 4},
    "get_dossier_document": {"reception": 5, "mother": 4},
    # Agency, calendar, tasks, their dossiers.
    "list_tasks": {"reception": 4},
    "list_documents": {"mother": 1},
    # Shares and what they hold; of one also agencies, files and who looked.
    "list_shares": {"mother": 2},
    "get_share": {"mother": 5},
    "get_document_content": {"mother": 3},
    "find_document_by_code": {"mother": 1, "program": 1},
    "verify_document": {"mother": 3, "program": 3},
}
# With the kept answer, and the dossier as it is then.
ACTS = {
    "accept": 29,
    "hand-over": 18,
    "claim": 16,
    "hand-back": 16,
    "draft-result": 29,
    "submit-for-signature": 21,
    "sign": 44,
    "return-result": 35,
    "return-task": 21,
    "request-supplement": 26,
    "request-opinion": 22,
}
_keys = count(1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def callers(world):
    scopes = ("dossiers:file", "dossiers:read", "dossiers:read-agency", "procedures:read", "documents:verify")
    program = registered(world.administrator, world.desk.agency, at=MORNING, scopes=scopes)
    people = {"reception": world.desk.reception, "mother": world.mother}
    found = {name: by_person(world, person, at=MORNING) for name, person in people.items()}
    return found | {"program": Caller(bearer(*program))}


def key():
    return f"ceiling-{next(_keys):06d}"


def queries(call, status=200):
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code == status, answer.content
    _read(answer)
    return [query["sql"] for query in captured.captured_queries]


def _read(answer):
    """A file to its end, so that it is closed."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def shown(asked):
    return "\n".join(sql[:150] for sql in asked)


def keeps(operation, callers, path, **query):
    """Each caller of the operation stays below its ceiling, on the second look."""
    for name, ceiling in CEILINGS[operation].items():
        caller = callers[name]
        _read(caller.get(path, **query))
        asked = queries(lambda caller=caller: caller.get(path, **query))
        assert len(asked) <= (PROGRAM if name == "program" else PERSON) + ceiling, f"{name}\n{shown(asked)}"


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("list_dossiers", "/dossiers"),
        ("list_tasks", "/tasks"),
        ("list_documents", "/documents"),
        ("list_shares", "/documents/shares"),
        ("list_procedures", "/procedures"),
    ],
)
def test_a_list_takes_as_many_queries_with_25_rows_as_with_5(world, callers, operation, path):
    found = {}
    for more in (range(1, 6), range(6, 26)):
        for number in more:
            submitted(world.desk, world.mother)
            document = given(world.desk.agency, world.mother.person_id, number)
            new = NewShare([document.id], "Vay vốn", MORNING + timedelta(days=1))
            share = make_share(actor=world.mother, new=new, at=MORNING)
        keeps(operation, callers, path)
        for name in CEILINGS[operation]:
            asked = queries(lambda name=name: callers[name].get(path))
            found.setdefault(name, []).append(asked)
    for few, many in found.values():
        assert len(few) == len(many), shown(many)
    if operation == "list_shares":
        keeps("get_share", callers, f"/documents/shares/{share.id}")


def test_lists_with_filters_take_no_more_queries(world, callers):
    submitted(world.desk, world.mother)
    since = (MORNING - timedelta(days=1)).isoformat()
    keeps("list_dossiers", callers, "/dossiers", status=1, procedure=CODE, agency=world.desk.agency.path)
    keeps("list_dossiers", callers, "/dossiers", updated_since=since)
    keeps("list_tasks", callers, "/tasks", view="unit", due="soon")


def test_one_dossier_and_its_parts_keep_their_ceiling(world, callers):
    dossier = returned(world.desk, world.mother)
    receipt = dossier.documents.get(kind="receipt")
    file_of(receipt)
    base = f"/dossiers/{dossier.id}"
    keeps("get_dossier", callers, base)
    keeps("get_dossier", callers, f"/dossiers/{dossier.code}")
    keeps("list_dossier_journal", callers, f"{base}/journal")
    keeps("get_paper", callers, f"{base}/papers/{dossier.components.get().pk}/content")
    keeps("get_dossier_document", callers, f"{base}/documents/{receipt.pk}/content")
    result = Document.objects.get()
    keeps("get_document_content", callers, f"/documents/{result.pk}/content")
    keeps("find_document_by_code", callers, f"/documents/by-code/{result.verification_code}")


def test_what_belongs_to_nobody_keeps_its_ceiling(world, callers):
    keeps("get_me", callers, "/me")
    keeps("get_procedure", callers, f"/procedures/{CODE}")
    keeps("list_offers", callers, f"/procedures/{CODE}/offers")


def test_verifying_a_paper_keeps_its_ceiling(world, callers):
    def verify(name):
        file = SimpleUploadedFile("paper.pdf", unsigned_pdf(), content_type="application/pdf")
        return Browser().post(
            "/api/v1/documents/verify", {"file": file}, headers={"Authorization": callers[name].header}
        )

    for name, ceiling in CEILINGS["verify_document"].items():
        verify(name)
        asked = queries(lambda name=name: verify(name))
        assert len(asked) <= (PROGRAM if name == "program" else PERSON) + ceiling, shown(asked)


def test_the_acts_of_the_whole_way_keep_their_ceilings(world, callers):
    desk = world.desk
    people = {it: by_person(world, it, at=MORNING) for it in (desk.reception, desk.specialist, desk.leader)}
    # The second dossier is measured: things kept once a process do not count.
    for dossier in [submitted(desk, world.mother), submitted(desk, world.mother)]:

        def do(person, act, sent=None, dossier=dossier):
            tag = people[person].get(f"/dossiers/{dossier.id}")["ETag"]
            path = f"/dossiers/{dossier.id}/acts/{act}"
            asked = queries(lambda: people[person].post(path, sent, key=key(), If_Match=tag))
            assert len(asked) <= PERSON + ACTS[act], f"{act}: {len(asked)}\n{shown(asked)}"

        do(desk.reception, "accept")
        do(desk.reception, "claim")
        do(desk.reception, "hand-back")
        do(desk.reception, "hand-over")
        do(desk.specialist, "draft-result", {"checks": [0, 1, 2]})
        do(desk.specialist, "submit-for-signature", {})
        do(desk.leader, "return-task", {"reason": "Look again."})
        do(desk.specialist, "draft-result", {"checks": [0, 1, 2]})
        do(desk.specialist, "submit-for-signature", {})
        draft = dossier.documents.filter(kind="draft").latest("edition")
        do(desk.leader, "sign", {"seen_sha256": draft.file.sha256})
        do(desk.reception, "return-result")


@pytest.mark.parametrize(
    ("act", "made", "sent"),
    [
        (
            "request-supplement",
            handed_over,
            lambda world: {"reason": "Not legible.", "items": [{"text": "A"}]},
        ),
        (
            "request-opinion",
            handed_over,
            lambda world: {"question": "Why?", "agency": str(world.other_desk.agency.id), "limit": "3wd"},
        ),
    ],
)
def test_an_act_that_asks_others_keeps_its_ceiling(world, act, made, sent):
    person = by_person(world, world.desk.specialist, at=MORNING)
    for _ in range(2):
        dossier = made(world.desk, world.mother)
        tag = person.get(f"/dossiers/{dossier.id}")["ETag"]
        path = f"/dossiers/{dossier.id}/acts/{act}"
        asked = queries(lambda path=path, tag=tag: person.post(path, sent(world), key=key(), If_Match=tag))
        assert len(asked) <= PERSON + ACTS[act], f"{len(asked)}\n{shown(asked)}"


def test_filing_and_sending_ahead_keep_their_ceilings(world, callers):
    program, asked = callers["program"], []
    for shade in (1, 2):
        sent = [lambda shade=shade: program.upload(picture(shade=shade), key=key())]
        sent.append(lambda shade=shade: program.file(application(world.desk), key=key()))
        asked = [queries(call, status=201) for call in sent]
    for found, ceiling in zip(asked, (22, 42), strict=True):
        assert len(found) <= PROGRAM + ceiling, f"{len(found)}\n{shown(found)}"


def test_filing_many_takes_as_many_queries_with_12_applications_as_with_2(world, callers):
    program, found = callers["program"], []
    filled_in(world.desk, world.mother)
    paper = program.upload(picture(), key=key()).json()["id"]
    for number in (2, 12):
        items = [
            {"key": key(), "dossier": application(world.desk, birth_evidence=paper)} for _ in range(number)
        ]
        sent = {"items": items}
        calls = [queries(lambda sent=sent: program.post("/dossiers/bulk", sent, key=key()), status=202)]
        bulk = program.post("/dossiers/bulk", sent | {"items": items}, key=f"again-{number}000").json()["id"]
        run_bulk(bulk)
        calls += [
            queries(lambda path=path: program.get(path))
            for path in (f"/dossiers/bulk/{bulk}", f"/dossiers/bulk/{bulk}/items")
        ]
        found.append(calls)
    for few, many, ceiling in zip(*found, (13, 1, 2), strict=True):
        assert len(few) == len(many) <= PROGRAM + ceiling, f"{len(many)}\n{shown(many)}"


def test_every_operation_that_reads_has_a_ceiling(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    reading = {it["get"]["operationId"] for it in paths.values() if "get" in it}
    # As many as of bulk filing, which stand above.
    many = {"get_bulk_filing", "list_bulk_filing_items", "get_bulk_act", "list_bulk_act_items"}
    assert reading - many == set(CEILINGS) - {"verify_document"}
