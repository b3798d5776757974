"""What an applicant was asked for, and bringing it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from motcua.casework.dossiers.errors import DossierMoved, Stale
from motcua.casework.dossiers.rest.acts import Input, as_it_is_now, rule_words
from motcua.casework.dossiers.rest.routers import dossiers
from motcua.casework.dossiers.rest.schemas import Answer, DossierDetail, Name
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.bringing import Brought, bring
from motcua.registry.access.clients.rest import (
    CITIZENS,
    CalledRequest,
    Token,
    answer_once,
    key_of,
    revision_of,
)

Files = Annotated[list[UUID], Field(min_length=1, max_length=10)]


class SupplementIn(Input):
    """`answers`: the corrected ones, by the names of the form's fields; null empties one. `papers`: ids of files that
    were sent ahead, by the number of the item, from 0; by its component for a paper that the corrected answers ask
    for."""

    answers: Annotated[dict[Name, Answer | None], Field(max_length=200)] = {}
    papers: Annotated[dict[Name, Files], Field(max_length=50)] = {}


@dossiers.post(
    "/{uuid:dossier_id}/acts/supplement",
    response={200: DossierDetail, 204: None},
    auth=Token(people=CITIZENS),
    summary="Bring what was asked for",
    operation_id="act_supplement",
    description="By the applicant, everything at once: see `supplement` of the dossier. If-Match: the ETag of the "
    "dossier as it was read. What is still missing is 422, with `path` where it would stand in what was sent; nothing "
    "is kept then.\n\n" + rule_words(ACTS["supplement"]),
    tags=["acts"],
)
def act_supplement(
    request: CalledRequest, response: HttpResponse, dossier_id: UUID, sent: SupplementIn
) -> Any:
    key_of(request)
    target = Target(dossier_id, revision_of(request))
    content = [request.headers["If-Match"], sent.model_dump(mode="json")]

    def perform() -> tuple[int, Any]:
        try:
            bring(
                actor=request.actor,
                caller=request.caller,
                target=target,
                brought=Brought(sent.answers, sent.papers),
                at=timezone.now(),
            )
        except DossierMoved as error:
            raise Stale from error
        return 200, None  # of the dossier nothing is kept with the key

    answer_once(request, response, content, perform)
    return as_it_is_now(request, response, dossier_id)
