"""Jobs of the access room. Each may run twice without harm."""

from __future__ import annotations

from allauth.idp.oidc.models import Token
from django.utils import timezone

from motcua.foundation.kernel.jobs import repeats
from motcua.registry.access.clients.calls import forget_answers
from motcua.registry.access.models import SharedValue


@repeats("access.clear_expired", cron="*/15 * * * *")
def clear_expired(timestamp: int) -> None:
    """Tokens of clients, authorization codes, counts of rate limits and kept answers whose time is over."""
    Token.objects.expired().delete()
    SharedValue.objects.filter(expires_at__lte=timezone.now()).delete()
    forget_answers(at=timezone.now())
