"""What this part adds to the desk's rail."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.catalogue.policies import RIGHT

_ENTRIES = ((_("Who offers what"), "offers:agencies"), (_("Decisions on publication"), "offers:decisions"))


def _keeps(request: HttpRequest) -> bool:
    return bool(request.actor.scopes(RIGHT))  # type: ignore[attr-defined]


def register() -> None:
    for order, (label, url_name) in enumerate(_ENTRIES):
        register_menu(MenuEntry("desk", label, url_name, 67 + order, group=_("Catalogue"), shows=_keeps))
