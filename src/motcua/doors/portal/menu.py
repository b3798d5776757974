"""What the portal itself adds to its menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.foundation.notifications.selectors import count_unread
from motcua.foundation.ui.contributions import MenuEntry, register_menu


def _is_citizen(request: HttpRequest) -> bool:
    return bool(request.actor.kind == "citizen")  # type: ignore[attr-defined]


def _unread(request: HttpRequest) -> int:
    return count_unread(request.actor.person)  # type: ignore[attr-defined]


def register() -> None:
    for label, url_name, order in (
        (_("For whom you act"), "portal:acting", 10),
        (_("Mandates"), "portal:mandates", 20),
    ):
        register_menu(
            MenuEntry(area="account", label=label, url_name=url_name, order=order, shows=_is_citizen)
        )
    register_menu(
        MenuEntry(
            area="portal",
            label=_("Messages"),
            url_name="portal:messages",
            order=90,
            icon="bell",
            shows=_is_citizen,
            count=_unread,
        )
    )
    register_menu(MenuEntry(area="footer", label=_("Your commune today"), url_name="portal:places", order=30))
