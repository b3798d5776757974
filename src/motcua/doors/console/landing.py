"""Where auditors and operators begin, and their entries in the desk's rail."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.casework.appointments.contributions import NextStep, register_next_step
from motcua.doors.console.policies import scopes_of_messages
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.contributions import register_landing


def _for(*rights: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.actor.scopes(*rights))  # type: ignore[attr-defined]


def _is_officer(request: HttpRequest) -> bool:
    return bool(request.actor.is_officer)  # type: ignore[attr-defined]


def _sees_messages(request: HttpRequest) -> bool:
    return bool(scopes_of_messages(request.actor))  # type: ignore[attr-defined]


_JOURNAL = (
    (_("Entries"), "console:audit", _for("auditor")),
    (_("Seals"), "console:seals", _for("auditor", "operator")),
    (_("Followers"), "console:following", _for("operator")),
)


_ACCOUNTS = (
    (_("Accounts"), "console:accounts", _for("administrator", "support")),
    (_("Roles"), "console:roles", _for("administrator")),
    (_("Approvals"), "console:approvals", _for("administrator", "support")),
)


def _register_accounts() -> None:
    for order, (label, url_name, shows) in enumerate(_ACCOUNTS):
        register_menu(MenuEntry("desk", label, url_name, 70 + order, _("Accounts and roles"), shows))
    register_menu(MenuEntry("account", _("My account"), "access:account", 90, shows=_is_officer))
    register_landing("administrator", "console:accounts")
    register_landing("support", "console:accounts")


_INSTALLATION = (
    (_("Before going live"), "console:checklist"),
    (_("Settings"), "console:settings"),
    (_("Keys and certificates"), "console:certificates"),
)


def _administers(request: HttpRequest) -> bool:
    return bool(request.actor.holds("administrator", "/"))  # type: ignore[attr-defined]


def register() -> None:
    _register_accounts()
    register_next_step(NextStep(_("Take in a dossier"), "console:intake", _for("reception")))
    for order, (label, url_name, shows) in enumerate(_JOURNAL):
        register_menu(
            MenuEntry(
                area="desk", label=label, url_name=url_name, order=80 + order, group=_("Journal"), shows=shows
            )
        )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Messages sent"),
            url_name="console:messages",
            order=51,
            group=_("Looking after"),
            shows=_sees_messages,
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("People"),
            url_name="console:people",
            order=30,
            group=_("Work"),
            shows=_for("reception", "data_protection"),
        )
    )
    for order, (label, url_name) in enumerate(_INSTALLATION):
        register_menu(
            MenuEntry(
                area="desk",
                label=label,
                url_name=url_name,
                order=90 + order,
                group=_("Installation"),
                shows=_administers,
            )
        )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Other systems"),
            url_name="console:clients",
            order=63,
            group=_("Administration"),
            shows=_for("administrator"),
        )
    )
    register_landing("auditor", "console:audit")
    register_landing("operator", "console:following")
