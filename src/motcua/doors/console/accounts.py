"""Accounts as administrators and support see them: who is in reach, and what trouble they have. No dossiers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import fold, sort_key
from motcua.registry.access.models import Account, Role, RoleGrant, SignIn
from motcua.registry.access.policies import within
from motcua.registry.access.selectors import counting, find_open_invitation
from motcua.registry.access.services.roles import running
from motcua.registry.access.services.sessions import list_sessions
from motcua.registry.organisations.models import Agency, Holding, Officer, valid_on
from motcua.registry.organisations.selectors import present_or_next
from motcua.registry.organisations.selectors.tree import agencies_by_code, search_agencies
from motcua.registry.people.models import Person

RIGHTS = ("administrator", "support")
PAGE_SIZE = 50
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def _factors() -> Exists:
    return Exists(Authenticator.objects.filter(user=OuterRef("officer__account"), type__in=_FACTORS))


def _sessions() -> Exists:
    return Exists(SignIn.objects.filter(account=OuterRef("officer__account")))


def list_accounts(actor: Actor, words: str, *, at: datetime, trouble: bool = False) -> list[Holding]:
    """Officers whose posts, today's or the next, lie in the actor's scope, by name, at most 50; each with `has_factor`,
    `has_session`.

    `words`: parts of name or user name, without regard to accents. `trouble`: only who cannot get in. Those without a
    post are seen by whoever administers all agencies, on their own page.
    """
    day = timezone.localdate(at)
    shown = valid_on(day) | (Q(valid_from__gt=day) & ~Exists(_earlier(day)))
    holdings = Holding.objects.filter(shown, within("post__unit__agency__path", actor.scopes(*RIGHTS)))
    if trouble:
        holdings = holdings.filter(
            Q(officer__account__factor_lost_at__isnull=False)
            | Q(officer__account__failed_tries__gte=5)
            | Q(officer__account__is_active=False)
        )
    rows = holdings.select_related("officer__account", "post__unit__agency").annotate(
        has_factor=_factors(), has_session=_sessions()
    )
    return _matching(rows.order_by("officer__full_name", "id"), fold(words).split())


def _earlier(day: date) -> QuerySet[Holding]:
    """Posts of the same officer that last or begin sooner: only the next one after a time without a post is shown."""
    before = Q(valid_from__lt=OuterRef("valid_from"), valid_from__gt=day) | valid_on(day)
    return Holding.objects.filter(before, officer=OuterRef("officer"))


def _matching(rows: QuerySet[Holding], terms: list[str]) -> list[Holding]:
    """The database knows no folding that fits Vietnamese; names are compared here, read in pieces."""
    found: list[Holding] = []
    for row in rows.iterator(chunk_size=500) if terms else rows[:PAGE_SIZE]:
        text = fold(f"{row.officer.full_name} {row.officer.account.username}")
        if all(term in text for term in terms):
            found.append(row)
        if len(found) == PAGE_SIZE:
            break
    return sorted(found, key=lambda row: sort_key(row.officer.full_name))


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One officer's account. `holding` is None without a post today."""

    account: Account
    officer: Officer
    holding: Holding | None
    factors: list[Authenticator]
    sessions: list[SignIn]
    grants: list[RoleGrant]
    invited_until: datetime | None


@transaction.atomic
def open_account_facts(actor: Actor, account_id: UUID, *, at: datetime) -> AccountFacts:
    """Look at one account, which is an entry of the journal. Raises NotFound outside the actor's scope."""
    found = find_officer(actor, account_id, at=at)
    account = found[0].account
    happening = Happening("account.read", "account", account.id, concerns_id=found[0].id)
    record(actor=actor, happening=happening, at=at)
    grants = (
        account.grants.filter(running(at=at)).select_related("role").order_by("agency_path", "role", "id")
    )
    invitation = find_open_invitation(account, at=at)
    return AccountFacts(
        account,
        *found,
        factors=list(
            Authenticator.objects.filter(user=account, type__in=_FACTORS).order_by("created_at", "id")
        ),
        sessions=list(list_sessions(account, at=at)),
        grants=list(grants),
        invited_until=invitation.expires_at if invitation else None,
    )


def find_officer(actor: Actor, account_id: UUID, *, at: datetime) -> tuple[Officer, Holding | None]:
    """The officer and the post held today, else the next one, where that lies in the actor's scope. Raises NotFound."""
    officer = Officer.objects.select_related("account").filter(account=account_id).first()
    if not officer:
        raise NotFound
    holding = present_or_next(officer.id, on=timezone.localdate(at))
    path = holding.post.unit.agency.path if holding else "/"
    if not any(path.startswith(scope) for scope in actor.scopes(*RIGHTS)):
        raise NotFound
    return officer, holding


def names_of(account_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Officers' names by their accounts. One query."""
    ids = {it for it in account_ids if it}
    return dict(Officer.objects.filter(account__in=ids).values_list("account_id", "full_name"))


def agency_names(paths: Iterable[str], *, at: datetime) -> dict[str, str]:
    """Names of today's agencies by their paths; "/" is not among them. One query."""
    today = Agency.objects.filter(valid_on(timezone.localdate(at)), path__in=set(paths))
    return dict(today.values_list("path", "name"))


def find_agencies(actor: Actor, typed: str, *, at: datetime, limit: int = 6) -> list[Agency]:
    """Today's agencies within the actor's administration by exact code, else by words or the code's beginning."""
    scopes, day = actor.scopes("administrator"), timezone.localdate(at)
    exact = agencies_by_code(scopes, [typed.strip().upper()], at=day)
    return list(exact.values()) or search_agencies(scopes, typed, at=day)[:limit]


def list_roles(*, day: date) -> list[Role]:
    """Every role, each with `holders`: how many accounts hold it on that day. One query."""
    counted = Count("grants__account", filter=counting(day, "grants__"), distinct=True)
    return list(Role.objects.annotate(holders=counted).order_by("-built_in", "code"))


def role_holders(code: str, *, at: datetime, limit: int = 20) -> list[str]:
    """Names of who would be affected by a change of the role."""
    accounts = RoleGrant.objects.filter(running(at=at), role=code).values("account")
    names = Officer.objects.filter(account__in=accounts).order_by("full_name", "id")
    return list(names.values_list("full_name", flat=True)[:limit])


@transaction.atomic
def look_up_person(actor: Actor, number: str, *, at: datetime) -> Person | None:
    """The sign-in state of a person by the 12-digit number, for support. An entry, found or not; the number is not
    kept. Source: design section 7, promise 1."""
    person = Person.objects.filter(personal_number=number).select_related("account").first()
    happening = Happening(
        "account.searched",
        "account",
        person.account_id if person and person.account_id else new_id(),
        concerns_id=person.id if person else None,
        facts={"by": "number", "found": person is not None},
    )
    record(actor=actor, happening=happening, at=at)
    return person
