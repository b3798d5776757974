"""Where auditors and operators begin, and their entries in the desk's rail."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.doors.console.policies import scopes_of_messages
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.contributions import register_landing


def _for(*roles: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.actor.scopes(*roles))  # type: ignore[attr-defined]


def _sees_messages(request: HttpRequest) -> bool:
    return bool(scopes_of_messages(request.actor))  # type: ignore[attr-defined]


_JOURNAL = (
    (_("Entries"), "console:audit", _for("auditor")),
    (_("Seals"), "console:seals", _for("auditor", "operator")),
    (_("Followers"), "console:following", _for("operator")),
)


def register() -> None:
    for order, (label, url_name, shows) in enumerate(_JOURNAL):
        register_menu(
            MenuEntry(
                area="desk", label=label, url_name=url_name, order=50 + order, group=_("Journal"), shows=shows
            )
        )
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
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Other systems"),
            url_name="console:clients",
            order=80,
            group=_("Administration"),
            shows=_for("administrator"),
        )
    )
    register_landing("auditor", "console:audit")
    register_landing("operator", "console:following")
