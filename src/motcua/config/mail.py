"""The relay for e-mail, from one address."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class MailSettings:
    host: str
    port: int
    user: str
    password: str
    # From the first byte, or after STARTTLS.
    tls: bool
    starttls: bool
    sender: str


def mail_settings(url: str, base_url: str) -> MailSettings:
    """`smtp[s]://user:password@host:port?from=Name <address>&starttls=1`, user and password percent-encoded.

    `smtp` with a user name asks for STARTTLS, so that no password goes over the line in the clear, unless
    `starttls=0`. Without `from`: no-reply at the host of `base_url`. Raises ValueError.
    """
    parts = urlsplit(url)
    if url and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("MOTCUA_SMTP_URL is not of the form smtp[s]://user:password@host:port")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    tls = parts.scheme == "smtps"
    wants_starttls = query.get("starttls", "1" if parts.username else "0") == "1"
    sender = query.get("from", f"no-reply@{urlsplit(base_url).hostname}")
    if "@" not in parseaddr(sender)[1] or not sender.isprintable():
        raise ValueError("MOTCUA_SMTP_URL: from is not of the form Name <address>")
    return MailSettings(
        host=parts.hostname or "",
        port=parts.port or (465 if tls else 587 if wants_starttls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=wants_starttls and not tls,
        sender=sender,
    )
