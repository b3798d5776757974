from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account, Role, RoleGrant
from motcua.registry.access.policies import page_to_return_to, within

pytestmark = pytest.mark.django_db


def paths(*scopes):
    """Agencies in which somebody holds a role."""
    return set(RoleGrant.objects.filter(within("agency_path", scopes)).values_list("agency_path", flat=True))


def test_a_scope_holds_the_agency_and_all_below_it(world):
    here, there = world.desk.agency.path, world.other_desk.agency.path
    assert paths("/H44/") == {"/H44/", here, there, "/H44/H44.SXD/", "/H44/H44.SNNMT/"}
    assert paths(here) == {here}


def test_without_a_scope_there_is_nothing(world):
    assert paths() == set()
    assert paths("/H4/") == set()


@pytest.mark.parametrize("path", ["", "H44", "/H44", "H44/", "//"])
def test_a_grant_names_a_whole_path(world, path):
    account = Account.objects.get(pk=world.desk.leader.account_id)
    with pytest.raises(IntegrityError, match="grant_path_form"), transaction.atomic():
        RoleGrant.objects.create(account=account, role_id="reception", agency_path=path)


def test_a_role_for_dossiers_is_never_held_everywhere(world):
    account = Account.objects.get(pk=world.desk.leader.account_id)
    with pytest.raises(IntegrityError, match="dossier_role_ends_at_an_agency"), transaction.atomic():
        RoleGrant.objects.create(account=account, role_id="one_stop_head", agency_path="/")
    with pytest.raises(IntegrityError, match="dossier_role_ends_at_an_agency"), transaction.atomic():
        Role.objects.filter(code="auditor").update(rights=["auditor", "reception"])


def test_a_role_is_granted_once(world):
    account = Account.objects.get(pk=world.desk.leader.account_id)
    with pytest.raises(IntegrityError, match="one_grant"), transaction.atomic():
        RoleGrant.objects.create(account=account, role_id="leader", agency_path=world.desk.agency.path)


def test_a_role_counts_only_below_its_path():
    actor = Actor(kind="officer", grants=(("leader", "/H44/H44.04894/"), ("reception", "/H44/")))
    assert actor.holds("leader", "/H44/H44.04894/")
    assert not actor.holds("leader", "/H44/")
    assert not actor.holds("leader", "/H44/H44.04894.01/")
    assert (actor.scopes("leader"), actor.scopes("specialist")) == (("/H44/H44.04894/",), ())


def test_an_officer_has_a_name_to_sign_in_with():
    with pytest.raises(IntegrityError, match="officer_has_username"), transaction.atomic():
        Account.objects.create(kind=Account.Kind.OFFICER)


def test_an_account_without_a_password_signs_in_with_none(world):
    account = Account.objects.get(pk=world.desk.leader.account_id)
    for password in ("", "!", account.password):
        assert authenticate(username=account.username, password=password) is None


def test_an_account_that_was_closed_does_not_sign_in(world):
    account = Account.objects.get(pk=world.desk.leader.account_id)
    account.set_password("a long pass phrase")
    account.is_active = False
    account.save()
    assert authenticate(username=account.username, password="a long pass phrase") is None


def test_a_session_ends_when_the_account_is_closed(world, browse):
    browser = browse(world.desk.leader)
    assert browser.get("/desk/").status_code == 200
    Account.objects.filter(pk=world.desk.leader.account_id).update(is_active=False)
    assert browser.get("/desk/").status_code == 302


def test_an_account_that_nobody_stands_behind_is_nobody():
    account = Account.objects.create(kind=Account.Kind.OFFICER, username="left")
    assert identify(account) is None


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://testserver/drafts/1/", "/drafts/1/"),
        ("http://elsewhere.example/drafts/1/", "/"),
        ("http://[x", "/"),
        ("", "/"),
    ],
)
def test_whoever_sends_a_form_without_being_signed_in_comes_back_to_a_page_of_ours(came_from, goes_to):
    request = RequestFactory().post("/apply/", headers={"referer": came_from})
    assert page_to_return_to(request) == goes_to
