"""A leader signs many papers at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.errors import NothingChosen, TooManyChosen
from motcua.casework.dossiers.models import OfficialDocument, SigningBatch, SigningItem
from motcua.casework.dossiers.services import batches, handling
from motcua.casework.dossiers.services.batches import LIMIT, Chosen, run_batch, start_batch
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
    return start_batch(**(given | changes))


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


def test_a_leader_chooses_confirms_and_sees_what_became_of_each(world, browse):
    dossiers = waiting(world, 3)
    leader = browse(world.desk.leader)
    assert dossiers[0].code in page(leader.get("/desk/signing/several/", **ENGLISH))
    ticked = {"chosen": [str(one.id) for one in dossiers[:2]]}
    shown = page(leader.post("/desk/signing/several/check/", ticked, **ENGLISH))
    assert "2 papers will be signed" in shown
    assert seen(dossiers[0]) in shown and dossiers[2].code not in shown
    items = re.findall(r'name="item" value="([^"]+)"', shown)
    batch = re.search(r'name="batch" value="([^"]+)"', shown)[1]
    started = leader.post("/desk/signing/batches/", {"batch": batch, "item": items}, **ENGLISH)
    assert started.url == f"/desk/signing/batches/{batch}/"
    draft_anew(dossiers[1], world)
    before = page(leader.get(started.url, **ENGLISH))
    assert "0 of 2 papers are done" in before and 'http-equiv="refresh"' in before
    run(SigningBatch.objects.get())
    after = page(leader.get(started.url, **ENGLISH))
    assert "2 of 2 papers are done" in after and "1 was not signed" in after
    assert "Someone has worked on this dossier since you opened it" in after
    assert 'http-equiv="refresh"' not in after


def test_all_that_is_shown_can_be_chosen_without_ticking(world, browse):
    waiting(world, 2)
    drafted(world.desk, world.mother)
    shown = page(browse(world.desk.leader).post("/desk/signing/several/check/", {"all": "1"}, **ENGLISH))
    assert "2 papers will be signed" in shown


def test_a_page_that_was_damaged_on_its_way_signs_nothing(world, browse):
    leader = browse(world.desk.leader)
    (dossier,) = waiting(world, 1)
    good = f"{dossier.id} {dossier.revision} {seen(dossier)}"
    for items in (["x"], [good, f"{dossier.id} ² {'0' * 64}"], [good + "0"], []):
        answer = leader.post("/desk/signing/batches/", {"batch": str(new_id()), "item": items})
        assert answer.url == "/desk/signing/several/"
    assert leader.post("/desk/signing/batches/", {"batch": "x"}).url == "/desk/signing/several/"
    assert not SigningBatch.objects.exists()


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
            page(leader.post("/desk/signing/several/check/", {"all": "1"}))
            page(leader.get(f"/desk/signing/batches/{batch.id}/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
