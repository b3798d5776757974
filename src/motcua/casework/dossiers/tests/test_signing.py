from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta

import pytest

from motcua.casework.dossiers.errors import (
    ActNotAllowed,
    CannotSignDossier,
    CannotSignNow,
    OldPreview,
    OtherSigner,
)
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.signing import certificate_of, prepare_signing
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
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file, sweep_unused
from motcua.foundation.signatures.levels import examine_own
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.tests.factories import give_pictures

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


@pytest.fixture
def pictured(world, settings, tmp_path):
    """The leader has a picture of their signature, and the agency a seal with a key of its own."""
    shutil.copytree(settings.SIGNATURES_DIR, tmp_path / "signatures")
    settings.SIGNATURES_DIR = tmp_path / "signatures"
    give_pictures(world.desk, key_ref="seal", at=OPENED)
    return world


def examined(result):
    return examine_own(read_file(result.file), at=MORNING)


def test_a_result_carries_the_leaders_signature_and_the_agencys_seal(pictured, waiting):
    verdict = examined(sign(waiting, pictured))
    assert verdict.is_valid
    assert [one.name for one in verdict.signatures] == ["Phan Thị Mẫu Hà", "Ủy ban nhân dân phường Kỳ Sơn"]


def test_without_a_seal_there_is_the_leaders_signature_alone(waiting, world):
    assert [one.name for one in examined(sign(waiting, world)).signatures] == ["Phan Thị Mẫu Hà"]


def test_a_seal_stands_beside_the_words_of_a_leader_without_a_picture(pictured, waiting):
    Officer.objects.update(signature_image=None)
    prepared = prepare_signing(
        Dossier.objects.get(pk=waiting.pk), actor=pictured.desk.leader, seen_sha256=seen(waiting), at=MORNING
    )
    assert prepared.seal.box[2] == pytest.approx(prepared.request.box[0])
    assert examined(sign(waiting, pictured)).is_valid


@pytest.mark.conformance
@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_poppler_accepts_signature_and_seal(pictured, waiting, tmp_path):
    file = tmp_path / "result.pdf"
    file.write_bytes(read_file(sign(waiting, pictured).file))
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 2


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, CannotSignDossier), (b"no key", CannotSignNow)],
    ids=["no key", "a damaged file"],
)
def test_without_the_agencys_key_nothing_is_signed(pictured, waiting, settings, content, error):
    key = settings.SIGNATURES_DIR / "keys" / "seal.pem"
    key.unlink()
    if content:
        key.write_bytes(content)
    before = snapshot(waiting)
    with pytest.raises(error):
        sign(waiting, pictured)
    assert snapshot(waiting) == before


def test_says_why_a_key_cannot_be_used(waiting, world, settings, tmp_path):
    settings.SIGNATURES_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    (tmp_path / "passphrase").write_bytes(b"other")
    (tmp_path / "keys" / "chair-04894.pem").write_bytes(b"no key")
    with pytest.raises(CannotSignNow, match="Its file is damaged"):
        sign(waiting, world)


def test_pictures_of_signatures_and_seals_survive_the_sweep(pictured):
    before = set(StoredFile.objects.values_list("pk", flat=True))
    for days in (0, 30):
        sweep_unused(at=MORNING + timedelta(days=days))
    assert len(before) >= 2
    assert set(StoredFile.objects.values_list("pk", flat=True)) == before
