"""Administrators and support: what they see of accounts, and what takes two of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.models import Message
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.access.errors import (
    AlreadyGranted,
    AlreadyProposed,
    ChangedMeanwhile,
    Decided,
    DossiersEverywhere,
    LastAdministrator,
    NoReasonGiven,
    NotYours,
    UnknownRight,
)
from motcua.registry.access.models import Account, Proposal, Role, RoleGrant
from motcua.registry.access.services.accounts import (
    close_account,
    end_officers_sessions,
    invite,
    open_account,
)
from motcua.registry.access.services.approvals import approve, reject
from motcua.registry.access.services.factors import start_reset
from motcua.registry.access.services.roles import NewGrant, RoleChange, end_grant, grant_role, propose_role
from motcua.registry.access.tests.factories import (
    PASSWORD,
    account_of,
    actor_of,
    give_name_and_password,
    join,
    now_has,
)
from motcua.registry.organisations.models import Holding

pytestmark = pytest.mark.django_db
AT = MORNING + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as travelling:
        yield travelling


@pytest.fixture
def second(world):
    """Another administrator of all agencies."""
    return now_has(world.operator, "administrator", "/")


def new(world, role="specialist", path=None, **more):
    path = path or world.desk.agency.path
    return NewGrant(world.desk.reception.account_id, role, path, AT.date(), **more)


def grant(actor, what):
    return grant_role(actor=actor, new=what, reason="Điều động", at=AT)


def test_a_role_for_dossiers_is_granted_by_one_and_opens_its_rights(world):
    assert isinstance(grant(world.administrator, new(world, "one_stop_head")), RoleGrant)
    grants = actor_of(account_of(world.desk.reception)).grants
    assert ("specialist", world.desk.agency.path) in grants
    assert Entry.objects.filter(kind="role.granted", object_id=world.desk.reception.account_id).exists()


@pytest.mark.parametrize("days", [(1, None), (-9, -1)])
def test_a_role_counts_only_in_its_period(world, days):
    first, end = (AT.date() + timedelta(days=it) if it else None for it in days)
    account = account_of(world.desk.reception)
    RoleGrant.objects.create(
        account=account, role_id="leader", agency_path="/H44/", valid_from=first, valid_to=end
    )
    assert ("leader", "/H44/") not in actor_of(account).grants


def test_a_role_bound_to_a_post_ends_with_the_post(world):
    account = account_of(world.desk.reception)
    holding = Holding.objects.get(officer__account=account)
    grant(world.administrator, new(world, post_id=holding.post_id))
    grant(world.administrator, new(world, "leader", post_id=world.desk.leader.post_id))
    rights = {right for right, _ in actor_of(account).grants}
    assert "specialist" in rights and "leader" not in rights


def test_the_same_role_twice_in_overlapping_periods_is_refused(world):
    grant(world.administrator, new(world))
    with pytest.raises(AlreadyGranted):
        grant(world.administrator, new(world))


def test_nobody_grants_to_themselves_or_beyond_their_scope(world):
    here = now_has(world.desk.leader, "administrator", world.desk.agency.path)
    with pytest.raises(Refused):
        grant(here, NewGrant(here.account_id, "leader", world.desk.agency.path, AT.date()))
    with pytest.raises(Refused):
        grant(here, new(world, path=world.other_desk.agency.path))
    with pytest.raises(NotFound):
        grant(here, NewGrant(world.other_desk.leader.account_id, "leader", here.agency_path, AT.date()))
    with pytest.raises(DossiersEverywhere):
        grant(world.administrator, new(world, path="/"))


@pytest.mark.parametrize("role", ["administrator", "auditor", "data_protection"])
def test_far_reaching_roles_take_two_people_who_are_neither_of_them(world, second, role):
    proposal = grant(world.administrator, new(world, role))
    assert isinstance(proposal, Proposal) and proposal.state == "open"
    for same in (world.administrator, now_has(world.desk.reception, "administrator", "/")):
        with pytest.raises(NotYours):
            approve(actor=same, proposal_id=proposal.id, at=AT)
    approve(actor=second, proposal_id=proposal.id, at=AT)
    assert (role, world.desk.agency.path) in actor_of(account_of(world.desk.reception)).grants
    with pytest.raises(Decided):
        approve(actor=second, proposal_id=proposal.id, at=AT)


def test_an_administrator_of_another_commune_does_not_know_of_the_proposal(world, second):
    proposal = grant(world.administrator, new(world, "auditor"))
    elsewhere = now_has(world.other_desk.leader, "administrator", world.other_desk.agency.path)
    for act in (approve, reject):
        with pytest.raises(NotFound):
            act(actor=elsewhere, proposal_id=proposal.id, at=AT)


def test_the_same_is_not_proposed_twice(world, second):
    grant(world.administrator, new(world, "auditor"))
    with pytest.raises(AlreadyProposed):
        grant(world.administrator, new(world, "auditor"))


def test_a_proposal_is_void_after_seven_days_and_when_taken_back(world, second):
    old, taken = (
        grant(world.administrator, new(world, "auditor")),
        grant(world.administrator, new(world, "data_protection")),
    )
    reject(actor=world.administrator, proposal_id=taken.id, at=AT)
    for proposal, at in ((old, AT + timedelta(days=7)), (taken, AT)):
        with pytest.raises(Decided):
            approve(actor=second, proposal_id=proposal.id, at=at)


def test_the_only_administrator_lets_the_second_in_alone_and_the_journal_says_so(world):
    proposal = grant(world.administrator, new(world, "administrator", "/"))
    assert (proposal.state, proposal.alone) == ("approved", True)
    entry = Entry.objects.get(kind="proposal.approved", object_id=proposal.id)
    assert entry.facts["alone"] is True
    # From now on there are two.
    other = NewGrant(world.desk.leader.account_id, "administrator", "/", AT.date())
    assert grant(world.administrator, other).state == "open"


def test_the_database_itself_wants_four_eyes(world, second):
    proposal = grant(world.administrator, new(world, "auditor"))
    values = {"state": "approved", "decided_by": world.administrator.account_id, "decided_at": AT}
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**values)


def test_the_last_administrator_stays(world, second):
    """Two proposals against the last two: the first to be approved leaves one, who then stays."""
    third = replace(world.data_protection, grants=(("administrator", "/"),))
    held = [RoleGrant.objects.get(account=it.account_id) for it in (world.administrator, second)]
    proposals = [end_grant(actor=third, grant_id=it.id, reason="Nghỉ", at=AT) for it in held]
    approve(actor=second, proposal_id=proposals[0].id, at=AT)
    with pytest.raises(LastAdministrator):
        approve(actor=world.administrator, proposal_id=proposals[1].id, at=AT)


def test_a_role_is_changed_by_two_and_not_on_an_old_page(world, second):
    def propose(version, rights=("operator", "auditor")):
        change = RoleChange("digital_officer", {"vi": "Số", "en": "D", "de": "D"}, rights, version)
        return propose_role(actor=world.administrator, change=change, reason="Thêm", at=AT)

    with pytest.raises(UnknownRight):
        propose(1, ("everything",))
    first, late = propose(1), propose(1, ("operator",))
    approve(actor=second, proposal_id=first.id, at=AT)
    assert Role.objects.get(pk="digital_officer").rights == ["operator", "auditor"]
    with pytest.raises(ChangedMeanwhile):
        approve(actor=second, proposal_id=late.id, at=AT)


def test_a_role_held_everywhere_gets_no_right_over_dossiers(world):
    change = RoleChange("auditor", {"vi": "x"}, ("auditor", "leader"), 1)
    with pytest.raises(DossiersEverywhere):
        propose_role(actor=world.administrator, change=change, reason="x", at=AT)


def test_a_lost_factor_is_replaced_by_two_and_ends_sessions(world, settings):
    settings.SECOND_FACTOR = "required"
    browser, account = Client(), account_of(world.desk.reception)
    join(browser, world.desk.reception, at=timezone.now())
    proposal = start_reset(actor=world.support, account_id=account.id, reason="Mất máy", at=AT)
    with pytest.raises(NotFound):
        # Support starts and never confirms.
        approve(actor=now_has(world.operator, "support", "/"), proposal_id=proposal.id, at=AT)
    code = approve(actor=world.administrator, proposal_id=proposal.id, at=AT)
    assert not Authenticator.objects.filter(user=account).exists()
    assert browser.get("/desk/").status_code == 302
    told = Message.objects.filter(concerns_id=account.id).values_list("purpose", flat=True)
    assert {"account_reset_proposed", "account_factors_reset"} <= set(told)
    # The code alone is not enough, nor the password alone.
    other = Client()
    other.post("/desk/join/", {"code": code})
    assert other.post("/desk/join/password/", {"password": "guessed it?"}).status_code == 200
    stranger = Client()
    give_name_and_password(stranger, account)
    assert stranger.get("/desk/account/second-factor/", follow=True).request["PATH_INFO"] == "/desk/join/"
    answer = other.post("/desk/join/password/", {"password": PASSWORD})
    assert answer.url == "/desk/account/second-factor/"


def test_support_resets_nobody_who_reaches_further_than_it_does(world):
    here = now_has(world.desk.leader, "support", world.desk.agency.path)
    RoleGrant.objects.create(account=account_of(world.desk.reception), role_id="auditor", agency_path="/")
    with pytest.raises(Refused):
        start_reset(actor=here, account_id=world.desk.reception.account_id, reason="x", at=AT)
    with pytest.raises(NotFound):
        end_officers_sessions(actor=here, account_id=world.other_desk.leader.account_id, at=AT)


def test_an_account_is_closed_and_its_sessions_end(world, browse):
    browser = browse(world.desk.reception)
    close_account(
        actor=world.administrator, account_id=world.desk.reception.account_id, reason="Nghỉ việc", at=AT
    )
    assert browser.get("/desk/").status_code == 302
    assert not Account.objects.get(pk=world.desk.reception.account_id).is_active
    with pytest.raises(Refused):
        close_account(actor=world.administrator, account_id=world.administrator.account_id, reason="x", at=AT)


def test_support_sees_accounts_masked_and_every_look_is_an_entry(world, browse):
    browser = browse(world.support)
    page = browser.post("/desk/accounts/", {"q": "025197004187"}).content.decode()
    assert "025*********" in page and "Hồng Nhung" not in page and "025197004187" not in page
    entry = Entry.objects.get(kind="account.searched")
    assert entry.concerns_id == world.mother.person_id and "025197004187" not in str(entry.facts)
    browser.get(f"/desk/accounts/{world.desk.leader.account_id}/")
    assert Entry.objects.filter(kind="account.read", concerns_id=world.desk.leader.person_id).exists()


def test_an_officer_is_found_without_accents_and_only_in_scope(world, browse):
    here = now_has(world.desk.leader, "administrator", world.desk.agency.path)
    page = browse(here).post("/desk/accounts/", {"q": "mau duc"}).content.decode()
    assert "Hoàng Mẫu Đức" in page
    page = browse(here).post("/desk/accounts/", {"q": "mau loan"}).content.decode()
    assert "Vũ Thị Mẫu Loan" not in page
    answer = browse(here).get(f"/desk/accounts/{world.other_desk.leader.account_id}/")
    assert answer.status_code == 404


def test_the_grant_form_keeps_what_was_typed_and_asks_which_agency(world, browse):
    browser, url = (
        browse(world.administrator),
        f"/desk/accounts/{world.desk.reception.account_id}/grant/",
    )
    data = {"role": "leader", "agency": "ủy ban", "valid_from": "2026-03-02", "reason": "Điều động"}
    assert f'name="agency" value="{world.desk.agency.code}"' in browser.get(url).content.decode()
    page = browser.post(url, data).content.decode()
    assert "Several agencies fit" in page and "Điều động" in page
    answer = browser.post(url, data | {"agency": world.desk.agency.code, "last_day": "2026-12-31"})
    assert answer.status_code == 302
    held = RoleGrant.objects.get(account=world.desk.reception.account_id, role="leader")
    assert str(held.valid_to) == "2027-01-01"


def test_two_people_at_the_screens_replace_a_factor(world, browse):
    support, administrator = browse(world.support), browse(world.administrator)
    support.post(f"/desk/accounts/{world.desk.leader.account_id}/reset/", {"reason": "Mất điện thoại"})
    proposal = Proposal.objects.get()
    assert "Approve" not in support.get("/desk/approvals/").content.decode()
    assert "Approve" in administrator.get("/desk/approvals/").content.decode()
    page = administrator.post(f"/desk/approvals/{proposal.id}/approve/").content.decode()
    assert re.search(r"<code>[A-Z2-9]{4}(-[A-Z2-9]{4}){3}</code>", page)
    # Shown once.
    assert not re.search(r"<code>[A-Z2-9]{4}-", administrator.get("/desk/approvals/").content.decode())


def test_another_language_chosen_beside_a_code_leads_to_the_account(world, browse):
    account = f"/desk/accounts/{world.desk.reception.account_id}/"
    page = browse(world.administrator).post(
        f"{account}invite/", headers={"referer": f"http://testserver{account}"}
    )
    assert re.findall('name="next" value="(.*?)"', page.content.decode()) == [account] * 2


def test_an_officer_without_a_role_is_told_so(world, browse):
    RoleGrant.objects.filter(account=world.desk.reception.account_id).delete()
    assert "No role has been granted to you" in browse(world.desk.reception).get("/desk/").content.decode()
    assert "No role has been granted to you" not in browse(world.desk.leader).get("/desk/").content.decode()


def test_a_missing_reason_is_said_and_nothing_is_done(world, browse):
    browser = browse(world.support)
    answer = browser.post(f"/desk/accounts/{world.desk.leader.account_id}/reset/", {"reason": " "})
    assert [str(it) for it in get_messages(answer.wsgi_request)] == ["Say why, in a few words."]
    assert not Proposal.objects.exists()


def reopened(actor, account_id, at=AT):
    return open_account(actor=actor, account_id=account_id, reason="Trở lại làm việc", at=at)


def test_an_account_that_one_closed_is_opened_by_one_with_a_reason(world):
    account_id = world.desk.reception.account_id
    close_account(actor=world.administrator, account_id=account_id, reason="Nghỉ việc", at=AT)
    with pytest.raises(NoReasonGiven):
        open_account(actor=world.administrator, account_id=account_id, reason=" ", at=AT)
    assert reopened(world.administrator, account_id) is None
    assert Account.objects.get(pk=account_id).is_active
    entries = Entry.objects.filter(kind__in=["account.closed", "account.opened"]).order_by("sequence")
    reasons = [it.detail.values["reason"] for it in entries.select_related("detail")]
    assert reasons == ["Nghỉ việc", "Trở lại làm việc"]


def test_what_two_people_closed_two_people_open(world, second):
    third = now_has(world.auditor, "administrator", "/")
    closing = close_account(actor=second, account_id=third.account_id, reason="Nghỉ", at=AT)
    approve(actor=world.administrator, proposal_id=closing.id, at=AT)
    # The role is gone by now; that two people closed it still counts.
    RoleGrant.objects.filter(account=third.account_id).delete()
    proposal = reopened(second, third.account_id)
    assert not Account.objects.get(pk=third.account_id).is_active
    with pytest.raises(NotYours):
        approve(actor=second, proposal_id=proposal.id, at=AT)
    approve(actor=world.administrator, proposal_id=proposal.id, at=AT)
    assert Account.objects.get(pk=third.account_id).is_active
    # Opened by two, it is an ordinary account again.
    assert close_account(actor=second, account_id=third.account_id, reason="Nghỉ", at=AT) is None
    assert reopened(second, third.account_id, AT + timedelta(minutes=1)) is None


def test_opening_an_account_asks_for_a_reason_and_says_that_another_has_to_approve(world, second, browse):
    third = now_has(world.auditor, "administrator", "/")
    closing = close_account(actor=second, account_id=third.account_id, reason="Nghỉ", at=AT)
    approve(actor=world.administrator, proposal_id=closing.id, at=AT)
    browser, url = browse(second), f"/desk/accounts/{third.account_id}/"
    browser.post(f"{url}open/", {"reason": ""})
    assert not Proposal.objects.filter(kind="open_account").exists()
    page = browser.post(f"{url}open/", {"reason": "Trở lại"}, follow=True).content.decode()
    assert "Another administrator has to approve it." in page


def begins_later(world, officer):
    """The officer's post begins in a week."""
    Holding.objects.filter(officer__account=officer.account_id).update(
        valid_from=AT.date() + timedelta(days=7)
    )


def test_who_administers_a_commune_sees_and_invites_an_officer_whose_post_begins_later(world, browse):
    here = now_has(world.desk.leader, "administrator", world.desk.agency.path)
    begins_later(world, world.desk.specialist)
    RoleGrant.objects.filter(account=world.desk.specialist.account_id).delete()
    browser = browse(here)
    assert "Hoàng Mẫu Đức" in browser.post("/desk/accounts/", {"q": "mau duc"}).content.decode()
    page = browser.get(f"/desk/accounts/{world.desk.specialist.account_id}/").content.decode()
    begins = AT.date() + timedelta(days=7)
    assert f", from {viet_date(begins, 'plain')}" in page
    assert invite(actor=here, account_id=world.desk.specialist.account_id, at=AT)


def test_an_officer_whose_post_begins_later_elsewhere_is_not_found(world, browse):
    here = now_has(world.desk.leader, "administrator", world.desk.agency.path)
    begins_later(world, world.other_desk.leader)
    url = f"/desk/accounts/{world.other_desk.leader.account_id}/"
    assert browse(here).get(url).status_code == 404
    with pytest.raises(NotFound):
        invite(actor=here, account_id=world.other_desk.leader.account_id, at=AT)


def test_made_up_officers_of_a_demonstration_are_not_said_to_be_missing(world, browse, settings):
    Account.objects.filter(pk=world.desk.reception.account_id).update(username="demo.reception", password="!")
    url = f"/desk/accounts/{world.desk.reception.account_id}/"
    assert "not yet joined" in browse(world.administrator).get(url).content.decode()
    settings.DEMO = True
    assert "by button, without a password" in browse(world.administrator).get(url).content.decode()
