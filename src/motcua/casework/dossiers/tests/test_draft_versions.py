"""Versions of a draft: none is lost, two are compared, an older one is restored, the signer sees what changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from motcua.casework.dossiers.errors import ChecksMissing
from motcua.casework.dossiers.models import DraftReturn
from motcua.casework.dossiers.note_errors import DraftOutdated, NothingToRestore
from motcua.casework.dossiers.rules.comparing import compare
from motcua.casework.dossiers.services.correcting import Correction, correct_data
from motcua.casework.dossiers.services.handling import draft_result, return_task, submit_for_signature
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.restoring import restore_draft
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    MORNING,
    awaiting_signature,
    drafted,
    snapshot,
    target,
)
from motcua.casework.dossiers.versions import compare_drafts, list_versions
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)
WHY = "Tên đệm viết thiếu dấu"


@pytest.fixture
def sent_back(world):
    """The leader sent the first version back."""
    dossier = awaiting_signature(world.desk, world.mother)
    return_task(actor=world.desk.leader, target=target(dossier), reason=WHY, at=LATER)
    return dossier


@pytest.fixture
def mended(world, sent_back):
    """… a slip was corrected, it was drafted anew, and lies before the leader again."""
    by = {"actor": world.desk.specialist, "at": LATER}
    slip = Correction("given_name", "Anh Khôi", "Gõ thiếu chữ đệm")
    correct_data(target=target(sent_back), correction=slip, **by)
    draft_result(target=target(sent_back), checks=CHECKS, **by)
    submit_for_signature(target=target(sent_back), **by)
    sent_back.refresh_from_db()
    return sent_back


def draft_of(dossier, edition):
    return dossier.documents.get(kind="draft", edition=edition)


def restored(world, dossier, edition, *, actor=None, checks=CHECKS):
    return restore_draft(
        actor=actor or world.desk.specialist,
        target=target(dossier),
        document_id=draft_of(dossier, edition).id,
        checks=checks,
        at=LATER,
    )


def test_each_version_says_who_made_it_and_why_it_was_sent_back(world, mended):
    latest, first = list_versions(mended)
    assert [it.document.edition for it in (latest, first)] == [2, 1]
    assert (first.sent_back.reason, latest.sent_back) == (WHY, None)
    assert first.by and first.sent_back_by and first.by != first.sent_back_by
    entry = Entry.objects.get(object_id=mended.id, kind="dossier.task_returned")
    assert entry.facts["edition"] == 1
    assert WHY not in str(entry.facts)


@pytest.mark.parametrize("change", [{"content": {}}, {"edition": 9}, {"number": "1"}])
def test_the_database_refuses_to_alter_a_version(world, change):
    draft = find_draft(drafted(world.desk, world.mother))
    with pytest.raises(DatabaseError), transaction.atomic():
        type(draft).objects.filter(pk=draft.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        draft.delete()


def test_the_database_refuses_to_alter_why_a_version_was_sent_back(sent_back):
    with pytest.raises(DatabaseError), transaction.atomic():
        DraftReturn.objects.update(reason="Không sao")
    with pytest.raises(DatabaseError), transaction.atomic():
        DraftReturn.objects.all().delete()


def test_two_versions_are_compared_word_for_word(mended):
    found = compare_drafts(draft_of(mended, 1), draft_of(mended, 2))
    changed = [line for group in found.groups for line in group if line.is_changed]
    assert found.has_words
    assert any("ANH" in part.text for line in changed for part in line.after if part.is_changed)


def test_lines_that_came_and_went_stand_alone():
    groups = compare(["a b", "same", "gone"], ["a c", "same", "new one", "and more"])
    lines = [line for group in groups for line in group]
    assert [[part.text for part in line.before] for line in lines] == [["a", "b"], ["same"], ["gone"], []]
    assert [part.is_changed for part in lines[0].after] == [False, True]
    assert compare(["a"], ["a"]) == []


def test_an_older_version_is_restored_as_a_new_one(world, sent_back):
    draft_result(actor=world.desk.specialist, target=target(sent_back), checks=CHECKS, at=LATER)
    made = restored(world, sent_back, 1)
    assert (made.edition, made.restored_from, made.file_id) == (3, 1, draft_of(sent_back, 1).file_id)
    assert find_draft(sent_back).pk == made.pk
    assert (
        Entry.objects.filter(object_id=sent_back.id, kind="dossier.result_drafted").latest("sequence").facts
        | {"restored": 1, "checks": 3}
        == Entry.objects.filter(object_id=sent_back.id, kind="dossier.result_drafted")
        .latest("sequence")
        .facts
    )
    submit_for_signature(actor=world.desk.specialist, target=target(sent_back), at=LATER)


@pytest.mark.parametrize(
    ("edition", "checks", "error"),
    [(2, CHECKS, NothingToRestore), (1, ("0",), ChecksMissing)],
)
def test_refuses_to_restore_and_changes_nothing(world, sent_back, edition, checks, error):
    draft_result(actor=world.desk.specialist, target=target(sent_back), checks=CHECKS, at=LATER)
    before = snapshot(sent_back)
    with pytest.raises(error):
        restored(world, sent_back, edition, checks=checks)
    assert snapshot(sent_back) == before


def test_refuses_a_version_that_says_what_was_declared_before(world, mended):
    return_task(actor=world.desk.leader, target=target(mended), reason="Xem lại", at=LATER)
    with pytest.raises(DraftOutdated):
        restored(world, mended, 1)


def test_only_who_drafts_restores(world, sent_back):
    draft_result(actor=world.desk.specialist, target=target(sent_back), checks=CHECKS, at=LATER)
    with pytest.raises(Refused):
        restored(world, sent_back, 1, actor=world.desk.reception)
    with pytest.raises(NotFound):
        restored(world, sent_back, 1, actor=world.other_desk.specialist)


def test_the_leader_sees_what_changed_since_it_was_sent_back(world, browse, mended):
    page = browse(world.desk.leader).get(reverse("desk:signing"), {"dossier": mended.id})
    text = page.content.decode()
    assert WHY in text
    assert "<ins>ANH" in text


def test_the_pages_list_compare_and_restore(world, browse, sent_back):
    draft_result(actor=world.desk.specialist, target=target(sent_back), checks=CHECKS, at=LATER)
    browser, first = browse(world.desk.specialist), draft_of(sent_back, 1)
    listed = browser.get(reverse("desk:drafts", args=[sent_back.id])).content.decode()
    restore = reverse("desk:draft-restore", args=[sent_back.id, first.id])
    assert WHY in listed
    assert restore in listed
    pair = {"before": first.id, "after": draft_of(sent_back, 2).id}
    assert browser.get(reverse("desk:drafts-compare", args=[sent_back.id]), pair).status_code == 200
    assert browser.get(restore).status_code == 200
    stale = browser.post(restore, {"revision": "1", "check": CHECKS})
    assert stale.status_code == 422
    done = browser.post(restore, {"revision": target(sent_back).revision, "check": CHECKS})
    assert (done.status_code, find_draft(sent_back).restored_from) == (302, 1)


@pytest.mark.parametrize("query", [{}, {"before": "x", "after": "y"}])
def test_comparing_nothing_is_not_found(world, browse, sent_back, query):
    page = browse(world.desk.specialist).get(reverse("desk:drafts-compare", args=[sent_back.id]), query)
    assert page.status_code == 404
