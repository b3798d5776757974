"""Two who enter the same sheet at once."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.counter_errors import SheetEntered
from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.services.intake import take_in
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.tests.players import at_once
from motcua.casework.dossiers.tests.test_late_entry import begin, blank, filled

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]


@pytest.fixture
def db(shared_database):
    """Not a transaction: other connections must see what is done."""


def test_one_sheet_entered_by_two_at_once_makes_one_dossier(world):
    sheet = blank(world)
    tries = [lambda who=who: begin(world, sheet, person=who) for who in (world.mother, world.neighbour)]
    found = at_once(*tries * 2)
    drafts = {it.pk for it in found if isinstance(it, Draft)}
    assert len(drafts) == 1 == Draft.objects.count()
    assert sum(isinstance(it, SheetEntered) for it in found) == 2
    draft = filled(world, Draft.objects.get())
    clerk = world.desk.reception
    made = at_once(*[lambda: take_in(actor=clerk, draft_id=draft.id, at=MORNING)] * 3)
    assert len({it.pk for it in made}) == 1 == Dossier.objects.count()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.dossier_id) == ("entered", made[0].pk)
