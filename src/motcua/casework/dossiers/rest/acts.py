"""Acts on a dossier: one operation for each, of one table.

An act that the state table gains becomes a row of OFFERED: what it takes, and the service that does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Schema, Status
from pydantic import ConfigDict, Field, StrictInt, StrictStr

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.errors import DossierMoved, Stale
from motcua.casework.dossiers.policies import CLIENT_ACTS, HANDLE
from motcua.casework.dossiers.rest.reading import detail_out
from motcua.casework.dossiers.rest.routers import dossiers
from motcua.casework.dossiers.rest.schemas import DossierDetail
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.handling import Target
from motcua.registry.access.clients.rest import (
    OFFICERS,
    CalledRequest,
    Token,
    answer_once,
    etag,
    key_of,
    revision_of,
)


class Input(Schema):
    model_config = ConfigDict(extra="forbid")


class Checks(Input):
    """`checks`: numbers, from 0, of the step's checks that were made; all are needed."""

    checks: Annotated[list[Annotated[StrictInt, Field(ge=0, le=99)]], Field(max_length=100)]


class Seen(Input):
    """`seen_sha256`: of the draft that the signer read."""

    seen_sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]


class Reason(Input):
    reason: Annotated[StrictStr, Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class Deed:
    """The rest of a service's keyword arguments, from what was sent."""

    summary: str
    service: Callable[..., Any]
    takes: type[Input] | None = None
    inputs: Callable[[Any], dict[str, Any]] = lambda sent: sent.model_dump() if sent else {}


OFFERED: dict[str, Deed] = {
    "accept": Deed("Accept", handling.accept_dossier),
    "hand-over": Deed("Hand over to the unit that decides", handling.hand_over_dossier),
    "draft-result": Deed(
        "Draft the result",
        handling.draft_result,
        Checks,
        lambda sent: {"checks": [str(it) for it in sent.checks]},
    ),
    "submit-for-signature": Deed("Put the draft before the signer", handling.submit_for_signature),
    "name-signer": Deed("Make the draft for one's own signature", handling.name_signer),
    "sign": Deed("Sign the draft that was read", handling.sign_result, Seen),
    "return-task": Deed("Send the draft back", handling.return_task, Reason),
    "return-result": Deed("Return the result", handling.return_result),
}


def _do(request: CalledRequest, response: HttpResponse, act: str, dossier_id: UUID, sent: Any) -> Any:
    key_of(request)
    target = Target(dossier_id=dossier_id, revision=revision_of(request))
    content = [request.headers["If-Match"], sent.model_dump(mode="json") if sent else None]

    def perform() -> tuple[int, Any]:
        deed = OFFERED[act]
        try:
            deed.service(actor=request.actor, target=target, at=timezone.now(), **deed.inputs(sent))
        except DossierMoved as error:
            raise Stale from error
        found = selectors.get_dossier(request.actor, dossier_id)
        shown = detail_out(request.actor, found)
        return 200, {"etag": etag(shown, revision=found.revision), "dossier": shown}

    status, answer = answer_once(request, response, content, perform)
    response["ETag"] = answer["etag"]
    return Status(status, answer["dossier"])


def _operation(act: str, deed: Deed) -> Callable[..., Any]:
    """The view of one act; a body only where it takes something."""
    if deed.takes is None:

        def bare(request: CalledRequest, response: HttpResponse, dossier_id: UUID) -> Any:
            return _do(request, response, act, dossier_id, None)

        return bare

    def filled(request: CalledRequest, response: HttpResponse, dossier_id: UUID, sent: Any) -> Any:
        return _do(request, response, act, dossier_id, sent)

    filled.__annotations__ = filled.__annotations__ | {"sent": deed.takes}
    return filled


def _offer(act: str, deed: Deed) -> None:
    view = _operation(act, deed)
    view.__name__ = f"act_{act.replace('-', '_')}"
    view.__doc__ = (
        "An act by the officer who signed in, with their rights. If-Match: the ETag of the dossier as it was read; "
        "when it was changed since, nothing is done (412). What cannot be done where the dossier stands is 409."
    )
    dossiers.post(
        f"/{{uuid:dossier_id}}/acts/{act}",
        response={200: DossierDetail},
        auth=Token(HANDLE if act in CLIENT_ACTS else "", people=OFFICERS),
        summary=deed.summary,
        operation_id=view.__name__,
        tags=["acts"],
    )(view)


for _act, _deed in OFFERED.items():
    _offer(_act, _deed)
