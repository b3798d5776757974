"""A dossier keeps the version of its filing, whatever is published afterwards."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import CHECKS, CODE, MORNING, filled_in, handed_over, target
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.catalogue.services import Listing, Publication, publish_version

pytestmark = pytest.mark.django_db


def publish_anew():
    """The birth registration with a longer limit and a template that cannot be printed, from today on."""
    now = get_version(CODE, at=MORNING.date())
    definition = copy.deepcopy(now.definition)
    definition["procedure"]["limit"]["value"] = "5wd"
    names = now.procedure.names
    listing = Listing(
        code=CODE, names=names, everyday=[], sector="civil_status", level="commune", limit="5wd", fee={},
        sector_names={}, is_online=True,
    )  # fmt: skip
    publication = Publication(listing, MORNING.date(), definition, "f" * 64, "#panic()")
    return publish_version(actor=SYSTEM, publication=publication, at=MORNING)


def test_a_dossier_is_finished_with_the_template_it_was_filed_under(world):
    dossier = handed_over(world.desk, world.mother)
    new = publish_anew()
    assert get_version(CODE, at=MORNING.date()) == new
    handling.draft_result(actor=world.desk.specialist, target=target(dossier), checks=CHECKS, at=MORNING)
    assert find_draft(dossier).file.size_bytes > 0


def test_a_draft_that_was_begun_before_keeps_its_version_and_limit(world):
    draft = filled_in(world.desk, world.mother)
    old = draft.version
    publish_anew()
    dossier = submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING)
    assert dossier.version == old
    accepted = handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    assert accepted.due_at < MORNING + timedelta(days=1)
