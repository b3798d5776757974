"""Administrators, delegators and programs that want more than is theirs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.services.accounts import invite
from motcua.registry.access.services.approvals import approve
from motcua.registry.access.services.factors import start_reset
from motcua.registry.access.tests.factories import account_of, give_password, join, now_has
from motcua.registry.organisations.delegation.services import grant_delegation
from motcua.registry.organisations.models import Officer, Post
from motcua.registry.organisations.services import (
    Person,
    Seal,
    Taking,
    end_officer,
    enter_person,
    load_file,
    move_officer,
    set_seal_image,
)
from motcua.registry.organisations.tests.factories import RED, ink_picture, lending
from motcua.registry.people.models import Person as Human
from motcua.registry.people.selectors import Sought, find_people

pytestmark = pytest.mark.django_db
AT = MORNING + timedelta(hours=1)
TODAY = AT.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


@pytest.fixture
def local(world):
    """An administrator of one commune and nothing else."""
    return now_has(world.desk.reception, "administrator", world.desk.agency.path)


def free_post(actor):
    unit = Post.objects.get(pk=actor.post_id).unit_id
    return Post.objects.create(unit_id=unit, title="Khác", valid_from=date(2025, 7, 1))


def move(by, officer, post):
    move_officer(actor=by, officer_id=officer.person_id, taking=Taking(post.id, TODAY), at=AT)


# Officers who reach further than the administrator.


@pytest.mark.parametrize("path", ["/", "/H44/"])
def test_nobody_lets_go_of_an_officer_who_reaches_further_than_they_do(world, local, path):
    far = now_has(world.desk.specialist, "operator", path)
    with pytest.raises((Refused, NotFound)):
        end_officer(actor=local, officer_id=far.person_id, on=TODAY, at=AT)
    with pytest.raises((Refused, NotFound)):
        move(local, far, free_post(far))
    assert RoleGrant.objects.filter(account=far.account_id).exists()


def test_an_administrator_does_not_leave_by_the_word_of_one_other(world, local):
    """Closing such an account and ending such a role need two people: ending the post is no way round."""
    peer = now_has(world.desk.specialist, "administrator", world.desk.agency.path)
    with pytest.raises(DomainError):
        end_officer(actor=local, officer_id=peer.person_id, on=TODAY, at=AT)
    assert account_of(peer).is_active
    assert RoleGrant.objects.filter(account=peer.account_id).exists()


def test_the_last_administrator_does_not_end_their_own_post(world):
    RoleGrant.objects.filter(role="administrator").exclude(account=world.administrator.account_id).delete()
    with pytest.raises(DomainError):
        end_officer(actor=world.administrator, officer_id=world.administrator.person_id, on=TODAY, at=AT)
    assert account_of(world.administrator).is_active


def test_an_administrator_moved_to_another_agency_is_no_way_to_end_their_role(world):
    peer = now_has(world.desk.specialist, "administrator", world.desk.agency.path)
    province = now_has(world.desk.reception, "administrator", "/H44/")
    with pytest.raises(DomainError):
        move(province, peer, free_post(world.other_desk.reception))
    assert RoleGrant.objects.filter(account=peer.account_id).exists()


def test_moving_does_not_open_an_account_that_was_closed(world, local):
    closed = account_of(world.desk.specialist)
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    move(local, world.desk.specialist, free_post(world.desk.specialist))
    assert not Account.objects.get(pk=closed.pk).is_active


# Keys that sign.


@pytest.fixture
def leaders_key(world):
    return Officer.objects.get(pk=world.desk.leader.person_id).signing_key


def test_no_officer_is_entered_with_the_key_of_another(world, local, leaders_key):
    assert leaders_key
    post = free_post(world.desk.reception)
    with pytest.raises(DomainError):
        enter_person(
            actor=local,
            person=Person("gia.mao", "Giả Mạo", leaders_key),
            taking=Taking(post.id, TODAY),
            at=AT,
        )


def test_no_seal_signs_with_the_key_of_an_officer(world, local, leaders_key):
    seal = Seal(ink_picture(RED), 34, leaders_key)
    with pytest.raises(DomainError):
        set_seal_image(agency_id=world.desk.agency.id, seal=seal, at=AT, actor=local)


def test_no_seal_signs_with_the_key_of_another_agency(world, local):
    set_seal_image(agency_id=world.other_desk.agency.id, seal=Seal(ink_picture(RED), 34, "seal-khac"), at=AT)
    seal = Seal(ink_picture(RED), 34, "seal-khac")
    with pytest.raises(DomainError):
        set_seal_image(agency_id=world.desk.agency.id, seal=seal, at=AT, actor=local)
    set_seal_image(agency_id=world.other_desk.agency.id, seal=seal, at=AT)


def test_no_file_enters_an_officer_with_the_key_of_another(world, local, leaders_key):
    post = free_post(world.desk.reception)
    unit, agency = post.unit.code, world.desk.agency.code
    content = (
        "kind,agency,unit,title,username,full_name,signing_key\n"
        f"officer,{agency},{unit},Khác,gia.mao,Giả Mạo,{leaders_key}\n"
    )
    loaded = load_file(actor=local, content=content.encode(), name="a.csv", dry_run=False, at=AT)
    assert [it.code for it in loaded.problems] == ["key_taken"]
    assert not Account.objects.filter(username="gia.mao").exists()


# Delegation.


def test_an_administrator_does_not_delegate_to_themselves_what_a_head_holds(world, local):
    """Nobody grants themselves a role; a delegation entered for another is no way round."""
    new = lending(
        world.desk,
        at=AT,
        delegate_id=local.person_id,
        authority="TUQ",
        basis_number="1/QĐ",
        basis_day=TODAY,
    )
    with pytest.raises(DomainError):
        grant_delegation(actor=local, new=new, at=AT)


# Second factors.


def test_one_administrator_does_not_take_over_what_two_have_reset(world, browse):
    """After the reset only the code of the reset lets in, and it asks for the known password."""
    second = now_has(world.operator, "administrator", "/")
    target = world.desk.specialist
    join(browse(), target, at=AT)
    proposal = start_reset(actor=second, account_id=target.account_id, reason="Mất điện thoại", at=AT)
    approve(actor=world.administrator, proposal_id=proposal.id, at=AT)
    with pytest.raises(DomainError):
        invite(actor=second, account_id=target.account_id, at=AT)


# Readings.


def test_a_search_for_people_by_name_stands_in_the_journal(world):
    found = find_people(
        world.desk.reception,
        Sought(name=identify(account_of(world.mother)).display_name, birth_date=_born(world.mother)),
        at=AT,
    )
    assert [it.id for it in found] == [world.mother.person_id]
    entry = Entry.objects.get(kind="person.searched")
    assert (entry.concerns_id, entry.facts["by"]) == (world.mother.person_id, "name")


def _born(actor):
    return Human.objects.get(pk=actor.person_id).birth_date


# Old sessions.


@pytest.mark.parametrize("address", ["clients/new/", "settings/eid/", "settings/certificates/"])
def test_what_opens_much_asks_for_the_password_again(world, browse, clock, address):
    """A desk left open lets in no program, no other identity provider and no key."""
    give_password(world.administrator)
    browser = browse(world.administrator)
    assert browser.get(f"/desk/{address}").status_code == 200
    clock.shift(timedelta(minutes=6))
    answer = browser.get(f"/desk/{address}")
    assert answer.status_code == 302 and answer["Location"].startswith("/desk/account/confirm/")
