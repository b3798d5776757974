"""Two administrators at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.organisations.errors import PostTaken, UnitCircle
from motcua.registry.organisations.models import Agency, Holding, Unit
from motcua.registry.organisations.services import (
    Person,
    PostFacts,
    Taking,
    Target,
    UnitFacts,
    change_unit,
    enter_person,
    enter_post,
    enter_unit,
)

AT = datetime(2026, 3, 10, 1, 40, tzinfo=UTC)
FIRST = date(2025, 7, 1)


@pytest.fixture
def db(shared_database: None) -> None:
    """Several connections: what they commit is there for all."""


def unit_of(code: str) -> Unit:
    agency = Agency.objects.get(code="H44.04894")
    return enter_unit(
        actor=SYSTEM, target=Target(agency.id), code=code, facts=UnitFacts(code), on=FIRST, at=AT
    )


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The names of what each was refused with, "" for done."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            barrier.wait(10)
            act()
        except (PostTaken, UnitCircle) as refused:
            return type(refused).__name__
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_moves_of_units_make_no_circle(db):
    one, two = unit_of("one"), unit_of("two")

    def put(unit: Unit, above: Unit) -> Callable[[], Any]:
        facts = UnitFacts(unit.name, above.id)
        return lambda: change_unit(actor=SYSTEM, unit_id=unit.id, revision=None, facts=facts, at=AT)

    assert at_once(put(one, two), put(two, one)) == ["", "UnitCircle"]


def test_two_officers_entered_in_one_post_make_one_holder(db):
    facts = PostFacts("Chuyên viên", "", FIRST)
    post = enter_post(actor=SYSTEM, unit_id=unit_of("one").id, revision=None, facts=facts, at=AT)

    def enter(username: str) -> Callable[[], Any]:
        person = Person(username, "Đặng Thị Mẫu An")
        return lambda: enter_person(actor=SYSTEM, person=person, taking=Taking(post.id, FIRST), at=AT)

    assert at_once(enter("mau.an"), enter("mau.binh")) == ["", "PostTaken"]
    assert Holding.objects.filter(post=post).count() == 1
