"""Lists and searches of one agency, of several, and of what others ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from motcua.casework.dossiers.lists import Wanted, list_readable
from motcua.casework.dossiers.policies import listed
from motcua.casework.dossiers.selectors import get_dossier_named, search_dossiers
from motcua.casework.dossiers.tests.factories import MORNING, accepted, lying_elsewhere, submitted
from motcua.foundation.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


def test_what_others_ask_stands_among_ones_own_latest_first(world):
    asked = lying_elsewhere(world.desk, world.other_desk, world.mother, at=MORNING)
    older = submitted(world.other_desk, world.mother, at=MORNING - timedelta(hours=1))
    newer = submitted(world.other_desk, world.mother, at=MORNING + timedelta(hours=1))
    actor = world.other_desk.leader
    assert listed(actor).of_one_agency
    assert list_readable(actor, Wanted(), after="", limit=20) == ([newer, asked, older], "")
    first, token = list_readable(actor, Wanted(), after="", limit=2)
    assert (first, list_readable(actor, Wanted(), after=token, limit=2)[0]) == ([newer, asked], [older])
    assert search_dossiers(actor, "khoi minh") == [newer, asked, older]


def test_who_works_for_several_agencies_finds_the_same(world):
    one, other = (submitted(desk, world.mother) for desk in (world.desk, world.other_desk))
    wide = replace(world.desk.leader, grants=(("leader", "/"),))
    assert not listed(wide).of_one_agency
    assert {it.id for it in search_dossiers(wide, "minh khoi")} == {one.id, other.id}
    assert search_dossiers(world.desk.leader, "minh khoi") == [one]


def test_a_whole_code_gives_that_dossier_and_nobody_elses(world):
    dossier = accepted(world.desk, world.mother)
    for code in (dossier.code, dossier.reference.lower(), str(dossier.id)):
        assert get_dossier_named(world.desk.leader, code) == dossier
        with pytest.raises(NotFound):
            get_dossier_named(world.other_desk.leader, code)
    assert search_dossiers(world.desk.leader, dossier.code.lower()) == [dossier]
    assert search_dossiers(world.other_desk.leader, dossier.code) == []
