"""What becomes of the files of drafts and dossiers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.errors import DraftMissing
from motcua.casework.dossiers.models import DraftPaper
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.tests.factories import MORNING, empty_draft, picture, returned, submitted
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file, sweep_unused
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import place_hold
from motcua.foundation.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=30)


@pytest.fixture
def draft(world):
    return empty_draft(world.mother)


def add(world, draft, *, shade=0) -> DraftPaper:
    return drafts.add_paper(
        actor=world.mother,
        draft_id=draft.id,
        component="birth_evidence",
        upload=picture(shade=shade),
        at=MORNING,
    )


def remaining() -> int:
    """Files after the sweeps of a month."""
    sweep_unused(at=MORNING)
    sweep_unused(at=LATER)
    return StoredFile.objects.count()


def test_the_papers_of_a_draft_thrown_away_are_erased(world, draft):
    file = add(world, draft).file
    drafts.discard_draft(actor=world.mother, draft_id=draft.id)
    assert remaining() == 0
    assert Entry.objects.get(kind="file.erased").object_id == file.pk


def test_a_paper_taken_out_of_a_draft_is_erased_and_the_other_stays(world, draft):
    first, second = add(world, draft), add(world, draft, shade=90)
    drafts.remove_paper(actor=world.mother, draft_id=draft.id, paper_id=first.pk)
    assert remaining() == 1
    assert read_file(second.file)


def test_a_hold_on_the_draft_keeps_its_papers_after_it_was_thrown_away(world, draft):
    add(world, draft)
    place_hold(actor=SYSTEM, object_id=draft.id, reason="Order 12/2026", at=MORNING)
    drafts.discard_draft(actor=world.mother, draft_id=draft.id)
    assert remaining() == 1


def test_the_same_paper_twice_is_one_file(world, draft):
    assert add(world, draft) == add(world, draft)
    assert StoredFile.objects.count() == 1


def test_the_papers_and_documents_of_a_dossier_stay(world):
    returned(world.desk, world.mother)
    before = StoredFile.objects.count()
    assert before >= 3  # the paper, the draft of the result, the result
    assert remaining() == before


def test_a_paper_that_was_not_asked_for_in_the_end_is_erased(world):
    dossier = submitted(world.desk, world.mother)
    file = dossier.components.get().file
    dossier.components.all().delete()
    assert remaining() == 0
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_every_file_says_which_dossier_it_belongs_to(world):
    dossier = returned(world.desk, world.mother)
    assert set(StoredFile.objects.values_list("belongs_to", flat=True)) == {dossier.id}


def test_a_stranger_cannot_make_us_examine_files(world, draft):
    with pytest.raises(DraftMissing):
        drafts.add_paper(
            actor=world.neighbour, draft_id=draft.id, component="birth_evidence", upload=picture(), at=MORNING
        )
