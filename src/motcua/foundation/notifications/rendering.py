"""A purpose in words: templates in the recipient's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.text import clean, clean_line
from motcua.foundation.notifications.contributions import SECRET_MARK
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.rules.sms import sms_text

SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Words:
    """Text of a message: the subject on one line (empty for SMS) and the body."""

    subject: str
    body: str


def has_template(purpose: str, channel: str) -> bool:
    """Whether the purpose has words for the channel."""
    try:
        get_template(_name(purpose, channel))
    except TemplateDoesNotExist:
        return False
    return True


def render(purpose: str, channel: str, context: Mapping[str, Any], language: str) -> Words:
    """The words of one message. For an SMS the context is only the reference and the place to look, whatever is given:
    nothing personal can get into it.
    """
    with translation.override(language):
        if channel == Message.Channel.SMS:
            seen = {
                "reference": context.get("reference", ""),
                "place": urlsplit(get("site.base_url")).netloc,
                "secret": SECRET_MARK,
            }
            return Words("", sms_text(_render(_name(purpose, channel), seen)))
        subject = clean_line(_render(_name(purpose, "subject"), context))[:SUBJECT_LENGTH].strip()
        return Words(subject, _paragraphs(_render(_name(purpose, channel), context)))


def email_html(message: Message) -> str:
    """The HTML part of an e-mail: the same words as the plain text, so that nobody is told something else."""
    context = {
        "subject": message.subject,
        "paragraphs": message.body.split("\n\n"),
        "language": message.language,
        "place_name": get("site.place_name"),
    }
    with translation.override(message.language):
        return render_to_string("notifications/email.html", context)


def _name(purpose: str, part: str) -> str:
    return f"notifications/{purpose}/{part}.txt"


def _render(name: str, context: Mapping[str, Any]) -> str:
    """Plain text: nothing is escaped, as nothing is markup."""
    template = get_template(name).template  # type: ignore[attr-defined]
    return str(template.render(Context(dict(context), autoescape=False)))


def _paragraphs(text: str) -> str:
    lines = "\n".join(line.strip() for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines)
