"""Officers come in: invitation, password, second factor, and what strangers try."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.models import Message
from motcua.registry.access.models import Invitation, SignIn
from motcua.registry.access.services.accounts import invite
from motcua.registry.access.tests.factories import (
    PASSWORD,
    account_of,
    give_name_and_password,
    give_password,
    join,
    totp,
)

pytestmark = pytest.mark.django_db
DESK = "/desk/"


@pytest.fixture(autouse=True)
def clock(settings):
    settings.SECOND_FACTOR = "required"
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False) as travelling:
        yield travelling


def kinds(account):
    return list(
        Entry.objects.filter(object_id=account.id).order_by("sequence").values_list("kind", flat=True)
    )


def test_an_invitation_leads_to_password_factor_codes_and_the_desk(world, client):
    account = account_of(world.desk.reception)
    join(client, world.desk.reception, at=timezone.now())
    assert "<code>" in client.get("/desk/account/second-factor/codes/").content.decode()
    assert client.get(DESK).status_code == 200
    assert kinds(account)[-3:] == ["account.invited", "account.joined", "account.factor_added"]


def test_before_the_second_factor_nothing_opens(world, client):
    code = invite(actor=SYSTEM, account_id=world.desk.reception.account_id, at=timezone.now())
    client.post("/desk/join/", {"code": code})
    client.post("/desk/join/password/", {"password": PASSWORD, "again": PASSWORD})
    for page in (DESK, "/desk/search/", "/desk/account/"):
        assert client.get(page).url.startswith("/desk/account/second-factor/")


@pytest.mark.parametrize("change", [{"used_at": MORNING}, {"expires_at": MORNING}])
def test_an_invitation_that_was_used_or_is_too_old_lets_nobody_in(world, client, change):
    code = invite(actor=SYSTEM, account_id=world.desk.reception.account_id, at=timezone.now())
    Invitation.objects.update(**change)
    page = client.post("/desk/join/", {"code": code})
    assert "not valid" in page.content.decode()


def test_an_invitation_entered_in_two_browsers_is_good_in_one(world):
    code = invite(actor=SYSTEM, account_id=world.desk.reception.account_id, at=timezone.now())
    browsers = Client(), Client()
    for browser in browsers:
        assert browser.post("/desk/join/", {"code": code.lower().replace("-", " ")}).status_code == 302
    answers = [
        browser.post("/desk/join/password/", {"password": PASSWORD, "again": PASSWORD})
        for browser in browsers
    ]
    assert [answer.url for answer in answers] == ["/desk/account/second-factor/", "/desk/join/"]


def test_a_new_invitation_makes_the_earlier_one_void(world, client):
    earlier, _ = (
        invite(actor=SYSTEM, account_id=world.desk.reception.account_id, at=timezone.now()) for _ in range(2)
    )
    assert "not valid" in client.post("/desk/join/", {"code": earlier}).content.decode()


def test_the_database_holds_no_code_of_an_invitation(world):
    code = invite(actor=SYSTEM, account_id=world.desk.reception.account_id, at=timezone.now())
    row = Invitation.objects.get()
    assert code not in str(vars(row)) and code.replace("-", "") not in str(vars(row))
    assert not any(code in message.body for message in Message.objects.all())


def test_a_password_alone_does_not_enrol_a_second_factor(world, client):
    give_name_and_password(client, give_password(world.desk.reception))
    for page in ("/desk/account/second-factor/app/", DESK, "/desk/account/"):
        assert client.get(page, follow=True).request["PATH_INFO"] == "/desk/join/"


def test_signing_in_asks_for_the_code_and_takes_it_once(world, client, clock):
    secret, account = (
        join(Client(), world.desk.reception, at=timezone.now()),
        account_of(world.desk.reception),
    )
    clock.shift(60)
    assert give_name_and_password(client, account).url == "/accounts/second-factor/"
    assert client.get(DESK).status_code == 302
    code = totp(secret)
    assert client.post("/desk/sign-in/second-factor/", {"code": code}).status_code == 302
    assert client.get(DESK).status_code == 200
    other = Client()
    give_name_and_password(other, account)
    page = other.post("/desk/sign-in/second-factor/", {"code": code})
    assert "used already" in page.content.decode()
    assert other.get(DESK).status_code == 302


def test_the_code_that_enrolled_the_app_does_not_sign_in(world, client):
    secret, account = (
        join(Client(), world.desk.reception, at=timezone.now()),
        account_of(world.desk.reception),
    )
    give_name_and_password(client, account)
    assert client.post("/desk/sign-in/second-factor/", {"code": totp(secret)}).status_code == 200


def test_a_recovery_code_signs_in_once(world):
    account, browser = account_of(world.desk.reception), Client()
    join(browser, world.desk.reception, at=timezone.now())
    code = Authenticator.objects.get(user=account, type="recovery_codes").wrap().get_unused_codes()[0]
    answers = []
    for _ in range(2):
        other = Client()
        give_name_and_password(other, account)
        answers.append(other.post("/desk/sign-in/second-factor/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_secrets_of_factors_are_encrypted_where_they_lie(world, client):
    secret = join(client, world.desk.reception, at=timezone.now())
    data = Authenticator.objects.get(user=account_of(world.desk.reception), type="totp").data
    assert secret not in str(data)


@pytest.mark.parametrize(
    "credential", ["{}", "[]", "1", '{"id": 1}', '{"id": "x", "rawId": "@", "response": {}}', "null"]
)
def test_a_made_up_passkey_is_refused(world, client, credential):
    join(client, world.desk.reception, at=timezone.now())
    data = {"name": "Của tôi", "credential": credential}
    assert client.post("/desk/account/second-factor/passkey/", data).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()
    other = Client()
    give_name_and_password(other, account_of(world.desk.reception))
    assert other.post("/desk/sign-in/second-factor/", {"credential": credential}).status_code == 200


def test_a_session_gets_another_key_at_sign_in(world, client):
    """Whoever planted a session in somebody's browser is not signed in with it."""
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    join(client, world.desk.reception, at=timezone.now())
    assert client.cookies["sessionid"].value != planted
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert stranger.get(DESK).status_code == 302


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(world, client):
    account = give_password(world.desk.reception)
    words = []
    for name in (account.username, "nobody.at.all"):
        page = client.post("/desk/sign-in/", {"login": name, "password": "wrong"}).content.decode()
        words.append(page.count("do not belong together"))
    assert words[0] == words[1] > 0


def test_a_closed_account_with_the_right_password_gets_the_answer_of_a_wrong_one(world, client):
    account = give_password(world.desk.reception)
    account.is_active = False
    account.save()
    assert "do not belong together" in give_name_and_password(client, account).content.decode()


def test_wrong_passwords_make_one_wait_and_longer_each_time(world, client, clock):
    account = give_password(world.desk.reception)
    for _ in range(5):
        page = give_name_and_password(client, account, "wrong").content.decode()
    assert "failed too often" not in page
    assert "failed too often" in give_name_and_password(client, account).content.decode()
    clock.shift(2)
    give_name_and_password(client, account, "wrong")
    clock.shift(1)
    assert "failed too often" in give_name_and_password(client, account).content.decode()
    clock.shift(2)
    assert give_name_and_password(client, account).status_code == 302


def test_names_that_nobody_has_are_slowed_alike(client):
    for _ in range(5):
        client.post("/desk/sign-in/", {"login": "nobody.at.all", "password": "wrong"})
    page = client.post("/desk/sign-in/", {"login": "nobody.at.all", "password": "wrong"}).content.decode()
    assert "failed too often" in page


def test_strangers_do_not_keep_the_owner_out(world, clock):
    account, own = give_password(world.desk.reception), Client()
    give_name_and_password(own, account)
    own.post("/sign-out/")
    for number in range(40):
        stranger = Client(REMOTE_ADDR=f"203.0.113.{number}")
        give_name_and_password(stranger, account, "wrong")
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert "failed too often" in give_name_and_password(elsewhere, account).content.decode()
    # From the device known already at once, from any other within a minute.
    assert give_name_and_password(own, account).status_code == 302
    clock.shift(61)
    assert give_name_and_password(elsewhere, account).status_code == 302


def test_the_officer_sees_failed_tries_and_the_journal_has_them_from_five_on(world, client, settings, clock):
    settings.SECOND_FACTOR = "optional"
    account = give_password(world.desk.reception)
    for _ in range(5):
        give_name_and_password(Client(), account, "wrong")
    assert kinds(account)[-1] == "account.tried"
    clock.shift(60)
    give_name_and_password(client, account)
    assert "5 times" in client.get("/desk/account/").content.decode()
    assert "5 times" not in client.get("/desk/account/").content.decode()


def test_guessing_the_second_factor_is_slowed(world, client):
    join(Client(), world.desk.reception, at=timezone.now())
    give_name_and_password(client, account_of(world.desk.reception))
    pages = [client.post("/desk/sign-in/second-factor/", {"code": "000000"}) for _ in range(6)]
    assert "failed too often" in pages[-1].content.decode()


def test_an_idle_session_ends_and_one_that_lasted_too_long(world, client, settings, clock):
    settings.OFFICER_IDLE_SECONDS, settings.OFFICER_SESSION_SECONDS = 600, 3600
    for steps, seconds in ((1, 601), (10, 500)):
        browser = Client()
        Authenticator.objects.all().delete()
        join(browser, world.desk.reception, at=timezone.now())
        statuses = []
        for _ in range(steps):
            clock.shift(seconds)
            statuses.append(browser.get(DESK).status_code)
        assert statuses[-1] == 302
        assert statuses[:5] == [200] * min(5, steps - 1) or steps == 1


def test_sessions_are_listed_with_device_and_network_and_ended(world, client, settings):
    settings.SECOND_FACTOR = "optional"
    account = give_password(world.desk.reception)
    other = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Mozilla/5.0 (Android 14) Firefox/130.0")
    for browser in (client, other):
        give_name_and_password(browser, account)
    page = client.get("/desk/account/").content.decode()
    assert "Firefox, Android" in page and "203.0.113.x" in page and "203.0.113.77" not in page
    ended = SignIn.objects.get(account=account, place="203.0.113.x")
    client.post(f"/desk/account/sessions/{ended.id}/end/")
    assert (client.get(DESK).status_code, other.get(DESK).status_code) == (200, 302)


def test_nobody_ends_the_session_of_somebody_else(world, browse):
    browse(world.desk.leader)
    foreign = SignIn.objects.get(account=world.desk.leader.account_id)
    answer = browse(world.desk.reception).post(f"/desk/account/sessions/{foreign.id}/end/")
    assert answer.status_code in {302, 404} and SignIn.objects.filter(pk=foreign.pk).exists()


def test_another_password_ends_every_other_session(world, client, settings):
    settings.SECOND_FACTOR = "optional"
    account, other = give_password(world.desk.reception), Client()
    for browser in (client, other):
        give_name_and_password(browser, account)
    new = "một câu dài và dễ nhớ hơn"
    data = {"old": PASSWORD, "password": new, "again": new}
    assert client.post("/desk/account/password/", data).status_code == 302
    assert (client.get(DESK).status_code, other.get(DESK).status_code) == (200, 302)
    assert SignIn.objects.filter(account=account).count() == 1


def test_what_is_sensitive_asks_for_the_password_after_five_minutes(world, client, clock):
    join(client, world.desk.reception, at=timezone.now())
    clock.shift(301)
    factor = Authenticator.objects.get(type="totp")
    remove = f"/desk/account/second-factor/{factor.pk}/remove/"
    assert client.post(remove).url.startswith("/desk/account/confirm/")
    client.post("/desk/account/confirm/", {"password": PASSWORD})
    client.post(remove)
    # The only one stays where one is required.
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    # A page that lies elsewhere is not gone to.
    answer = client.post("/desk/account/confirm/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer.url == "/desk/account/"


def test_an_administrator_of_another_commune_invites_nobody_here(world):
    """An officer of the commune is unknown to its neighbour's; who reaches beyond it is not theirs to let in."""
    from motcua.registry.access.models import RoleGrant
    from motcua.registry.organisations.selectors import identify_officer

    def administers(path):
        account = account_of(world.other_desk.leader)
        RoleGrant.objects.filter(account=account).delete()
        RoleGrant.objects.create(account=account, role_id="administrator", agency_path=path)
        return identify_officer(account).actor

    elsewhere = administers(world.other_desk.agency.path)
    with pytest.raises(NotFound):
        invite(actor=elsewhere, account_id=world.desk.reception.account_id, at=timezone.now())
    here = administers(world.desk.agency.path)
    RoleGrant.objects.create(account=account_of(world.desk.reception), role_id="auditor", agency_path="/")
    with pytest.raises(Refused):
        invite(actor=here, account_id=world.desk.reception.account_id, at=timezone.now())
