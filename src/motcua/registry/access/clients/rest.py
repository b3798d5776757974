"""Who calls an operation of the API, and what calls have in common: keys, ETags, kept answers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.security import HttpBearer
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.calls import running_call
from motcua.foundation.kernel.places import read_place
from motcua.registry.access.clients.calls import Allowance, Caller, Keyed, count_call, digest_of_call, once
from motcua.registry.access.clients.errors import KeyMissing, MatchMissing, MatchWrong, TooManyCalls
from motcua.registry.access.clients.scopes import ACTING
from motcua.registry.access.clients.selectors import Asked, who_calls

_KEY = re.compile(r"[A-Za-z0-9_-]{8,100}")
_MATCH = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"')
ANYBODY = frozenset(ACTING)
CITIZENS, OFFICERS = frozenset({"citizen"}), frozenset({"officer"})


def _place(token: str) -> str:
    if token and not read_place(token):
        raise PydanticCustomError("page_token", "no token of a page")
    return token


def _key(token: str) -> str:
    try:
        return str(UUID(token)) if token else ""
    except ValueError as error:
        raise PydanticCustomError("page_token", "no token of a page") from error


# `after` of a list: `next` of the page before. A broken one is refused, as a list from its start would look like news.
AfterPlace = Annotated[str, Query(max_length=120), AfterValidator(_place)]
AfterKey = Annotated[str, Query(max_length=120), AfterValidator(_key)]


class CalledRequest(HttpRequest):
    """A request whose token was checked. For annotations."""

    actor: Actor
    caller: Caller
    allowance: Allowance


class Token(HttpBearer):
    """An access token: of a client with this scope, or of a person of these kinds who signed in to a service with the
    scope to act as them. `request.actor` is whom it stands for; cookies do not count."""

    def __init__(self, scope: str = "", *, people: frozenset[str] = frozenset()) -> None:
        self.asked = Asked(scope, people)
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        now = timezone.now()
        acting_as = request.headers.get("Acting-As", "")[:60]
        called = who_calls(token, asked=self.asked, acting_as=acting_as, at=now)
        match = request.resolver_match
        allowance = count_call(called.caller, f"{request.method} {match.route if match else ''}", at=now)
        request.actor, request.caller, request.allowance = called.actor, called.caller, allowance  # type: ignore[attr-defined]
        if allowance.is_over:
            raise TooManyCalls(limit=allowance.limit, seconds=allowance.reset)
        call = running_call()
        if call and called.caller.account_id:
            call.through = called.caller.client_id
        return called.actor


def key_of(request: HttpRequest) -> str:
    """The call's Idempotency-Key. Raises KeyMissing."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyMissing
    return key


def answer_once(
    request: CalledRequest, response: HttpResponse, content: Any, act: Callable[[], tuple[int, Any]]
) -> tuple[int, Any]:
    """`once` for the call's key and `content`; an answer from before says so in its header. Raises KeyMissing."""
    operation = f"{request.method} {request.path} {request.caller.acting_as}".rstrip()
    keyed = Keyed(request.caller, key_of(request), digest_of_call(operation, content))
    found = once(keyed, act, at=timezone.now())
    if found.again:
        response["Idempotency-Replayed"] = "true"
    return found.status, found.answer


def revision_of(request: HttpRequest) -> int:
    """The revision that the caller saw, of If-Match: an ETag begins with it. Raises MatchMissing, MatchWrong."""
    given = request.headers.get("If-Match", "").strip()
    # "*" names no revision: whoever sends it has not said what they read.
    if given in {"", "*"}:
        raise MatchMissing
    found = _MATCH.fullmatch(given)
    if not found:
        raise MatchWrong
    return int(found[1])


def etag(content: Any, *, revision: int | None = None) -> str:
    """The ETag of an answer; with the revision of what it shows, for If-Match."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, default=None)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f'"{digest}"' if revision is None else f'"{revision}-{digest}"'


def has_seen(request: HttpRequest, tag: str) -> bool:
    """Whether the caller has this very answer (If-None-Match; RFC 9110, 13.1.2: weak comparison)."""
    given = [it.strip().removeprefix("W/") for it in request.headers.get("If-None-Match", "").split(",")]
    return tag in given or given == ["*"]


def unchanged(tag: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": tag})
