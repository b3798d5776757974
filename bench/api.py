"""Over the API: filing as a hospital's program; list, detail and an act as a clerk of one commune."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from random import Random
from uuid import UUID

from allauth.idp.oidc.models import Token
from django.utils import timezone

from bench.measuring import Request, WrongAnswer
from bench.scenario import COMMUNE, Scenario, paper
from motcua.casework.dossiers.models import Dossier
from motcua.config.simulation.births import PROCEDURE, make_answers
from motcua.config.simulation.people import make_family
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.services import Registration, register_client
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency

# Nobody else's people have these numbers: those of a simulation count up from 0.
FIRST_PERSON = 90_000_000


class Program:
    """A connection with a token of ten minutes, taken anew for each row."""

    def __init__(self, client: SystemClient, scopes: tuple[str, ...], account: Account | None = None) -> None:
        self.client, self.scopes, self.account = client, scopes, account

    def headers(self) -> dict[str, str]:
        token = Token(type=Token.Type.ACCESS_TOKEN, client=self.client.oauth, user=self.account)
        value = secrets.token_urlsafe(32)
        token.set_value(value)
        token.set_scopes(list(self.scopes))
        token.expires_at = timezone.now() + timedelta(minutes=10)
        token.save()
        return {"Authorization": f"Bearer {value}"}


def register(scenario: Scenario) -> tuple[Program, Program]:
    """The hospital's program, and the one a clerk signed in to."""
    agency = Agency.objects.get(place_code=COMMUNE.code, level="commune", valid_to=None)
    administrator = Account.objects.get(username="demo.administrator")
    actor = Actor(
        kind="officer",
        account_id=administrator.id,
        person_id=administrator.officer.id,
        grants=(("administrator", "/"),),
    )
    found = []
    for scopes, more in (
        (("dossiers:file", "dossiers:read"), {}),
        (("openid", "desk"), {"sign_in": "officer", "redirect_uris": ("https://desk.example/back",)}),
    ):
        registration = Registration(
            id=new_id(),
            name="Bench",
            agency_id=agency.id,
            agency_path=agency.path,
            contact="bench@example.org",
            purpose="To measure.",
            scopes=scopes,
            **more,
        )
        client, _secret = register_client(actor=actor, registration=registration, at=timezone.now())
        account = Account.objects.get(username=f"demo.reception.{COMMUNE.code}") if more else None
        found.append(Program(client, scopes, account))
    return found[0], found[1]


def run(scenario: Scenario, requests: int) -> None:
    """Measure the API's rows with so many requests each."""
    if scenario.programs is None:
        scenario.programs = register(scenario)
    hospital, clerk = scenario.programs
    visitor = scenario.stranger
    visitor.measure_as(hospital.headers())
    files = {"file": ("paper.pdf", paper(), "application/pdf")}
    sent = Request("POST", "/api/v1/files", files=files, key=f"paper-{new_id()}", expected=201)
    upload = visitor.send(sent)
    posts = [_filing(number, upload.json()["id"]) for number in range(requests)]
    filed: list[UUID] = []
    scenario.meter.measure("API submit", visitor, posts, answered=lambda it: filed.append(it.json()["id"]))
    visitor.measure_as(clerk.headers())
    listing = [Request("GET", "/api/v1/dossiers?limit=20")] * requests
    scenario.meter.measure("API list (20)", visitor, listing)
    details = [Request("GET", f"/api/v1/dossiers/{dossier}") for dossier in filed]
    tags: list[str] = []
    scenario.meter.measure(
        "API detail", visitor, details, answered=lambda it: tags.append(it.headers["ETag"])
    )
    acts = [
        Request(
            "POST", f"/api/v1/dossiers/{dossier}/acts/accept", key=f"accept-{dossier}", tag=tag, expected=200
        )
        for dossier, tag in zip(filed, tags, strict=True)
    ]
    scenario.meter.measure("API accept", visitor, acts)
    visitor.measure_as({})
    done = Dossier.objects.filter(pk__in=filed, status=2).count()
    if done != len(filed):
        raise WrongAnswer(f"{done} of {len(filed)} dossiers were accepted over the API")


def _filing(number: int, upload: str) -> Request:
    today = timezone.localdate()
    random = Random(number)
    family = make_family(random, FIRST_PERSON + secrets.randbelow(90_000), before=today - timedelta(days=1))
    mother = family.mother
    answers = make_answers(random, family, COMMUNE, on=today) | {"birth_evidence": upload}
    applicant = {
        "personal_number": mother.personal_number,
        "full_name": mother.full_name,
        "birth_date": mother.birth_date.isoformat(),
        "sex": mother.sex,
        "residence": answers["applicant_residence"],
    }
    sent = {"procedure": PROCEDURE, "applicant": applicant, "answers": answers}
    return Request("POST", "/api/v1/dossiers", body=json.dumps(sent), key=f"file-{new_id()}", expected=201)
