"""What the portal itself shows in "My account": how one is told, and who read one's data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.notifications.services.notifying import habits_of
from motcua.registry.people.contributions import AccountSection, register_account_section


def _telling(actor: Actor) -> list[dict[str, Any]]:
    habits = habits_of(actor.person)
    language = dict(settings.LANGUAGES)[habits.language or get("languages.default")]
    return [{"label": _("Language of the messages"), "value": language}]


def _nothing(actor: Actor) -> list[dict[str, Any]]:
    return []


def register() -> None:
    register_account_section(
        AccountSection(
            "messages",
            gettext_lazy("How you are told"),
            30,
            _telling,
            ((gettext_lazy("Language, e-mail, SMS and quiet hours"), "portal:message-settings"),),
        )
    )
    register_account_section(
        AccountSection(
            "tracker",
            gettext_lazy("Who read your data"),
            90,
            _nothing,
            ((gettext_lazy("Who read my data"), "portal:data-tracker"),),
        )
    )
