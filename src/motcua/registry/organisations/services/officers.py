"""Officers in posts: entering, moving, leaving. Each function is one act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.registry.access.models import Account, RoleGrant
from motcua.registry.access.services.roles import running
from motcua.registry.organisations.errors import (
    OfficerBusy,
    PostEnded,
    PostTaken,
    StillAdministers,
    UsernameTaken,
)
from motcua.registry.organisations.models import Agency, Holding, Officer, Post, valid_on

from ._acts import Target, changing, check_after, lock_agency, may_administer, tell
from .keys import require_free_key
from .structure import agency_of_post


@dataclass(frozen=True, slots=True)
class Person:
    """username: to sign in with. signing_key: which key or card signs for this person, "" when they sign nothing."""

    username: str
    full_name: str
    signing_key: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """A post that somebody takes from a day on. revision: of the post's agency, as the page showed it."""

    post_id: UUID
    on: date
    revision: int | None = None


def enter_person(*, actor: Actor, person: Person, taking: Taking, at: datetime) -> Officer:
    """Enter an officer, with an account that cannot sign in yet, in a post. Rights are given apart.

    Raises UsernameTaken, KeyTaken, PostTaken, PostEnded.
    """
    with changing(actor, Target(agency_of_post(taking.post_id).id, taking.revision)) as agency:
        if Account.objects.filter(username=person.username).exists():
            raise UsernameTaken(username=person.username)
        require_free_key(person.signing_key)
        account = Account(username=person.username, kind=Account.Kind.OFFICER)
        account.set_unusable_password()
        account.save(force_insert=True)
        officer = Officer.objects.create(
            account=account, full_name=person.full_name, signing_key=person.signing_key
        )
        post = _free_post(taking)
        Holding.objects.create(officer=officer, post=post, valid_from=taking.on)
        facts = {"agency": agency.code, "post": str(post.id), "from": taking.on}
        tell(actor, "officer.entered", officer.id, at, **facts)
        return officer


def move_officer(*, actor: Actor, officer_id: UUID, taking: Taking, at: datetime) -> None:
    """Let an officer take another post, or a post again, from a day on; the post held until then ends.

    At another agency the rights at the old one end with the post. The actor needs the right at both, and
    wherever the officer holds a role. Raises PostTaken, PostEnded, OfficerBusy, DayTooEarly, Refused, StillAdministers.
    """
    target = agency_of_post(taking.post_id)
    with transaction.atomic():
        officer = lock_officer(actor, officer_id)
        _require_reach(actor, officer, at)
        _lock_in_order(target, _last(officer))
        with changing(actor, Target(target.id, taking.revision)) as agency:
            left = _end_current(actor, officer, taking.on)
            post = _free_post(taking)
            Holding.objects.create(officer=officer, post=post, valid_from=taking.on)
            if left is None:
                # They had left, which closed the account. One that was closed while in a post stays closed.
                Account.objects.filter(pk=officer.account_id).update(is_active=True)
            facts = {"agency": agency.code, "post": str(post.id), "from": taking.on}
            tell(actor, "officer.moved", officer.id, at, **facts)
        if left and left.path != agency.path:
            _require_no_administrator(actor, officer, at, below=left.path)
            _end_rights(officer, left.path, taking.on, at)


def end_officer(*, actor: Actor, officer_id: UUID, on: date, at: datetime) -> None:
    """Let an officer leave: post and rights end on that day, the account too.

    Raises DayTooEarly, NotFound, Refused (they hold a role where the actor does not administer), StillAdministers.
    """
    with transaction.atomic():
        officer = lock_officer(actor, officer_id)
        _require_reach(actor, officer, at)
        _require_no_administrator(actor, officer, at)
        left = _end_current(actor, officer, on)
        if left is None:
            raise NotFound
        tell(actor, "officer.left", officer.id, at, agency=left.code, on=on)
        _end_rights(officer, left.path, on, at)


def lock_officer(actor: Actor, officer_id: UUID) -> Officer:
    """Raises NotFound, also for who has no right at the agency where the officer is, or was last."""
    officer = Officer.objects.select_for_update().filter(pk=officer_id).first()
    last = _last(officer) if officer else None
    if not officer or not last or not may_administer(actor, last.path):
        raise NotFound
    return officer


def _require_reach(actor: Actor, officer: Officer, at: datetime) -> None:
    """That the actor administers wherever the officer holds a role, as for the account. Raises Refused."""
    grants = RoleGrant.objects.filter(running(at=at), account=officer.account_id)
    if not all(may_administer(actor, path) for path in grants.values_list("agency_path", flat=True)):
        raise Refused


def _require_no_administrator(actor: Actor, officer: Officer, at: datetime, *, below: str = "/") -> None:
    """Two people end an administrator's role; ending the post is no way round it. Raises StillAdministers."""
    administers = RoleGrant.objects.filter(
        running(at=at),
        account=officer.account_id,
        agency_path__startswith=below,
        role__rights__contains=["administrator"],
    )
    if actor.kind != "system" and administers.exists():
        raise StillAdministers(name=officer.full_name)


def _last(officer: Officer) -> Agency | None:
    holdings = Holding.objects.filter(officer=officer).select_related("post__unit__agency")
    last = holdings.order_by("-valid_from").first()
    return last.post.unit.agency if last else None


def _lock_in_order(*agencies: Agency | None) -> None:
    ids = [agency.pk for agency in agencies if agency]
    list(Agency.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))


def _free_post(taking: Taking) -> Post:
    """The post, if nobody holds it on that day or later and it goes on."""
    post = Post.objects.filter(valid_on(taking.on), pk=taking.post_id).select_related("unit__agency").first()
    if not post or post.valid_to or post.unit.valid_to or post.unit.agency.valid_to:
        raise PostEnded
    later = Q(valid_to=None) | Q(valid_to__gt=taking.on)
    if held := post.holdings.filter(later).select_related("officer").first():
        raise PostTaken(name=held.officer.full_name)
    return post


def _end_current(actor: Actor, officer: Officer, on: date) -> Agency | None:
    """End the post the officer holds; the agency it was at, None without one."""
    later = Q(valid_to=None) | Q(valid_to__gt=on)
    held = list(officer.holdings.filter(later).select_related("post__unit__agency")[:2])
    if not held:
        return None
    if len(held) > 1:
        raise OfficerBusy(name=officer.full_name)
    agency = lock_agency(actor, held[0].post.unit.agency_id)
    check_after(on, held[0].valid_from)
    Holding.objects.filter(pk=held[0].pk).update(valid_to=on)
    return agency


def _end_rights(officer: Officer, path: str, on: date, at: datetime) -> None:
    if on <= timezone.localdate(at):
        end_rights(officer_id=officer.id, path=path, at=at)
        return
    midnight = timezone.make_aware(datetime.combine(on, time()))
    task = jobs.configure_task("organisations.end_rights", schedule_at=midnight)
    task.defer(officer_id=str(officer.id), path=path)


@transaction.atomic
def end_rights(*, officer_id: UUID, path: str, at: datetime) -> None:
    """Take the rights an officer had at an agency and below, unless they hold a post there; rights elsewhere stay.

    Who holds no post any more, now or later, cannot sign in. May run twice. No entry: the move was one.
    """
    officer = Officer.objects.select_for_update().get(pk=officer_id)
    today = timezone.localdate(at)
    holdings = Holding.objects.filter(officer=officer)
    if not holdings.filter(valid_on(today), post__unit__agency__path=path).exists():
        RoleGrant.objects.filter(account=officer.account_id, agency_path__startswith=path).delete()
    if not holdings.filter(Q(valid_to=None) | Q(valid_to__gt=today)).exists():
        RoleGrant.objects.filter(account=officer.account_id).delete()
        Account.objects.filter(pk=officer.account_id).update(is_active=False)
