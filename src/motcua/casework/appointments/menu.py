"""What the room adds to the menus of portal and desk."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.casework.appointments.policies import CALLING, SETTING_UP
from motcua.foundation.ui.contributions import MenuEntry, register_menu


def _calls(request: HttpRequest) -> bool:
    return bool(request.actor.scopes(CALLING))  # type: ignore[attr-defined]


def _leads(request: HttpRequest) -> bool:
    actor = request.actor  # type: ignore[attr-defined]
    return bool(actor.is_officer and actor.holds(SETTING_UP, actor.agency_path))


def _is_citizen(request: HttpRequest) -> bool:
    return bool(request.actor.kind == "citizen")  # type: ignore[attr-defined]


def register() -> None:
    register_menu(MenuEntry("portal", _("At the counter"), "queue:list", 40))
    register_menu(MenuEntry("account", _("My appointments"), "queue:appointments", 6, shows=_is_citizen))
    desk = "/desk/queue/"
    register_menu(
        MenuEntry(
            "desk", _("Counter"), "queue-desk:counter", 40, group=_("Counter"), shows=_calls, below=(desk,)
        )
    )
    register_menu(
        MenuEntry("desk", _("Appointments"), "queue-desk:appointments", 41, group=_("Counter"), shows=_calls)
    )
    register_menu(
        MenuEntry("desk", _("Set up the queue"), "queue-desk:settings", 42, group=_("Counter"), shows=_leads)
    )
