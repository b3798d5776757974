"""The description is honest: whatever is sent, the answer is a described one and never a breakdown (schemathesis)."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from motcua.casework.dossiers.tests.factories import MORNING, submitted
from motcua.doors.api.tests.factories import Caller, by_person
from motcua.registry.access.tests.client_factories import API_SCOPES, bearer, registered

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("conformance")]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Bounded and the same at every run: what is found is found again.
CALM = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WIDE = (*API_SCOPES, "dossiers:read-agency", "dossiers:handle", "documents:verify")


@pytest.fixture(autouse=True)
def _without_limit(settings):
    settings.API_CALLS_PER_MINUTE = 1_000_000


@pytest.fixture
def description(application):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def callers(world):
    program = registered(world.administrator, world.desk.agency, at=MORNING, scopes=WIDE)
    return {
        "client": Caller(bearer(*program)),
        "officer": by_person(world, world.desk.reception, at=MORNING),
        "citizen": by_person(world, world.mother, at=MORNING),
    }


def _for(description, who):
    """The operations that take such a caller's token."""
    scheme = {"client": ("Client", None), "officer": ("Person", "desk"), "citizen": ("Person", "citizen")}[
        who
    ]
    for found in description.get_all_operations():
        operation = found.ok()
        security = description.raw_schema["paths"][operation.path][operation.method.lower()]["security"]
        given = [(name, scope) for one in security for name, scopes in one.items() for scope in scopes]
        if any(name == scheme[0] and scheme[1] in {None, scope} for name, scope in given):
            yield operation


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("who", ["client", "officer", "citizen"])
def test_answers_as_described_whatever_is_sent(world, description, callers, who, mode):
    dossier, caller = submitted(world.desk, world.mother), callers[who]
    known = {"dossier_id": str(dossier.id), "id_or_code": dossier.reference, "code": "1.001193"}
    for operation in _for(description, who):
        fixed = {name: value for name, value in known.items() if f"{{{name}}}" in operation.path}
        strategy = operation.as_strategy(generation_mode=mode, path_parameters=fixed or None)

        @CALM
        @given(case=strategy)
        def tried(case):
            # The WSGI transport does not decompress.
            headers = {"Authorization": caller.header, "Accept-Encoding": "identity"}
            case.validate_response(case.call(headers=headers), checks=CHECKS, headers=headers)

        tried()
