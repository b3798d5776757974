"""What the SMS gate tells us. The contract stands in docs/api.md."""

from __future__ import annotations

import hashlib
import hmac
import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from motcua.foundation.installation.selectors import get
from motcua.foundation.notifications.services.keeping import record_report

SIGNATURE = "X-Signature"
REPORT_BYTES = 4096


@csrf_exempt
@login_not_required
@require_POST
def sms_report(request: HttpRequest) -> HttpResponse:
    """A delivery report: 204 when it is signed and readable, whether or not it was news.

    A report sent again changes nothing more, so that a recorded one can be replayed without harm.
    """
    if not get("sms.report_secret"):
        raise Http404
    if len(request.body) > REPORT_BYTES:
        return HttpResponse(status=413)
    if not is_signed(request.body, request.headers.get(SIGNATURE, "")):
        return HttpResponse(status=403)
    try:
        report = json.loads(request.body)
        key, state = report["key"], report["state"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return HttpResponse(status=400)
    if not isinstance(key, str) or state not in {"delivered", "failed"}:
        return HttpResponse(status=400)
    record_report(key=key, state=state, at=timezone.now())
    return HttpResponse(status=204)


def is_signed(body: bytes, signature: str) -> bool:
    """Whether `sha256=<hex>` is the HMAC-SHA-256 of the body under the shared secret; compared in constant time."""
    right = hmac.new(get("sms.report_secret").encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={right}".encode(), signature.encode())
