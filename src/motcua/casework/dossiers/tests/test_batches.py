"""A leader signs many papers at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp_auth
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.errors import BatchBegun, NothingChosen, TooManyChosen
from motcua.casework.dossiers.models import OfficialDocument, SigningBatch, SigningItem
from motcua.casework.dossiers.services import batches, handling
from motcua.casework.dossiers.services.batches import (
    LIMIT,
    Chosen,
    prepare_batch,
    return_item,
    run_batch,
    start_batch,
    stop_batch,
)
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    MORNING,
    awaiting_signature,
    drafted,
    seen,
    snapshot,
    target,
)
from motcua.foundation.files.services import read_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.tests.factories import totp
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


def waiting(world, count):
    return [awaiting_signature(world.desk, world.mother) for _ in range(count)]


def chosen(dossiers):
    return [Chosen(one.id, one.revision, seen(one)) for one in dossiers]


def start(world, dossiers, **changes):
    given = {"actor": world.desk.leader, "batch_id": new_id(), "chosen": chosen(dossiers), "at": MORNING}
    given |= changes
    prepare_batch(**given)
    return start_batch(actor=given["actor"], batch_id=given["batch_id"], at=given["at"])


def run(batch, at=MORNING):
    run_batch(batch.id, now=lambda: at)


def outcomes(batch):
    return [(item.state, item.problem) for item in batch.items.order_by("pk")]


def draft_anew(dossier, world):
    """Returned, drafted and submitted again: what the leader confirmed is not what lies there now."""
    later = MORNING + timedelta(hours=1)
    handling.return_task(actor=world.desk.leader, target=target(dossier), reason="Sai tên", at=MORNING)
    handling.draft_result(actor=world.desk.specialist, target=target(dossier), checks=CHECKS, at=later)
    handling.submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=later)


def test_of_25_papers_those_that_changed_are_left_and_the_others_signed(world):
    dossiers = waiting(world, 25)
    batch = start(world, dossiers)
    draft_anew(dossiers[3], world)
    handling.sign_result(
        actor=world.desk.leader, target=target(dossiers[7]), seen_sha256=seen(dossiers[7]), at=MORNING
    )
    run(batch)
    stale = ("refused", "dossier_moved")
    assert outcomes(batch) == [stale if at in {3, 7} else ("signed", "") for at in range(25)]
    entries = Entry.objects.filter(kind="dossier.signed", object_id__in=[one.id for one in dossiers])
    assert entries.count() == 24
    assert entries.filter(facts__batch=str(batch.id)).count() == 23
    batch.refresh_from_db()
    assert batch.finished_at == MORNING


def test_each_paper_is_the_act_as_if_signed_alone(world):
    (dossier,) = waiting(world, 1)
    draft = read_file(OfficialDocument.objects.get(dossier=dossier, kind="draft").file)
    run(start(world, [dossier]))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.finished_at) == (9, MORNING)
    result = OfficialDocument.objects.get(dossier=dossier, kind="result")
    assert read_file(result.file).startswith(draft)
    (entry,) = Entry.objects.filter(kind="dossier.signed", object_id=dossier.id)
    assert entry.facts["sha256"] == result.file.sha256
    assert entry.person_id == world.desk.leader.person_id


def test_running_again_signs_nothing_twice(world):
    dossiers = waiting(world, 2)
    batch = start(world, dossiers)
    run(batch)
    before = [snapshot(one) for one in dossiers]
    run(batch)
    assert [snapshot(one) for one in dossiers] == before
    assert outcomes(batch) == [("signed", "")] * 2


def test_a_run_that_was_killed_is_taken_up_where_it_stood(world, monkeypatch):
    dossiers = waiting(world, 3)
    batch = start(world, dossiers)
    real, calls = batches.issue_signed, []

    def killed(**given):
        calls.append(given)
        if len(calls) == 2:
            real(**given)
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(batches, "issue_signed", killed)
    with pytest.raises(KeyboardInterrupt):
        run(batch)
    assert outcomes(batch) == [("signed", ""), ("waiting", ""), ("waiting", "")]
    assert snapshot(dossiers[1])[0][0] == 4
    run(batch)
    assert outcomes(batch) == [("signed", "")] * 3
    assert Entry.objects.filter(kind="dossier.signed", object_id__in=[it.id for it in dossiers]).count() == 3


def test_what_another_run_signed_meanwhile_is_not_called_refused(world, monkeypatch):
    (dossier,) = waiting(world, 1)
    batch = start(world, [dossier])
    real = batches.seal_prepared

    def slow(prepared, signed):
        monkeypatch.setattr(batches, "seal_prepared", real)
        run(batch)
        return real(prepared, signed)

    monkeypatch.setattr(batches, "seal_prepared", slow)
    run(batch)
    assert outcomes(batch) == [("signed", "")]


def test_the_same_page_sent_twice_makes_one_batch_and_one_job(world):
    dossiers, same = waiting(world, 1), new_id()
    assert start(world, dossiers, batch_id=same) == start(world, dossiers, batch_id=same)
    assert SigningItem.objects.filter(batch=same).count() == 1
    assert ProcrastinateJob.objects.filter(task_name="dossiers.sign_batch").count() == 1


@pytest.mark.parametrize(
    ("key", "problem"), [("", "cannot_sign"), ("nobody", "cannot_sign")], ids=["no key", "unknown"]
)
def test_without_a_certificate_every_paper_says_so(world, key, problem):
    dossiers = waiting(world, 2)
    batch = start(world, dossiers)
    Officer.objects.filter(pk=world.desk.leader.person_id).update(signing_key=key)
    run(batch)
    assert outcomes(batch) == [("refused", problem)] * 2


def test_a_leader_who_lost_the_role_meanwhile_signs_nothing(world):
    batch = start(world, waiting(world, 1))
    RoleGrant.objects.filter(account=world.desk.leader.account_id).update(role="specialist")
    run(batch)
    assert outcomes(batch) == [("refused", "refused")]


def test_an_account_that_was_closed_meanwhile_signs_nothing(world):
    batch = start(world, waiting(world, 1))
    Account.objects.filter(pk=world.desk.leader.account_id).update(is_active=False)
    run(batch)
    assert outcomes(batch) == [("refused", "refused")]


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (lambda world: world.desk.specialist, Refused),
        (lambda world: world.desk.reception, Refused),
        (lambda world: world.other_desk.leader, NotFound),
        (lambda world: world.neighbour, Refused),
        (lambda world: world.auditor, NotFound),
        (lambda world: world.mother, Refused),
    ],
    ids=["the drafter", "the desk", "another commune", "a citizen", "an auditor", "the applicant"],
)
def test_only_the_communes_leader_starts_a_batch(world, who, error):
    with pytest.raises(error):
        start(world, waiting(world, 1), actor=who(world))
    assert not SigningBatch.objects.exists()


def test_another_leaders_batch_is_not_found(world):
    batch = start(world, waiting(world, 1))
    with pytest.raises(NotFound):
        start(world, [], actor=world.other_desk.leader, batch_id=batch.id)


def test_nothing_and_too_many_are_refused(world):
    with pytest.raises(NothingChosen):
        start(world, [])
    many = [Chosen(new_id(), 1, "0" * 64) for _ in range(LIMIT + 1)]
    with pytest.raises(TooManyChosen, match="500"):
        start(world, [], chosen=many)


def page(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def prepared(world, dossiers, **changes):
    given = {"actor": world.desk.leader, "batch_id": new_id(), "chosen": chosen(dossiers), "at": MORNING}
    return prepare_batch(**(given | changes))


def address(batch, rest=""):
    return f"/desk/signing/batches/{batch.id}/{rest}"


def test_a_leader_chooses_confirms_and_sees_what_became_of_each(world, browse):
    dossiers = waiting(world, 3)
    leader = browse(world.desk.leader)
    assert dossiers[0].code in page(leader.get("/desk/signing/several/", **ENGLISH))
    ticked = {"chosen": [str(one.id) for one in dossiers[:2]]}
    taken = leader.post("/desk/signing/several/check/", ticked, **ENGLISH)
    batch = SigningBatch.objects.get()
    assert taken.url == address(batch)
    shown = page(leader.get(taken.url, **ENGLISH))
    assert "2 papers will be signed" in shown
    assert seen(dossiers[0]) in shown and dossiers[2].code not in shown
    assert not ProcrastinateJob.objects.filter(task_name="dossiers.sign_batch").exists()
    started = leader.post(address(batch, "start/"), **ENGLISH)
    assert started.url == address(batch)
    draft_anew(dossiers[1], world)
    before = page(leader.get(started.url, **ENGLISH))
    assert "0 of 2 papers are done" in before and 'http-equiv="refresh"' in before
    run(batch)
    after = page(leader.get(started.url, **ENGLISH))
    assert "2 of 2 papers are done" in after and "1 was not signed" in after
    assert "Someone has worked on this dossier since you opened it" in after
    assert 'http-equiv="refresh"' not in after


def test_all_that_is_shown_can_be_chosen_without_ticking(world, browse):
    waiting(world, 2)
    drafted(world.desk, world.mother)
    answer = browse(world.desk.leader).post(
        "/desk/signing/several/check/", {"all": "1"}, follow=True, **ENGLISH
    )
    assert "2 papers will be signed" in page(answer)


def test_nothing_ticked_makes_no_list(world, browse):
    waiting(world, 1)
    answer = browse(world.desk.leader).post("/desk/signing/several/check/", {"chosen": ["x"]})
    assert answer.url == "/desk/signing/several/" and not SigningBatch.objects.exists()


class TestLookingThrough:
    def test_each_paper_is_shown_with_the_way_to_the_next(self, world, browse):
        dossiers, leader = waiting(world, 3), browse(world.desk.leader)
        batch = prepared(world, dossiers)
        shown = page(leader.get(address(batch, "2/"), **ENGLISH))
        assert "Paper 2 of 3" in shown and dossiers[1].code in shown
        assert address(batch, "1/") in shown and address(batch, "3/") in shown
        assert f"/desk/dossiers/{dossiers[1].id}/documents/" in shown and "page.png" in shown
        for number in ("0/", "4/", "9999999999/"):
            assert leader.get(address(batch, number)).status_code == 404

    def test_one_that_is_not_right_goes_back_with_the_reason_and_the_others_are_signed(self, world, browse):
        dossiers, leader = waiting(world, 3), browse(world.desk.leader)
        batch = prepared(world, dossiers)
        answer = leader.post(address(batch, "2/return/"), {"reason": "Sai tên cha"})
        assert answer.url == address(batch, "3/")
        entry = Entry.objects.get(kind="dossier.task_returned", object_id=dossiers[1].id)
        assert entry.detail.values == {"reason": "Sai tên cha"}
        shown = page(leader.get(address(batch), **ENGLISH))
        assert "2 papers will be signed" in shown and "returned to the drafter" in shown
        leader.post(address(batch, "start/"))
        run(batch)
        assert outcomes(batch) == [("signed", ""), ("returned", ""), ("signed", "")]
        assert "2 of 2 papers are done" in page(leader.get(address(batch), **ENGLISH))

    def test_it_needs_a_reason_and_what_was_typed_stays(self, world, browse):
        (dossier,) = waiting(world, 1)
        batch, leader = prepared(world, [dossier]), browse(world.desk.leader)
        assert leader.post(address(batch, "1/return/"), {"reason": " "}).status_code == 422
        assert not Entry.objects.filter(kind="dossier.task_returned", object_id=dossier.id).exists()
        draft_anew(dossier, world)
        answer = leader.post(address(batch, "1/return/"), {"reason": "Sai tên"}, **ENGLISH)
        assert answer.status_code == 422 and "Someone has worked on this dossier" in answer.content.decode()
        assert outcomes(batch) == [("waiting", "")]

    def test_returning_twice_is_once_and_never_after_the_confirmation(self, world):
        dossiers = waiting(world, 2)
        batch = prepared(world, dossiers)
        first, second = batch.items.order_by("pk")
        given = {"actor": world.desk.leader, "batch_id": batch.id, "reason": "Sai", "at": MORNING}
        for _ in range(2):
            return_item(item_id=first.pk, **given)
        assert Entry.objects.filter(kind="dossier.task_returned", object_id=dossiers[0].id).count() == 1
        start_batch(actor=world.desk.leader, batch_id=batch.id, at=MORNING)
        with pytest.raises(BatchBegun):
            return_item(item_id=second.pk, **given)

    def test_what_changed_since_is_said_before_the_confirmation(self, world, browse):
        dossiers, leader = waiting(world, 2), browse(world.desk.leader)
        batch = prepared(world, dossiers)
        draft_anew(dossiers[0], world)
        assert "1 paper will be signed" in page(leader.get(address(batch), **ENGLISH))
        assert "It has changed since you chose it" in page(leader.get(address(batch, "1/"), **ENGLISH))

    def test_a_list_of_which_nothing_is_left_cannot_be_confirmed(self, world, browse):
        batch, leader = prepared(world, waiting(world, 1)), browse(world.desk.leader)
        leader.post(address(batch, "1/return/"), {"reason": "Sai"})
        assert "left to be signed" in page(leader.get(address(batch), **ENGLISH))
        leader.post(address(batch, "start/"))
        batch.refresh_from_db()
        assert batch.started_at is None

    def test_what_was_never_confirmed_is_forgotten_after_a_day(self, world):
        dossiers = waiting(world, 1)
        old, signed = prepared(world, dossiers), start(world, dossiers)
        recent = prepared(world, dossiers, at=MORNING + timedelta(hours=20))
        prepared(world, dossiers, at=MORNING + timedelta(hours=25))
        left = set(SigningBatch.objects.values_list("pk", flat=True))
        assert {signed.id, recent.id} <= left and old.id not in left


class TestStopping:
    def test_what_still_waits_is_left_and_what_is_signed_stays_signed(self, world, browse, monkeypatch):
        dossiers, leader = waiting(world, 4), browse(world.desk.leader)
        batch, real, sealed = start(world, dossiers), batches.seal_prepared, []

        def stopped_at_the_third(prepared, signed):
            sealed.append(signed)
            if len(sealed) == 3:
                assert leader.post(address(batch, "stop/")).url == address(batch)
            return real(prepared, signed)

        monkeypatch.setattr(batches, "seal_prepared", stopped_at_the_third)
        run(batch)
        stopped = ("refused", "batch_stopped")
        assert outcomes(batch) == [("signed", "")] * 2 + [stopped] * 2
        assert snapshot(dossiers[2])[0][0] == snapshot(dossiers[3])[0][0] == 4
        shown = page(leader.get(address(batch), **ENGLISH))
        assert "You stopped before its turn" in shown and "You stopped it on" in shown

    def test_stopping_when_all_is_done_changes_nothing(self, world):
        batch = start(world, waiting(world, 1))
        run(batch)
        stop_batch(actor=world.desk.leader, batch_id=batch.id, at=MORNING)
        batch.refresh_from_db()
        assert (outcomes(batch), batch.stopped_at) == ([("signed", "")], None)

    def test_nobody_else_stops_it_nor_what_was_not_confirmed(self, world):
        batch = start(world, waiting(world, 1))
        for actor in (world.desk.specialist, world.other_desk.leader, world.mother):
            with pytest.raises(NotFound):
                stop_batch(actor=actor, batch_id=batch.id, at=MORNING)
        with pytest.raises(NotFound):
            stop_batch(actor=world.desk.leader, batch_id=prepared(world, waiting(world, 1)).id, at=MORNING)


class TestSecondFactor:
    @pytest.fixture
    def secret(self, world):
        account = Account.objects.get(pk=world.desk.leader.account_id)
        made = totp_auth.generate_totp_secret()
        totp_auth.TOTP.activate(account, made)
        return made

    def test_who_has_one_gives_it_once_for_all(self, world, browse, secret):
        batch, leader = prepared(world, waiting(world, 2)), browse(world.desk.leader)
        assert 'name="code"' in page(leader.get(address(batch)))
        for wrong in ({}, {"code": "000000"}, {"credential": "{}"}):
            assert leader.post(address(batch, "start/"), wrong).status_code == 422
        batch.refresh_from_db()
        assert batch.started_at is None
        code = {"code": totp(secret)}
        assert leader.post(address(batch, "start/"), code).url == address(batch)
        batch.refresh_from_db()
        assert batch.started_at

    def test_a_code_is_good_for_one_confirmation(self, world, browse, secret):
        lists = [prepared(world, [one]) for one in waiting(world, 2)]
        leader, code = browse(world.desk.leader), {"code": totp(secret)}
        answers = [leader.post(address(batch, "start/"), code).status_code for batch in lists]
        assert answers == [302, 422]


def test_nobody_else_sees_a_batch(world, browse):
    batch = start(world, waiting(world, 1))
    for actor in (world.desk.specialist, world.other_desk.leader, world.auditor):
        assert browse(actor).get(f"/desk/signing/batches/{batch.id}/").status_code == 404


def test_the_pages_ask_the_same_few_queries_for_many_papers(world, browse):
    leader, counts = browse(world.desk.leader), []
    for more in (2, 6):
        dossiers = waiting(world, more)
        batch = start(world, dossiers)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(leader.get("/desk/signing/several/"))
            taken = leader.post("/desk/signing/several/check/", {"all": "1"})
            page(leader.get(taken.url))
            page(leader.get(f"{taken.url}2/"))
            page(leader.get(f"/desk/signing/batches/{batch.id}/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
