"""A deputy signs for the head: right, paper, record, and the end of it."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
import time_machine

from motcua.casework.dossiers.errors import ActNotAllowed, OldPreview, OtherSigner
from motcua.casework.dossiers.selectors import list_signing_queue, open_dossier
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.batches import Chosen, prepare_batch, run_batch, start_batch
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    awaiting_signature,
    drafted,
    seen,
    snapshot,
    target,
)
from motcua.casework.warehouse.models import Document
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.signatures.levels import examine_own
from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.delegation.errors import DelegationEnded
from motcua.registry.organisations.delegation.services import revoke_delegation
from motcua.registry.organisations.models import Officer
from motcua.registry.organisations.tests.factories import again, away, delegated

pytestmark = pytest.mark.django_db
KT = ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def lent(world):
    return delegated(world.desk, at=MORNING)


@pytest.fixture
def deputy(lent, world):
    return again(world.desk.deputy)


@pytest.fixture
def waiting(world):
    """A paper that was drafted for the chair."""
    return awaiting_signature(world.desk, world.mother)


def name_and_sign(deputy, dossier):
    handling.name_signer(actor=deputy, target=target(dossier), at=MORNING)
    return sign(deputy, dossier)


def sign(actor, dossier):
    return handling.sign_result(actor=actor, target=target(dossier), seen_sha256=seen(dossier), at=MORNING)


def printed(file):
    return pypdfium2.PdfDocument(read_file(file))[0].get_textpage().get_text_bounded()


def revoke(world, lent):
    revoke_delegation(actor=world.desk.leader, delegation_id=lent.id, reason="Về sớm", at=MORNING)


def test_until_something_is_delegated_a_deputy_reads_and_signs_nothing(world, waiting):
    deputy, before = again(world.desk.deputy), snapshot(waiting)
    assert list_signing_queue(deputy) == []
    for act in (handling.name_signer, lambda **given: handling.return_task(reason="x", **given)):
        with pytest.raises(Refused):
            act(actor=deputy, target=target(waiting), at=MORNING)
    assert snapshot(waiting) == before
    open_dossier(deputy, waiting.id, at=MORNING)
    assert Entry.objects.get(kind="dossier.read", object_id=waiting.id).mandate_id is None


def test_the_delegates_queue_shows_what_waits_for_the_delegator(deputy, waiting):
    assert [row.dossier.id for row in list_signing_queue(deputy)] == [waiting.id]


def test_a_paper_made_for_the_chair_is_not_signed_by_the_deputy_as_it_is(deputy, waiting):
    before = snapshot(waiting)
    with pytest.raises(OtherSigner, match="Phan Thị Mẫu Hà"):
        sign(deputy, waiting)
    assert snapshot(waiting) == before


def test_made_for_the_deputy_the_paper_changes_in_nothing_but_its_signer(deputy, waiting):
    chairs = find_draft(waiting)
    named = handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)
    assert named.content.pop("signer") == {"name": "Tạ Mẫu Phương", "title": "Phó Chủ tịch", "lines": KT}
    del chairs.content["signer"]
    assert (named.content, named.number, named.edition) == (chairs.content, chairs.number, chairs.edition + 1)
    with pytest.raises(ActNotAllowed):
        handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)


def test_the_deputy_signs_exactly_what_was_shown_with_their_own_key_under_kt(deputy, lent, waiting):
    handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)
    draft = find_draft(waiting)
    result = sign(deputy, waiting)
    assert read_file(result.file).startswith(read_file(draft.file))
    text = printed(result.file)
    assert all(line in text for line in (*KT, "Tạ Mẫu Phương"))
    assert "Phan Thị Mẫu Hà" not in text
    (signature,) = examine_own(read_file(result.file), at=MORNING).signatures
    assert (signature.name, signature.problem) == ("Tạ Mẫu Phương", None)
    assert "KT. Chủ tịch, Phó Chủ tịch" in signature.reason
    issued = Document.objects.get(subject=waiting.id)
    assert (issued.signer_name, issued.signer_title) == ("Tạ Mẫu Phương", "KT. Chủ tịch, Phó Chủ tịch")


def test_the_record_says_who_acted_for_whom(deputy, lent, waiting, world):
    name_and_sign(deputy, waiting)
    for kind in ("dossier.signer_named", "dossier.signed"):
        entry = Entry.objects.get(kind=kind, object_id=waiting.id)
        assert (entry.person_id, entry.mandate_id) == (deputy.person_id, lent.id)
    drafted_by = Entry.objects.get(kind="dossier.result_drafted", object_id=waiting.id)
    assert drafted_by.mandate_id is None


def test_while_the_chair_is_away_the_draft_is_made_for_the_deputy_at_once(deputy, world):
    away(world.desk.leader, at=MORNING)
    waiting = awaiting_signature(world.desk, world.mother)
    assert find_draft(waiting).content["signer"]["lines"] == KT
    sign(deputy, waiting)


def test_the_chair_takes_a_paper_back_that_was_made_for_the_deputy(deputy, waiting, world):
    handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)
    stale = seen(waiting)
    handling.name_signer(actor=world.desk.leader, target=target(waiting), at=MORNING)
    with pytest.raises(OldPreview):
        handling.sign_result(actor=deputy, target=target(waiting), seen_sha256=stale, at=MORNING)
    sign(world.desk.leader, waiting)
    entry = Entry.objects.get(kind="dossier.signed", object_id=waiting.id)
    assert entry.mandate_id is None


def test_after_revocation_the_deputy_is_refused(deputy, lent, waiting, world):
    handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)
    revoke(world, lent)
    before = snapshot(waiting)
    with pytest.raises(Refused):
        sign(again(world.desk.deputy), waiting)
    # Who was let in a moment before it was revoked.
    with pytest.raises(DelegationEnded):
        sign(deputy, waiting)
    assert snapshot(waiting) == before


def test_an_open_batch_is_refused_with_the_reason_when_the_delegation_ends(deputy, lent, waiting, world):
    handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)
    chosen = Chosen(waiting.id, target(waiting).revision, seen(waiting))
    batch = prepare_batch(actor=deputy, batch_id=new_id(), chosen=[chosen], at=MORNING)
    start_batch(actor=deputy, batch_id=batch.id, at=MORNING)
    revoke(world, lent)
    run_batch(batch.id, now=lambda: MORNING)
    item = batch.items.get()
    assert (item.state, item.problem, item.mandate_id) == ("refused", "delegation_ended", lent.id)


def test_a_batch_signed_under_a_delegation_names_it_in_each_act(deputy, lent, waiting):
    handling.name_signer(actor=deputy, target=target(waiting), at=MORNING)
    chosen = Chosen(waiting.id, target(waiting).revision, seen(waiting))
    batch = prepare_batch(actor=deputy, batch_id=new_id(), chosen=[chosen], at=MORNING)
    start_batch(actor=deputy, batch_id=batch.id, at=MORNING)
    run_batch(batch.id, now=lambda: MORNING)
    assert batch.items.get().state == "signed"
    entry = Entry.objects.get(kind="dossier.signed", object_id=waiting.id)
    assert (entry.mandate_id, entry.facts["batch"]) == (lent.id, str(batch.id))


def test_a_delegation_for_other_procedures_neither_shows_nor_signs_this_one(world, waiting):
    RoleGrant.objects.filter(account=world.desk.deputy.account_id).delete()
    delegated(world.desk, at=MORNING, procedures=("2.000528",))
    deputy = again(world.desk.deputy)
    assert list_signing_queue(deputy) == []
    with pytest.raises(NotFound):
        sign(deputy, waiting)


def test_a_delegation_for_this_procedure_alone_is_enough_to_read_and_sign(world, waiting):
    RoleGrant.objects.filter(account=world.desk.deputy.account_id).delete()
    lent = delegated(world.desk, at=MORNING, procedures=("1.001193",))
    deputy = again(world.desk.deputy)
    assert len(list_signing_queue(deputy)) == 1
    open_dossier(deputy, waiting.id, at=MORNING)
    assert Entry.objects.get(kind="dossier.read", object_id=waiting.id).mandate_id == lent.id
    name_and_sign(deputy, waiting)


def test_a_specialist_authorised_by_the_chair_signs_with_tuq(world, waiting):
    delegated(
        world.desk,
        at=MORNING,
        delegate_id=world.desk.specialist.person,
        authority="TUQ",
        basis_number="3/GUQ-UBND",
        basis_day=MORNING.date(),
    )
    Officer.objects.filter(pk=world.desk.specialist.person_id).update(signing_key="deputy-04894")
    text = printed(name_and_sign(again(world.desk.specialist), waiting).file)
    assert "TUQ. CHỦ TỊCH" in text and "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH" in text
    assert "TM. ỦY BAN NHÂN DÂN" not in text


def page(response):
    assert response.status_code == 200, response.content
    return response.content.decode()


ENGLISH = {"headers": {"accept-language": "en"}}


def test_the_sign_page_says_under_what_one_signs_and_until_when(world, deputy, waiting, browse):
    url, browser = f"/desk/signing/?dossier={waiting.id}", browse(world.desk.deputy)
    html = page(browser.get(url, **ENGLISH))
    assert "KT. Chủ tịch, until 12" in html
    assert "/acts/name-signer/" in html and "/acts/sign/" not in html
    browser.post(f"/desk/dossiers/{waiting.id}/acts/name-signer/", {"revision": target(waiting).revision})
    html = page(browser.get(url, **ENGLISH))
    assert "/acts/sign/" in html and "/acts/name-signer/" not in html


def test_going_on_with_several_papers_makes_those_of_the_chair_for_the_deputy_first(
    world, deputy, waiting, browse
):
    browser = browse(world.desk.deputy)
    html = page(browser.post("/desk/signing/several/check/", {"all": "1"}, follow=True, **ENGLISH))
    assert find_draft(waiting).content["signer"]["lines"] == KT
    assert seen(waiting) in html and "1 paper will be signed" in html


def test_who_drafts_sees_who_will_sign_and_that_nobody_does(world, browse):
    dossier, browser = drafted(world.desk, world.mother), browse(world.desk.specialist)
    url = f"/desk/dossiers/{dossier.id}/"
    assert "Phan Thị Mẫu Hà, Chủ tịch" in page(browser.get(url, **ENGLISH))
    away(world.desk.leader, at=MORNING)
    assert "nobody signs in their place" in page(browser.get(url, **ENGLISH))
    assert "nobody signs in their place" in page(browser.get("/desk/", **ENGLISH))
    delegated(world.desk, at=MORNING)
    assert "Tạ Mẫu Phương, KT. Chủ tịch, Phó Chủ tịch" in page(browser.get(url, **ENGLISH))
    assert "nobody signs in their place" not in page(browser.get("/desk/", **ENGLISH))


def test_the_end_of_a_delegation_is_the_end_of_the_day_before(world, lent, waiting):
    with time_machine.travel(MORNING + timedelta(days=3), tick=False), pytest.raises(Refused):
        handling.name_signer(actor=again(world.desk.deputy), target=target(waiting), at=MORNING)
