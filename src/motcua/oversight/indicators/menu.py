"""What the room adds to the desk's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.oversight.indicators.policies import EVALUATED, evaluated_paths


def register() -> None:
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Figures"),
            url_name="figures:overview",
            order=40,
            group=_("Work"),
            shows=lambda request: bool(evaluated_paths(request.actor)),  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Evaluation"),
            url_name="indicators:evaluation",
            order=41,
            group=_("Work"),
            below=("/desk/evaluation/",),
            shows=lambda request: bool(evaluated_paths(request.actor)),  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("My evaluation"),
            url_name="indicators:mine",
            order=42,
            group=_("Work"),
            shows=lambda request: (
                bool(request.actor.scopes(*EVALUATED))  # type: ignore[attr-defined]
                and not evaluated_paths(request.actor)  # type: ignore[attr-defined]
            ),
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Essential services"),
            url_name="essential:desk-board",
            order=43,
            group=_("Work"),
        )
    )
    register_menu(MenuEntry(area="footer", label=_("Figures"), url_name="public-figures:index", order=39))
    register_menu(
        MenuEntry(area="footer", label=_("Essential services"), url_name="essential:board", order=40)
    )
