"""What people enter for a setting, as the value that is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import Declaration
from motcua.foundation.installation.errors import BadValue
from motcua.foundation.kernel.text import clean_line

_LONGEST = 1000
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def cleaned(declared: Declaration, raw: Any) -> Any:
    """The value as it is kept; None for what was left empty. Raises BadValue."""
    value = _READ[declared.kind](declared, raw)
    if value in (None, "", []):
        return None
    return declared.check(value) if declared.check else value


def _text(declared: Declaration, raw: Any) -> str:
    text = clean_line(str(raw or ""))
    if len(text) > _LONGEST:
        raise BadValue(_("Enter at most 1,000 characters."))
    return text


def _secret(declared: Declaration, raw: Any) -> str:
    """As it was entered: a space may belong to it."""
    text = str(raw or "")
    if len(text) > _LONGEST or not text.isprintable():
        raise BadValue(_("Enter the secret in at most 1,000 characters, on one line."))
    return text


def _url(declared: Declaration, raw: Any) -> str:
    text = _text(declared, raw)
    if text and not is_safe_address(text):
        raise BadValue(
            _(
                "Enter an address that begins with https:// (http:// only for this machine), without a password in it."
            )
        )
    return text


def is_safe_address(text: str) -> bool:
    """Whether it is https, or http on this machine, and carries neither name nor password nor fragment."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if (
        not host
        or "@" in parts.netloc
        or parts.fragment
        or any(char.isspace() or char == "\\" for char in text)
    ):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


def _email(declared: Declaration, raw: Any) -> str:
    text = _text(declared, raw)
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise BadValue(_("Enter an e-mail address such as mot-cua@example.vn.")) from error
    return text


def _colour(declared: Declaration, raw: Any) -> str:
    return _text(declared, raw).lower()


def _choice(declared: Declaration, raw: Any) -> str:
    text = _text(declared, raw)
    if text and text not in dict(declared.choices):
        raise BadValue(_("Choose one of the given answers."))
    return text


def _int(declared: Declaration, raw: Any) -> int | None:
    if raw in (None, ""):
        return None
    lowest, highest = declared.bounds
    try:
        number = int(str(raw).strip())
    except ValueError as error:
        raise BadValue(_("Enter a whole number.")) from error
    if lowest is not None and number < lowest:
        raise BadValue(_("Enter %(lowest)s or more.") % {"lowest": lowest})
    if number > (highest if highest is not None else 1_000_000):
        raise BadValue(_("Enter a smaller number."))
    return number


def _list(declared: Declaration, raw: Any) -> list[str]:
    items = [
        _choice(declared, it) for it in (raw if isinstance(raw, list | tuple) else str(raw or "").split(","))
    ]
    return list(dict.fromkeys(it for it in items if it))


def _file(declared: Declaration, raw: Any) -> Any:
    """{name, content: base64}; what it may hold is the business of the declaration's `check`."""
    return raw or None


_READ: dict[str, Callable[[Declaration, Any], Any]] = {
    "text": _text,
    "url": _url,
    "email": _email,
    "colour": _colour,
    "choice": _choice,
    "int": _int,
    "secret": _secret,
    "file": _file,
    "list": _list,
}
