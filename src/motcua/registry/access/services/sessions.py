"""Sessions as their owners see them: listed, and ended one by one or all."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from allauth.idp.oidc.models import Token
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.models import Account, SignIn
from motcua.registry.access.services.telling import write

# A session's last look is written down this often at most.
SEEN_EVERY = timedelta(minutes=1)
KEPT_FOR = timedelta(days=30)

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("coc_coc", "Cốc Cốc"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def device_words(user_agent: str) -> str:
    """ "Chrome, Windows" for a browser's long name; empty parts for unknown ones."""
    browser = next((name for mark, name in _BROWSERS if re.search(mark, user_agent, re.IGNORECASE)), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system)))


def coarse_place(address: str) -> str:
    """The network an address lies in, roughly: "203.0.113.x"; enough to recognise one's own, too little to follow."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return ".".join([*str(parsed).split(".")[:3], "x"])
    return str(ipaddress.ip_network((int(parsed), 48), strict=False).network_address) + "x"


def open_session(account: Account, session_key: str, *, device: str, place: str, at: datetime) -> SignIn:
    """Write down a session that begins; sessions long past are forgotten."""
    SignIn.objects.filter(account=account, seen_at__lt=at - KEPT_FOR).delete()
    values = {"account": account, "device": device[:60], "place": place[:60], "began_at": at, "seen_at": at}
    sign_in, _ = SignIn.objects.update_or_create(session_key=session_key, defaults=values)
    return sign_in


def see_session(session_key: str, *, at: datetime) -> None:
    SignIn.objects.filter(session_key=session_key).update(seen_at=at)


def rename_session(old_key: str | None, new_key: str | None) -> None:
    """The same session under a new key."""
    SignIn.objects.filter(session_key=old_key).update(session_key=new_key)


def close_session(session_key: str | None) -> None:
    """The person signed out."""
    SignIn.objects.filter(session_key=session_key).delete()


def list_sessions(account: Account, *, at: datetime) -> QuerySet[SignIn]:
    """Sessions that still exist, the latest first."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return SignIn.objects.filter(account=account, session_key__in=alive).order_by("-seen_at", "id")


def end_sessions(account: Account, *, but: str | None = None, only: UUID | None = None) -> int:
    """Sign the account out everywhere, `but` in one session or `only` in one; gives how many sessions ended.

    Everywhere is also what other services may do in its name: their tokens end.
    """
    if not only:
        Token.objects.filter(user=account).delete()
    sign_ins = SignIn.objects.filter(account=account)
    sign_ins = sign_ins.filter(pk=only) if only else sign_ins.exclude(session_key=but or "")
    keys: Collection[str] = list(sign_ins.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sign_ins.delete()
    return len(keys)


@transaction.atomic
def end_own_sessions(
    *, actor: Actor, account: Account, but: str | None = None, only: UUID | None = None, at: datetime
) -> int:
    """The person ends a session of their own, or all but the one they are in. Raises NotFound."""
    ended = end_sessions(account, but=but, only=only)
    if only and not ended:
        raise NotFound
    write("account.sessions_ended", actor, account, at, {"count": ended})
    return ended
