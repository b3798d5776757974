"""Programs read who offers a procedure, above what rooms can see of each other."""

# ruff: noqa: F811  the fixture comes from the packs' tests
from __future__ import annotations

from types import SimpleNamespace

import pytest

from motcua.casework.packs.tests.test_offering import CODE, imported, offer  # noqa: F401  fixture
from motcua.registry.catalogue.rest import list_offers

pytestmark = pytest.mark.django_db


def test_programs_read_who_offers(imported):
    offer(imported.desk.agency, level="partial", reason="presence")
    found = list_offers(SimpleNamespace(), CODE)["items"]
    assert [(it["level"], it["reason"], it["scope"]) for it in found] == [("partial", "presence", "own")]
