"""What the portal itself shows in "My account": how one is told, and who read one's data."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.doors.portal.web.words import mandate_rows
from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.notifications.services.notifying import habits_of
from motcua.registry.people.contributions import AccountSection, register_account_section
from motcua.registry.people.selectors import list_mandates


def _telling(actor: Actor) -> list[dict[str, Any]]:
    habits = habits_of(actor.person)
    language = dict(settings.LANGUAGES)[habits.language or get("languages.default")]
    return [{"label": _("Language of the messages"), "value": language}]


def _mandates(actor: Actor) -> list[dict[str, Any]]:
    """Who may act for the person today, or is asked to; what they hold for others stands on the page of mandates."""
    given, _held = list_mandates(actor)
    return [
        {
            "label": row["agent"],
            "value": f"{row['purpose']}: {row['powers']}",
            "note": f"{row['words']}, " + _("until %(day)s") % {"day": row["until"]},
        }
        for row in mandate_rows(given)
        if row["is_open"]
    ]


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
            "mandates",
            gettext_lazy("Who may act for you"),
            50,
            _mandates,
            (
                (gettext_lazy("All mandates"), "portal:mandates"),
                (gettext_lazy("Give a mandate"), "portal:mandate-give"),
            ),
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
