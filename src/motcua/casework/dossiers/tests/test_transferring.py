"""A dossier goes to the competent agency."""

from __future__ import annotations

import pytest

from motcua.casework.dossiers.errors import GroundMissing, NoSuchAgency
from motcua.casework.dossiers.selectors import get_dossier, list_inbox, search_dossiers
from motcua.casework.dossiers.services import handling, transferring
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, snapshot, target
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def transfer(world, dossier, *, actor=None, agency=None, reason="Thuộc thẩm quyền xã bên"):
    return transferring.transfer_dossier(
        actor=actor or world.desk.reception,
        target=target(dossier),
        agency_id=agency or world.other_desk.agency.id,
        reason=reason,
        at=MORNING,
    )


@pytest.mark.parametrize("stage", ["submitted", "accepted", "handed_over"])
def test_the_other_agency_decides_from_then_on_and_the_due_date_stays(world, stage):
    dossier = getattr(factories, stage)(world.desk, world.mother)
    code, due_at = dossier.code, dossier.due_at
    actor = world.desk.specialist if stage == "handed_over" else world.desk.reception
    transfer(world, dossier, actor=actor)
    dossier.refresh_from_db()
    assert (dossier.agency, dossier.code, dossier.due_at) == (world.other_desk.agency, code, due_at)
    assert list_inbox(actor, at=MORNING).rows == []
    there = world.other_desk.specialist if stage == "handed_over" else world.other_desk.reception
    assert [row.dossier for row in list_inbox(there, at=MORNING).rows] == [dossier]
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.transferred")
    assert (entry.facts["from"], entry.facts["to"]) == (world.desk.agency.code, world.other_desk.agency.code)


def test_the_former_agency_reads_it_while_it_is_under_way_and_does_nothing(world):
    dossier = factories.submitted(world.desk, world.mother)
    transfer(world, dossier)
    assert get_dossier(world.desk.reception, dossier.id) == dossier
    assert search_dossiers(world.desk.reception, dossier.reference) == [dossier]
    with pytest.raises(Refused):
        handling.accept_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
    handling.accept_dossier(actor=world.other_desk.reception, target=target(dossier), at=MORNING)
    dossier.refresh_from_db()
    assert dossier.code.startswith(world.other_desk.agency.code)
    dossier.status = 7
    dossier.save(update_fields=["status"])
    with pytest.raises(NotFound):
        get_dossier(world.desk.reception, dossier.id)


def test_it_goes_to_another_agency_that_exists_and_for_a_reason(world):
    dossier = factories.submitted(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(GroundMissing):
        transfer(world, dossier, reason=" ")
    for agency in (world.desk.agency.id, new_id()):
        with pytest.raises(NoSuchAgency):
            transfer(world, dossier, agency=agency)
    with pytest.raises(Refused):
        transfer(world, dossier, actor=world.desk.specialist)
    assert snapshot(dossier) == before


def test_who_had_taken_the_task_has_it_no_more(world):
    dossier = factories.submitted(world.desk, world.mother)
    from motcua.casework.dossiers.services.tasking import claim

    claim(actor=world.desk.reception, target=target(dossier), at=MORNING)
    transfer(world, dossier)
    handling.accept_dossier(actor=world.other_desk.reception, target=target(dossier), at=MORNING)
