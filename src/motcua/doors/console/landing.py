"""Where auditors and operators begin, and their entries in the desk's rail."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.contributions import register_landing


def _for(*roles: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.actor.scopes(*roles))  # type: ignore[attr-defined]


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
    register_landing("auditor", "console:audit")
    register_landing("operator", "console:following")
