"""What the console itself adds to the desk's rail: pages over the foundation."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.doors.console.policies import scopes_of_messages
from motcua.foundation.ui.contributions import MenuEntry, register_menu


def _sees_messages(request: HttpRequest) -> bool:
    return bool(scopes_of_messages(request.actor))  # type: ignore[attr-defined]


def register() -> None:
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Messages sent"),
            url_name="console:messages",
            order=70,
            group=_("Looking after"),
            shows=_sees_messages,
        )
    )
