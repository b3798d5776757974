"""Two who make hand-over slips at once."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.players import at_once
from motcua.casework.dossiers.tests.test_hand_over_slips import make
from motcua.foundation.kernel.ids import new_id

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]


@pytest.fixture
def db(shared_database):
    """Not a transaction: other connections must see what is done."""


def test_numbers_have_no_gap_and_one_page_makes_one_slip(world):
    dossier = factories.handed_over(world.desk, world.mother)
    same = new_id()
    twice = [lambda: make(world, [dossier], slip_id=same)] * 2
    made = at_once(*twice, *[lambda: make(world, [dossier])] * 2)
    assert sorted({it.pk: it.number for it in made}.values()) == [1, 2, 3]
