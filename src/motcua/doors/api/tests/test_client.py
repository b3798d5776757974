"""The typed client that is made from the description does what a program needs."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import pytest
from django.test import Client as Browser

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.bulk_filing import run_bulk
from motcua.casework.dossiers.tests.factories import MORNING, picture, submitted
from motcua.doors.api.tests.factories import Caller, by_person
from motcua.doors.api.tests.factories import application as form_of
from motcua.registry.access.tests.client_factories import bearer, registered

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("client")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The package, made once and importable."""
    from motcua.doors.api.web.urls import api
    from tools.make_client import make_client

    folder = tmp_path_factory.mktemp("client")
    make_client(dict(api.get_openapi_schema()), folder)
    sys.path.insert(0, str(folder))
    import motcua_client

    yield motcua_client
    sys.path.remove(str(folder))


@pytest.fixture
def connect(made, application):
    def start(caller: Caller) -> Any:
        transport = httpx.WSGITransport(app=application)
        http = httpx.Client(
            base_url="http://testserver", transport=transport, headers={"Authorization": caller.header}
        )
        return made.AuthenticatedClient("http://testserver", token="").set_httpx_client(http)

    return start


def test_a_program_files_and_follows(world, connect):
    from motcua_client.api.dossiers import file_dossier, get_dossier, list_dossiers
    from motcua_client.api.files import upload_file
    from motcua_client.models import DossierIn, Problem, UploadFileFileParams
    from motcua_client.types import File

    client = connect(Caller(bearer(*registered(world.administrator, world.desk.agency, at=MORNING))))
    paper = picture()
    sent = UploadFileFileParams(File(paper.file, paper.name, "image/png"))
    upload = upload_file.sync(client=client, body=sent, idempotency_key="paper-0001")
    assert not isinstance(upload, Problem), upload
    body = DossierIn.from_dict(form_of(world.desk, birth_evidence=str(upload.id)))
    filed, again = (
        file_dossier.sync(client=client, body=body, idempotency_key="birth-0001") for _ in range(2)
    )
    assert filed.id == again.id and Dossier.objects.count() == 1
    assert get_dossier.sync(filed.reference, client=client).status == 1
    assert [it.id for it in list_dossiers.sync(client=client, limit=5).items] == [filed.id]
    wrong = DossierIn.from_dict(form_of(world.desk, sex="other", birth_evidence=str(upload.id)))
    problem = file_dossier.sync(client=client, body=wrong, idempotency_key="birth-0002")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.errors[0].path) == ("answers_refused", "/answers/sex")


def test_a_business_hands_in_many(world, connect):
    from motcua_client.api.dossiers import file_many, get_bulk_filing, list_bulk_filing_items
    from motcua_client.models import BulkIn

    caller = Caller(bearer(*registered(world.administrator, world.desk.agency, at=MORNING)))
    client, paper = connect(caller), caller.upload(picture()).json()["id"]
    items = [
        {"key": f"hospital-{name}", "dossier": form_of(world.desk, birth_evidence=paper, given_name=name)}
        for name in ("Mot", "Hai")
    ]
    begun = file_many.sync(
        client=client, body=BulkIn.from_dict({"items": items}), idempotency_key="bulk-0001"
    )
    run_bulk(begun.id)
    assert get_bulk_filing.sync(begun.id, client=client).filed == 2
    results = list_bulk_filing_items.sync(begun.id, client=client).items
    assert [it.state for it in results] == ["filed", "filed"]


def test_an_officer_acts(world, connect):
    from motcua_client.api.acts import act_accept
    from motcua_client.api.dossiers import get_dossier, get_dossier_document
    from motcua_client.api.tasks import list_tasks

    dossier = submitted(world.desk, world.mother)
    client = connect(by_person(world, world.desk.reception, at=MORNING))
    assert [it.dossier_id for it in list_tasks.sync(client=client).items] == [dossier.id]
    read = get_dossier.sync_detailed(str(dossier.id), client=client)
    tag = read.headers["ETag"]
    accepted = act_accept.sync(dossier.id, client=client, if_match=tag, idempotency_key="accept-0001")
    assert accepted.status == 2
    late = act_accept.sync(dossier.id, client=client, if_match=tag, idempotency_key="accept-0002")
    assert (late.status, late.code) == (412, "dossier_moved")
    receipt = next(it for it in accepted.documents if it.kind == "receipt")
    assert get_dossier_document.sync(dossier.id, receipt.id, client=client).payload.read().startswith(b"%PDF")


def test_it_is_made_of_what_the_site_serves(made):
    from tools.make_client import read_description

    served = Browser().get("/api/v1/openapi.json").json()
    assert set(served["paths"]) == set(read_description()["paths"])
