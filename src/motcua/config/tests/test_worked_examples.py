"""The pack's worked examples, each a whole dossier in words and data, played by the services on the real database."""

from __future__ import annotations

import pytest
from django.conf import settings

from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.tests.factories import OPENED
from motcua.casework.packs.examples.acts import PLAYED
from motcua.casework.packs.examples.cast import example_files, read_example
from motcua.casework.packs.examples.play import play
from motcua.casework.packs.rules.worked import VERBS
from motcua.config.demo.cast import make_cast

PACK = settings.PACKS / "vn"
FILES = example_files(PACK)


@pytest.fixture(scope="module")
def cast(world, module_db):
    return make_cast(applicant=world.mother, neighbour=world.neighbour, at=OPENED)


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=[it.stem for it in FILES])
def test_the_program_does_what_the_example_says(cast, path):
    found = play(read_example(path), cast, PACK)
    assert not found, "\n" + "\n".join(found)


def test_there_are_at_least_forty_and_every_act_of_the_state_table_is_in_one():
    played = {act.does for path in FILES for act in read_example(path).acts}
    assert len(FILES) >= 40
    # Taking in begins at the counter, without an application to play: dossiers test_intake.py.
    assert set(ACTS) - {"take-in"} <= played


def test_every_verb_that_an_example_may_name_can_be_played():
    assert set(VERBS) == PLAYED
