from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.errors import ActNotAllowed, CannotSignDossier, OldPreview, OtherSigner
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.papers import certificate_of, find_draft
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    MORNING,
    OPENED,
    awaiting_signature,
    seen,
    signed,
    snapshot,
    target,
)
from motcua.casework.warehouse.models import Document
from motcua.foundation.files.services import read_file
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world):
    return awaiting_signature(world.desk, world.mother)


def sign(dossier, world, *, sha256=None, at=MORNING):
    return handling.sign_result(
        actor=world.desk.leader, target=target(dossier), seen_sha256=sha256 or seen(dossier), at=at
    )


def test_the_result_begins_with_the_very_bytes_the_signer_saw(waiting, world):
    draft = read_file(find_draft(waiting).file)
    assert read_file(sign(waiting, world).file).startswith(draft)


def test_the_signed_result_lies_in_the_applicants_warehouse(world):
    dossier = signed(world.desk, world.mother)
    issued = Document.objects.get(subject=dossier.id)
    result = dossier.documents.get(kind="result")
    assert (issued.owner_id, issued.agency, issued.file) == (
        world.mother.person_id,
        world.desk.agency,
        result.file,
    )
    assert (issued.signer_name, issued.signer_title) == ("Phan Thị Mẫu Hà", "Chủ tịch")
    assert issued.verification_code == find_draft(dossier).content["verify"]["code"]


def test_signing_finishes_the_dossier_and_keeps_its_due_date(waiting, world):
    sign(waiting, world, at=MORNING + timedelta(hours=3))
    due = waiting.due_at
    waiting.refresh_from_db()
    assert (waiting.status, waiting.finished_at, waiting.due_at) == (9, MORNING + timedelta(hours=3), due)


def test_what_was_not_seen_is_not_signed(waiting, world):
    before = snapshot(waiting)
    for sha256 in ("0" * 64, "not a digest"):
        with pytest.raises(OldPreview):
            sign(waiting, world, sha256=sha256)
    assert snapshot(waiting) == before


def test_a_draft_that_was_replaced_is_not_signed(waiting, world):
    old = seen(waiting)
    leader, drafter, later = world.desk.leader, world.desk.specialist, MORNING + timedelta(hours=1)
    handling.return_task(actor=leader, target=target(waiting), reason="Sai tên đệm", at=MORNING)
    handling.draft_result(actor=drafter, target=target(waiting), checks=CHECKS, at=later)
    handling.submit_for_signature(actor=drafter, target=target(waiting), at=later)
    before = snapshot(waiting)
    assert seen(waiting) != old
    with pytest.raises(OldPreview):
        sign(waiting, world, sha256=old)
    assert snapshot(waiting) == before


@pytest.mark.parametrize(
    "key", ["", "nobody", "../../passphrase"], ids=["no key", "an unknown key", "a path"]
)
def test_without_a_certificate_nothing_is_signed_and_the_dossier_stays(waiting, world, key):
    Officer.objects.filter(pk=world.desk.leader.person_id).update(signing_key=key)
    before = snapshot(waiting)
    with pytest.raises(CannotSignDossier):
        sign(waiting, world)
    assert snapshot(waiting) == before
    assert certificate_of(world.desk.leader) is None


@pytest.mark.parametrize("days", [-1, 366], ids=["not yet valid", "expired"])
def test_a_certificate_that_is_not_valid_signs_nothing(waiting, world, days):
    before = snapshot(waiting)
    with pytest.raises(CannotSignDossier):
        sign(waiting, world, at=OPENED + timedelta(days=days))
    assert snapshot(waiting) == before


def test_a_dossier_is_signed_once(world):
    dossier = signed(world.desk, world.mother)
    before = snapshot(dossier)
    with pytest.raises(ActNotAllowed):
        sign(dossier, world)
    assert snapshot(dossier) == before


def test_a_paper_is_signed_only_by_the_leader_it_names(waiting, world):
    Officer.objects.filter(pk=world.desk.leader.person_id).update(full_name="Bùi Mẫu Sơn")
    before = snapshot(waiting)
    with pytest.raises(OtherSigner, match="Phan Thị Mẫu Hà"):
        sign(waiting, world)
    assert snapshot(waiting) == before
