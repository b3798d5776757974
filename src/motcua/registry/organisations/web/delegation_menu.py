"""What absences and delegations add to the desk's rail."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.organisations.delegation.policies import manages_delegations


def _sees_delegations(request: HttpRequest) -> bool:
    actor = request.actor  # type: ignore[attr-defined]
    return manages_delegations(actor) or bool(actor.delegations)


def _is_officer(request: HttpRequest) -> bool:
    return bool(request.actor.is_officer)  # type: ignore[attr-defined]


def register() -> None:
    entries = (
        (_("Absence"), "delegations:absence", 40, _is_officer),
        (_("Delegations"), "delegations:list", 41, _sees_delegations),
    )
    for label, url_name, order, shows in entries:
        register_menu(
            MenuEntry(
                area="desk", label=label, url_name=url_name, order=order, group=_("Standing in"), shows=shows
            )
        )
