"""`/api/v1/me`: whom a token stands for."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from motcua.registry.access.clients.rest import ANYBODY, CalledRequest, Token
from motcua.registry.people.selectors import list_choices

router = Router(tags=["me"])


class ChoiceOut(Schema):
    """`value`: for the header Acting-As."""

    value: str
    name: str


class MeOut(Schema):
    """`kind`: client, citizen or officer. `agency`: path, empty for citizens. `rights`: a client's scopes, an officer's
    rights with the path of the agency they hold them at. `may_act_for`: whom a citizen may act for."""

    kind: str
    agency: str
    rights: list[str]
    may_act_for: list[ChoiceOut]


@router.get(
    "",
    response=MeOut,
    auth=Token("procedures:read", people=ANYBODY),
    summary="Whom the token stands for",
    operation_id="get_me",
)
def get_me(request: CalledRequest) -> dict[str, Any]:
    """What the token is good for, and in whose name a citizen may act with it."""
    actor = request.actor
    choices = list_choices(actor, at=timezone.now()) if actor.kind == "citizen" else []
    return {
        "kind": actor.kind,
        "agency": actor.agency_path,
        "rights": sorted({f"{right} {path}" for right, path in actor.grants}),
        "may_act_for": [{"value": it.key, "name": it.name} for it in choices],
    }
