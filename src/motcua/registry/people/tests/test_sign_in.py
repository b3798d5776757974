"""Signing in with the eID: who is let in, who they then are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from motcua.foundation.journal.selectors import list_entries
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.eid import EidAdapter, NoSignUpAdapter
from motcua.registry.people.models import Person
from motcua.registry.people.services import record_claims
from motcua.registry.people.tests.factories import citizen, citizen_account, claims

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
NUMBER = "025199000077"
ANSWER = {
    "sub": "eid-77",
    "SoDinhDanh": NUMBER,
    "HoVaTen": "Lò Thị Mẫu",
    "NgayThangNamSinh": "02/09/1999",
    "GioiTinh": "Nữ",
    "loAs": "2",
}
pytestmark = pytest.mark.django_db


def record(account=None, *, at=AT, **changes):
    return record_claims(
        account=account or citizen_account(), claims=claims(personal_number=NUMBER, **changes), at=at
    )


@pytest.fixture
def request_():
    request = RequestFactory().get("/accounts/oidc/eid/login/callback/")
    request.session, request.user = SessionStore(), AnonymousUser()
    return request


def answer(**changes):
    """What allauth has after the provider's answer about somebody new."""
    account = SocialAccount(provider="eid", uid="eid-77", extra_data=ANSWER | changes)
    return SocialLogin(user=Account(), account=account)


def test_a_new_citizen_is_entered_and_the_journal_says_so():
    person = record()
    assert (person.full_name, person.assurance_level, person.verified_at) == ("Nguyễn Thị Hồng Nhung", 2, AT)
    assert [entry.kind for entry in list_entries([person.id])] == ["person.entered"]


def test_signing_in_again_refreshes_what_the_eid_says():
    first = record()
    again = record(first.account, at=AT + timedelta(days=1), full_name="Nguyễn Hồng Nhung")
    assert (again.pk, again.full_name) == (first.pk, "Nguyễn Hồng Nhung")
    assert [entry.kind for entry in list_entries([first.id])] == ["person.entered", "person.signed_in"]


def test_a_number_known_already_is_linked_and_not_doubled():
    entered = record()
    Person.objects.filter(pk=entered.pk).update(account=None)
    account = citizen_account()
    linked = record(account)
    assert (linked.pk, linked.account) == (entered.pk, account)
    assert Person.objects.filter(personal_number=NUMBER).count() == 1


@pytest.mark.parametrize("number", ["02519900007", "02519900007x", ""])
def test_the_database_keeps_no_malformed_number(number):
    with pytest.raises(IntegrityError, match="personal_number_form"), transaction.atomic():
        Person.objects.filter(pk=record().pk).update(personal_number=number)


def test_a_number_is_shown_masked():
    assert record().masked_number == "025*********"


def test_an_account_is_identified_as_its_citizen():
    actor = citizen(at=AT, personal_number=NUMBER)
    identity = identify(Account.objects.get(pk=actor.account_id))
    assert (identity.actor, identity.display_name) == (actor, "Nguyễn Thị Hồng Nhung")


@pytest.mark.parametrize("level", ["0", "1"])
def test_a_sign_in_below_level_two_is_refused(request_, level):
    with pytest.raises(ImmediateHttpResponse) as refused:
        EidAdapter().pre_social_login(request_, answer(loAs=level))
    assert refused.value.response.url == "/sign-in/?problem=assurance"
    assert not Person.objects.filter(personal_number=NUMBER).exists()


def test_an_answer_without_a_number_is_refused(request_):
    with pytest.raises(ImmediateHttpResponse) as refused:
        EidAdapter().pre_social_login(request_, answer(SoDinhDanh=""))
    assert refused.value.response.url == "/sign-in/?problem=claims"


def test_the_first_sign_in_makes_an_account_without_password_and_one_copy_of_the_claims(request_):
    login = answer()
    EidAdapter().pre_social_login(request_, login)
    account = EidAdapter().save_user(request_, login)
    assert (account.kind, account.username, account.has_usable_password()) == ("citizen", None, False)
    assert SocialAccount.objects.get(user=account).extra_data == {}
    assert Person.objects.get(account=account).full_name == "Lò Thị Mẫu"


def test_what_the_sign_in_page_says_of_a_problem_is_a_sentence(client):
    for problem in ("assurance", "claims", "cancelled", "provider", "made-up"):
        assert client.get("/sign-in/", {"problem": problem}).status_code == 200


def test_nobody_signs_up_with_a_password(request_):
    assert not NoSignUpAdapter().is_open_for_signup(request_)


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_sign_in_page_leads_nowhere_else(client, target):
    page = client.get("/sign-in/", {"next": target}).content.decode()
    assert f'value="{target}"' not in page
    assert 'value="/dossiers/"' in client.get("/sign-in/", {"next": "/dossiers/"}).content.decode()


def test_an_eid_is_never_hung_onto_another_account(request_):
    connecting = answer()
    connecting.state = {"process": "connect"}
    with pytest.raises(ImmediateHttpResponse):
        EidAdapter().pre_social_login(request_, connecting)
    officer = Account.objects.create(username="leader", kind=Account.Kind.OFFICER)
    SocialAccount.objects.create(provider="eid", uid="eid-77", user=officer)
    known = answer()
    known.user = officer
    with pytest.raises(ImmediateHttpResponse):
        EidAdapter().pre_social_login(request_, known)
    assert not Person.objects.filter(account=officer).exists()
