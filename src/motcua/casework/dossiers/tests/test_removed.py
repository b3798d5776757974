from __future__ import annotations

import pytest
from django.urls import reverse

from motcua.casework.dossiers.errors import NoLongerOffered
from motcua.casework.dossiers.services.drafts import start_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import CODE, MORNING, accepted, filled_in
from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.selectors import get_version

pytestmark = pytest.mark.django_db


def test_nobody_applies_for_a_removed_procedure_and_running_dossiers_go_on(world, browse):
    begun = filled_in(world.desk, world.mother)
    running = accepted(world.desk, world.mother)
    Procedure.objects.filter(pk=CODE).update(removed_on=MORNING.date())
    with pytest.raises(NoLongerOffered):
        start_draft(actor=world.mother, version=get_version(CODE, at=MORNING.date()), at=MORNING)
    with pytest.raises(NoLongerOffered):
        submit_dossier(actor=world.mother, draft_id=begun.id, at=MORNING)
    page = browse(None).get(reverse("catalogue:procedure", args=[CODE])).content.decode()
    assert "The national list has been without it" in page and "Start application" not in page
    officer = browse(world.desk.specialist)
    assert officer.get(reverse("desk:dossier", args=[running.id])).status_code == 200
