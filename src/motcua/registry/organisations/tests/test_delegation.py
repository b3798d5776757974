"""Absences and delegations: entered, in force, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.organisations.delegation import errors
from motcua.registry.organisations.delegation.selectors import find_signer, list_unattended
from motcua.registry.organisations.delegation.services import (
    NewAbsence,
    enter_absence,
    enter_absence_and_delegate,
    grant_delegation,
    revoke_delegation,
    withdraw_absence,
)
from motcua.registry.organisations.models import Absence, Delegation, Holding, Post
from motcua.registry.organisations.selectors import identify_officer
from motcua.registry.organisations.tests.factories import again, away, delegated, lending

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = MORNING.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def grant(world, *, actor=None, **changes):
    actor = actor or world.desk.leader
    return grant_delegation(actor=actor, new=lending(world.desk, at=MORNING, **changes), at=MORNING)


def rights(actor):
    return again(actor).grants


def test_what_is_delegated_is_held_from_the_first_day_to_the_last(world, now):
    delegated(world.desk, at=MORNING, valid_from=TODAY + DAY, valid_to=TODAY + 3 * DAY)
    path, held = world.desk.agency.path, []
    for later in range(5):
        now.move_to(MORNING + later * DAY)
        held.append(again(world.desk.deputy).holds("leader", path))
    assert held == [False, True, True, False, False]


def test_asking_who_acts_takes_one_query_with_delegations_too(world):
    delegated(world.desk, at=MORNING)
    account = Account.objects.get(pk=world.desk.deputy.account_id)
    with CaptureQueriesContext(connection) as asked:
        actor = identify_officer(account).actor
    assert len(asked) == 1
    (lent,) = actor.delegations
    assert (lent.authority, lent.right, lent.title, lent.until) == (
        "KT",
        "leader",
        "Chủ tịch",
        TODAY + 3 * DAY,
    )


def test_a_lent_right_is_not_ones_own(world):
    delegated(world.desk, at=MORNING)
    deputy, path = again(world.desk.deputy), world.desk.agency.path
    assert deputy.holds("leader", path) and not deputy.owns("leader", path)
    assert deputy.owns("reader", path)
    assert deputy.delegated("leader", path) is not None
    assert again(world.desk.leader).delegated("leader", path) is None


def test_revoking_takes_the_right_at_once_and_says_why_in_the_journal(world):
    granted = delegated(world.desk, at=MORNING)
    revoke_delegation(actor=world.desk.leader, delegation_id=granted.id, reason="Về sớm", at=MORNING)
    assert rights(world.desk.deputy) == (("reader", world.desk.agency.path),)
    entry = Entry.objects.get(kind="delegation.revoked", object_id=granted.id)
    assert entry.detail.values == {"reason": "Về sớm"}
    with pytest.raises(errors.NotInForce):
        revoke_delegation(actor=world.desk.leader, delegation_id=granted.id, reason="x", at=MORNING)


def test_the_grant_stands_in_the_journal_with_ids_and_codes_alone(world):
    granted = grant(world, basis_number="12/QĐ-UBND", basis_day=date(2026, 3, 1))
    entry = Entry.objects.get(kind="delegation.granted", object_id=granted.id)
    assert entry.person_id == world.desk.leader.person_id
    assert entry.facts["delegate"] == str(world.desk.deputy.person_id)
    assert (entry.facts["authority"], entry.facts["basis"]) == ("KT", "12/QĐ-UBND")
    assert "Phương" not in str(entry.facts)


@pytest.mark.parametrize(
    "end",
    [
        lambda desk: RoleGrant.objects.filter(account=desk.leader.account_id).delete(),
        lambda desk: Holding.objects.filter(officer=desk.leader.person_id).update(valid_to=TODAY),
        lambda desk: Holding.objects.filter(officer=desk.deputy.person_id).update(
            post=Post.objects.create(unit_id=Post.objects.get(pk=desk.deputy.post_id).unit_id, title="Khác")
        ),
    ],
    ids=["the head lost the right", "the head left the post", "the deputy changed post"],
)
def test_a_delegation_lapses_with_what_it_rests_on(world, end):
    delegated(world.desk, at=MORNING)
    end(world.desk)
    assert not again(world.desk.deputy).holds("leader", world.desk.agency.path)


def test_a_delegation_for_some_procedures_gives_no_right_for_others(world):
    grant(world, procedures=("1.001193",))
    deputy, path = again(world.desk.deputy), world.desk.agency.path
    assert not deputy.holds("leader", path)
    assert deputy.delegated("leader", path, "1.001193") and not deputy.delegated("leader", path, "1.004884")
    assert "leader" in deputy.rights


def test_nobody_passes_on_what_was_delegated_to_them(world):
    delegated(world.desk, at=MORNING)
    Post.objects.filter(pk=world.desk.deputy.post_id).update(rank="head")
    clerk = world.desk.specialist.person
    with pytest.raises(errors.CannotDelegate) as refused:
        grant(
            world,
            actor=again(world.desk.deputy),
            delegator_id=world.desk.deputy.person,
            delegate_id=clerk,
            authority="TUQ",
            basis_number="1/GUQ-UBND",
            basis_day=TODAY,
        )
    assert refused.value.problem == "not_held"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (lambda world: {"delegate_id": world.desk.leader.person}, "same_person"),
        (lambda world: {"delegate_id": world.other_desk.deputy.person}, "other_agency"),
        (lambda world: {"delegate_id": world.desk.specialist.person}, "not_a_deputy"),
        (lambda world: {"right": "specialist"}, "not_held"),
        (lambda world: {"right": "administrator"}, "not_lendable"),
        (lambda world: {"valid_from": TODAY - DAY}, "period_past"),
        (lambda world: {"valid_to": TODAY}, "period_ends_first"),
        (lambda world: {"authority": "TUQ", "valid_to": None}, "end_missing"),
        (lambda world: {"agency_path": "/H44/"}, "not_held"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_refuses_what_cannot_be_delegated(world, changes, problem):
    before = Entry.objects.count()
    with pytest.raises(errors.CannotDelegate) as refused:
        grant(world, **changes(world))
    assert refused.value.problem == problem
    assert (Delegation.objects.count(), Entry.objects.count()) == (0, before)


def test_refuses_a_second_delegation_for_the_same_days(world):
    granted = delegated(world.desk, at=MORNING)
    with pytest.raises(errors.DelegatedAlready):
        grant(world, valid_from=TODAY + 2 * DAY, valid_to=None)
    grant(world, valid_from=TODAY + 3 * DAY, valid_to=None)
    revoke_delegation(actor=world.desk.leader, delegation_id=granted.id, reason="x", at=MORNING)
    grant(world)


def test_only_the_head_and_administrators_delegate(world):
    for stranger in (world.desk.deputy, world.desk.specialist, world.other_desk.leader, world.auditor):
        with pytest.raises(Refused):
            grant(world, actor=stranger)
    assert grant(world, actor=world.administrator).entered_by_id == world.administrator.person_id


def test_only_the_head_and_administrators_revoke(world):
    granted = delegated(world.desk, at=MORNING)
    for stranger in (again(world.desk.deputy), world.other_desk.leader, world.auditor):
        with pytest.raises(NotFound):
            revoke_delegation(actor=stranger, delegation_id=granted.id, reason="x", at=MORNING)
    with pytest.raises(errors.RevokeReasonMissing):
        revoke_delegation(actor=world.desk.leader, delegation_id=granted.id, reason=" \u200b", at=MORNING)
    revoke_delegation(actor=world.administrator, delegation_id=granted.id, reason="x", at=MORNING)


def test_an_acting_head_is_entered_by_an_administrator(world):
    basis = {"basis_number": "9/QĐ-UBND", "basis_day": TODAY}
    with pytest.raises(errors.CannotDelegate) as refused:
        grant(world, authority="Q", **basis)
    assert refused.value.problem == "by_administrator"
    assert grant(world, actor=world.administrator, authority="Q", valid_to=None, **basis).authority == "Q"


@pytest.mark.parametrize(
    "broken",
    [
        {"valid_to": TODAY},
        {"authority": "TUQ", "valid_to": None, "basis_number": "1", "basis_day": TODAY},
        {"authority": "TL"},
        {"basis_number": "1"},
        {"revoked_at": MORNING},
        {"agency_path": ""},
    ],
    ids=str,
)
def test_the_database_itself_refuses_a_broken_delegation(world, broken):
    granted = delegated(world.desk, at=MORNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=granted.pk).update(**broken)


def test_an_absence_is_entered_by_oneself_the_leader_or_an_administrator(world):
    desk, days = world.desk, 0
    for actor in (desk.specialist, desk.leader, world.administrator):
        days += 3
        new = NewAbsence(desk.specialist.person, TODAY + days * DAY, TODAY + (days + 2) * DAY, "Ốm")
        absence = enter_absence(actor=actor, new=new, at=MORNING)
        entry = Entry.objects.get(kind="absence.entered", object_id=absence.id)
        assert entry.detail.values == {"reason": "Ốm"} and "Ốm" not in str(entry.facts)
    for stranger in (desk.reception, world.other_desk.leader, world.auditor):
        with pytest.raises(Refused):
            enter_absence(actor=stranger, new=new, at=MORNING)


def test_refuses_absences_that_overlap_are_over_or_end_first(world):
    leader = world.desk.leader
    absence = away(leader, at=MORNING, days=3)
    wrong = {
        (TODAY + 2 * DAY, TODAY + 5 * DAY): errors.AwayAlready,
        (TODAY - 5 * DAY, TODAY): errors.AbsencePast,
        (TODAY + 5 * DAY, TODAY + 5 * DAY): errors.AbsenceEndsFirst,
    }
    for period, error in wrong.items():
        with pytest.raises(error):
            enter_absence(actor=leader, new=NewAbsence(leader.person, *period), at=MORNING)
    withdraw_absence(actor=leader, absence_id=absence.id, at=MORNING)
    away(leader, at=MORNING)
    with pytest.raises(errors.AbsenceOver):
        withdraw_absence(actor=leader, absence_id=absence.id, at=MORNING)


def test_nobody_withdraws_anothers_absence(world):
    absence = away(world.desk.leader, at=MORNING)
    for stranger in (world.desk.specialist, world.other_desk.leader):
        with pytest.raises(NotFound):
            withdraw_absence(actor=stranger, absence_id=absence.id, at=MORNING)


def test_going_away_and_delegating_are_done_both_or_neither(world):
    leader, today = world.desk.leader, TODAY
    new = NewAbsence(leader.person, today, today + 3 * DAY)
    wrong = lending(world.desk, at=MORNING, delegate_id=world.desk.specialist.person)
    with pytest.raises(errors.CannotDelegate):
        enter_absence_and_delegate(actor=leader, absence=new, delegation=wrong, at=MORNING)
    assert not Absence.objects.exists()
    enter_absence_and_delegate(
        actor=leader, absence=new, delegation=lending(world.desk, at=MORNING), at=MORNING
    )
    assert (Absence.objects.count(), Delegation.objects.count()) == (1, 1)


def test_the_expected_signer_is_the_leader_and_while_they_are_away_their_deputy(world):
    agency = world.desk.agency
    assert find_signer(agency, "leader", at=MORNING).position == "Chủ tịch"
    delegated(world.desk, at=MORNING)
    assert find_signer(agency, "leader", at=MORNING).position == "Chủ tịch"
    away(world.desk.leader, at=MORNING)
    signer = find_signer(agency, "leader", at=MORNING)
    assert (signer.officer_id, signer.position) == (world.desk.deputy.person_id, "KT. Chủ tịch, Phó Chủ tịch")
    assert find_signer(world.other_desk.agency, "leader", at=MORNING).absent_until is None
    away(world.desk.deputy, at=MORNING)
    assert find_signer(agency, "leader", at=MORNING).absent_until == TODAY + 3 * DAY


def test_that_nobody_signs_meanwhile_is_said_to_who_drafts_and_who_administers(world):
    away(world.desk.leader, at=MORNING)
    for concerned in (world.desk.specialist, world.desk.leader, world.administrator):
        (row,) = list_unattended(concerned, at=MORNING)
        assert (row.title, row.back) == ("Chủ tịch", TODAY + 3 * DAY)
    for other in (world.desk.reception, world.other_desk.specialist, world.auditor):
        assert list_unattended(other, at=MORNING) == []
    delegated(world.desk, at=MORNING)
    assert list_unattended(world.desk.specialist, at=MORNING) == []
    away(world.desk.deputy, at=MORNING)
    assert list_unattended(world.desk.specialist, at=MORNING)


def test_a_role_below_an_agency_lends_nothing_above_it(world):
    asked = replace(lending(world.desk, at=MORNING), agency_path=world.other_desk.agency.path)
    with pytest.raises(errors.CannotDelegate):
        grant_delegation(actor=world.desk.leader, new=asked, at=MORNING)
