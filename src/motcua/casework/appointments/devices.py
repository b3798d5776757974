"""A device in the hall that a queue's code has opened: a signed cookie, with nobody's account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from motcua.casework.appointments.models import Queue
from motcua.casework.appointments.selectors import get_kiosk_queue
from motcua.registry.access.policies import ActingRequest

_AGE = 400 * 24 * 3600

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Device:
    """A kind of device. `home`: the name of its address, which asks for the code where none was entered."""

    cookie: str
    salt: str
    home: str

    def queue_of(self, request: HttpRequest) -> Queue | None:
        """The queue whose device this is; None: it was not opened, or another code was made since."""
        try:
            value = request.get_signed_cookie(self.cookie, salt=self.salt, default="", max_age=_AGE)
        except BadSignature:
            return None
        queue_id, _colon, digest = (value or "").partition(":")
        return get_kiosk_queue(queue_id, digest) if digest else None

    def guarded(self, view: View) -> View:
        """Only on an opened device, whose queue the view gets; any other one is asked for the code."""

        @wraps(view)
        def on_device(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            queue = self.queue_of(request)
            if not queue:
                return redirect(self.home)
            return view(request, queue, *args, **kwargs)

        return login_not_required(never_cache(on_device))

    def opened(self, queue: Queue) -> HttpResponse:
        """Makes the device that asked one of the queue, until another code is made."""
        response = redirect(self.home)
        response.set_signed_cookie(
            self.cookie,
            f"{queue.id}:{queue.kiosk_digest}",
            salt=self.salt,
            max_age=_AGE,
            path=reverse(self.home),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response
