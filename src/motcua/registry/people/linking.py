"""Which sign-in leads to which account: one person, one account, any number of ways in."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.models import Account
from motcua.registry.people.errors import LastWay
from motcua.registry.people.models import Person


def list_ways(actor: Actor) -> list[SocialAccount]:
    """How the actor can sign in, oldest first. One query."""
    return list(SocialAccount.objects.filter(user=actor.account).order_by("date_joined", "id"))


def find_account_of(personal_number: str, *, provider: str) -> Account | None:
    """The account that a subject unknown so far belongs to, because its provider vouches for the person's number.

    Only when the account has a way in by this provider already (it gave the person a new subject), or none at all
    (it was made at a counter). A provider that is new to an account is linked by the person, signed in. None when
    nobody has the number, or the person has no account.
    """
    account = Account.objects.filter(person__personal_number=personal_number).first()
    if account is None:
        return None
    providers = set(SocialAccount.objects.filter(user=account).values_list("provider", flat=True))
    return account if provider in providers or not providers else None


def has_other_account(personal_number: str) -> bool:
    """Whether somebody has this number and an account."""
    return Account.objects.filter(person__personal_number=personal_number).exists()


def is_number_of(account: Account, personal_number: str) -> bool:
    return Person.objects.filter(account=account, personal_number=personal_number).exists()


@transaction.atomic
def hang_on(*, account: Account, way: SocialAccount, at: datetime) -> None:
    """Let a new subject of a known provider lead to the account; its former subjects do not any more."""
    Account.objects.select_for_update().get(pk=account.pk)
    SocialAccount.objects.filter(user=account, provider=way.provider).delete()
    way.user = account
    way.save()
    _record(SYSTEM, account, "account.subject_changed", way.provider, at)


@transaction.atomic
def link(*, actor: Actor, way: SocialAccount, at: datetime) -> None:
    """Add a way in, unknown so far, to the actor's account. Its provider vouched for the actor's own number."""
    account = Account.objects.select_for_update().get(pk=actor.account)
    way.user = account
    way.save()
    _record(actor, account, "account.way_linked", way.provider, at)


@transaction.atomic
def unlink(*, actor: Actor, way_id: int, at: datetime) -> None:
    """Take one of the actor's own ways away. Raises LastWay, NotFound, Refused."""
    if actor.kind != "citizen":
        raise Refused
    # Who takes two away at once does it one after the other.
    account = Account.objects.select_for_update().get(pk=actor.account)
    ways = {it.pk: it for it in SocialAccount.objects.filter(user=account)}
    if way_id not in ways:
        raise NotFound
    if len(ways) == 1:
        raise LastWay
    ways[way_id].delete()
    _record(actor, account, "account.way_unlinked", ways[way_id].provider, at)


def _record(actor: Actor, account: Account, kind: str, provider: str, at: datetime) -> None:
    person_id = Person.objects.values_list("pk", flat=True).filter(account=account).first()
    happening = Happening(
        kind=kind,
        object_kind="account",
        object_id=account.pk,
        concerns_id=person_id,
        facts={"provider": provider},
    )
    record(actor=actor, happening=happening, at=at)
