"""Scopes that open much: one administrator asks for them with the registration, another approves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.clients.errors import ClientOver, UnknownScope
from motcua.registry.access.clients.models import SystemClient
from motcua.registry.access.clients.scopes import find_scope
from motcua.registry.access.contributions import ProposalKind, register_proposal_kind
from motcua.registry.access.models import Proposal
from motcua.registry.access.services.approvals import Proposed, propose

KIND = "grant_scope"


def needs_two(name: str) -> bool:
    scope = find_scope(name)
    return scope is not None and scope.by_two


def propose_scope(*, actor: Actor, client: SystemClient, scope: str, at: datetime) -> Proposal:
    """Ask another administrator to let a client do more; why is what the client is for. In the caller's transaction.

    Raises as `propose`.
    """
    what = Proposed(KIND, client.agency_path, {"client": str(client.id), "scope": scope})
    return propose(actor=actor, what=what, reason=client.purpose, at=at)


def waiting_scopes(client: SystemClient, *, at: datetime) -> list[str]:
    """What was asked for and is not decided yet. One query."""
    waiting = Proposal.objects.filter(
        kind=KIND, state=Proposal.State.OPEN, expires_at__gt=at, payload__client=str(client.id)
    )
    return sorted(proposal.payload["scope"] for proposal in waiting)


def _act_grant(proposal: Proposal, actor: Actor, at: datetime) -> None:
    clients = SystemClient.objects.select_for_update(of=("self",)).select_related("oauth")
    client = clients.filter(pk=UUID(proposal.payload["client"])).first()
    scope = proposal.payload["scope"]
    if not client:
        raise NotFound
    if client.ended_at:
        raise ClientOver
    if not needs_two(scope):
        raise UnknownScope(scope=scope)
    scopes = sorted({*client.oauth.get_scopes(), scope})
    client.oauth.set_scopes(scopes)
    client.oauth.set_default_scopes(scopes)
    client.oauth.save()
    client.revision += 1
    client.save(update_fields=["revision"])
    facts = {"agency": client.agency_path, "scope": scope}
    happening = Happening("client.scope_granted", object_kind="client", object_id=client.id, facts=facts)
    record(actor=actor, happening=happening, at=at)


def _describe(proposal: Proposal) -> str:
    scope = find_scope(proposal.payload["scope"])
    client = SystemClient.objects.select_related("oauth").filter(pk=proposal.payload["client"]).first()
    return _("Lets the system “%(name)s” do this: %(what)s.") % {
        "name": client.oauth.name if client else "",
        "what": scope.description if scope else proposal.payload["scope"],
    }


def register() -> None:
    register_proposal_kind(
        ProposalKind(KIND, gettext_lazy("Let another system do more"), "administrator", _act_grant, _describe)
    )
