"""The page follows what happens: a stream of what changed (server-sent events), or the same by asking.

A stream holds one of the server's threads, so there are few of them in a process, each ends after some time, and who
gets none asks every two seconds.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motcua.foundation.worktime.moments import local
from motcua.oversight.operations.frames import list_units
from motcua.oversight.operations.policies import WATCHING, watched_paths
from motcua.oversight.operations.replay import replayed_frame
from motcua.oversight.operations.rules.tiles import Unit
from motcua.oversight.operations.watching import streams, watched_frame
from motcua.oversight.operations.web.asking import Asked, read_asked
from motcua.oversight.operations.web.showing import Values, values_of
from motcua.registry.access.contributions import identify
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.access.selectors import find_active
from motcua.registry.organisations.models import Agency

# Seconds: how long a stream lasts, how often it looks, says that it lives, and sees whether one may still look.
LASTS, EVERY, BEAT, CHECK = 50.0, 1.0, 5.0, 5.0
RETRY_MILLISECONDS = 1000


@role_required(*WATCHING)
@never_cache
@require_safe
def now(request: ActingRequest) -> HttpResponse:
    """Every value of the page, of now or of a past moment."""
    asked = read_asked(request.actor, request.GET, now=timezone.now())
    return JsonResponse(_values(asked))


def _values(asked: Asked) -> Values:
    past = asked.past
    frame = replayed_frame(asked.agency, past) if past else watched_frame(asked.agency, now=timezone.now)
    return values_of(frame, list_units(asked.agency.path, on=local(frame.at).date()))


@role_required(*WATCHING)
@never_cache
@require_safe
def stream(request: ActingRequest) -> HttpResponseBase:
    """204 when all streams of the process are taken: a browser then asks no more for one by itself."""
    asked = read_asked(request.actor, request.GET, now=timezone.now())
    if not streams.acquire(blocking=False):
        return HttpResponse(status=204)
    units = list_units(asked.agency.path, on=timezone.localdate())
    events = Stream(Looker(request.session, request.user.pk, asked.agency), units, get_language() or "vi")
    response = StreamingHttpResponse(events, content_type="text/event-stream; charset=utf-8")
    # Neither a proxy nor the compressor may hold events back.
    response["X-Accel-Buffering"] = "no"
    response["Content-Encoding"] = "identity"
    return response


class Looker:
    """Whoever opened a stream: their session, account and agency."""

    def __init__(self, session: SessionBase, account: Any, agency: Agency) -> None:
        self._session, self._account, self.agency = session, account, agency

    def may_look(self) -> bool:
        """Whether they are still signed in and may see the agency."""
        if not self._session.exists(self._session.session_key or ""):
            return False
        account = find_active(self._account)
        identity = identify(account) if account else None
        paths = watched_paths(identity.actor) if identity else ()
        return any(self.agency.path.startswith(it) for it in paths)


class Stream:
    """Bytes of the events. It gives its place back when it is closed or over, whichever comes first."""

    def __init__(self, looker: Looker, units: list[Unit], language: str) -> None:
        self._looker, self._units, self._language = looker, units, language
        self._events = self._write()
        self._holds = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._events)
        except BaseException:
            self.close()
            raise

    def __del__(self) -> None:
        # Nobody ever read it.
        self.close()

    def close(self) -> None:
        if self._holds:
            self._holds = False
            try:
                self._events.close()
            finally:
                streams.release()

    def _write(self) -> Generator[bytes]:
        began = said = checked = time.monotonic()
        shown: Values = {}
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while (moment := time.monotonic()) - began < LASTS:
            if moment - checked >= CHECK:
                checked = moment
                if not self._looker.may_look():
                    yield b"event: over\ndata: {}\n\n"
                    return
            values = self._look()
            changed = {name: value for name, value in values.items() if shown.get(name) != value}
            if changed:
                shown, said = values, moment
                yield f"data: {json.dumps(changed, ensure_ascii=False)}\n\n".encode()
            elif moment - said >= BEAT:
                said = moment
                yield b"event: beat\ndata: {}\n\n"
            _let_go()
            time.sleep(EVERY)

    def _look(self) -> Values:
        with override(self._language):
            return values_of(watched_frame(self._looker.agency, now=timezone.now), self._units)


def _let_go() -> None:
    """A stream that waits needs no connection; in a test's transaction it keeps it."""
    if not connection.in_atomic_block:
        connection.close()
