"""What is applied for most is found first, above what rooms can see of each other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.tests.factories import MORNING, submitted
from motcua.registry.catalogue.counting import count_uses
from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.selectors import search_procedures
from motcua.registry.catalogue.tests.test_finding import BIRTH, listed

pytestmark = pytest.mark.django_db


def codes(words):
    return [it.code for it in search_procedures(words).procedures]


def test_uses_are_counted_from_what_was_submitted_and_decide_between_equals(world):
    for code in ("6.123461", "6.123462"):
        listed(code, "Chứng nhận nuôi đà điểu")
    assert codes("nuôi đà điểu") == ["6.123461", "6.123462"]
    submitted(world.desk, world.mother)
    assert count_uses(at=MORNING + timedelta(days=1)) >= 1
    assert Procedure.objects.get(pk=BIRTH).uses >= 1
    assert count_uses(at=MORNING + timedelta(days=1)) == 0
    Procedure.objects.filter(pk="6.123462").update(uses=50)
    assert codes("nuôi đà điểu") == ["6.123462", "6.123461"]
