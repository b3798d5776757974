"""What this room adds to the desk's rail."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu

_ENTRIES = (
    (_("Organisations"), "organisations:list"),
    (_("Officers"), "organisations:officers"),
    (_("Load a file"), "organisations:import"),
)


def _administers(request: HttpRequest) -> bool:
    return bool(request.actor.scopes("administrator"))  # type: ignore[attr-defined]


def register() -> None:
    for order, (label, url_name) in enumerate(_ENTRIES):
        register_menu(
            MenuEntry(
                area="desk",
                label=label,
                url_name=url_name,
                order=60 + order,
                group=_("Administration"),
                shows=_administers,
            )
        )
