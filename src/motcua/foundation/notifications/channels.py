"""Which relay and gate messages go through: the operator's, or what an administrator has entered."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from motcua.foundation.installation.selectors import get, is_chosen

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class SmsAddress:
    url: str
    token: str


def email_ready() -> bool:
    """Whether e-mail can be sent at all."""
    return bool(settings.EMAIL_READY or is_chosen("mail.host"))


def relay() -> tuple[str, int]:
    """Name and port of the relay that is used; ("", 0): none."""
    if not email_ready():
        return "", 0
    return get("mail.host"), get("mail.port") or _PORTS[get("mail.security")]


def mail_connection() -> BaseEmailBackend:
    """To the relay of this installation; not opened yet."""
    if not is_chosen("mail.host"):
        return get_connection()
    security = get("mail.security")
    return get_connection(
        _SMTP,
        host=get("mail.host"),
        port=get("mail.port") or _PORTS[security],
        username=get("mail.user"),
        password=get("mail.password"),
        use_ssl=security == "tls",
        use_tls=security == "starttls",
        timeout=settings.EMAIL_TIMEOUT,
    )


def sender() -> str:
    """From whom e-mail comes: `Name <address>`, or an address alone."""
    if is_chosen("mail.sender"):
        return formataddr((get("site.name"), get("mail.sender")))
    if is_chosen("site.base_url") and is_chosen("mail.host"):
        return f"no-reply@{urlsplit(get('site.base_url')).hostname}"
    return settings.DEFAULT_FROM_EMAIL


def sms_address() -> SmsAddress:
    """The gate; an empty address: none is set up."""
    return SmsAddress(get("sms.url"), get("sms.token"))
