"""What the dossiers room adds to the menus of portal and desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.policies import ANSWERING
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.registry.access.selectors import CASE_RIGHTS


def register() -> None:
    register_menu(MenuEntry(area="portal", label=_("My dossiers"), url_name="dossiers:list", order=20))
    register_menu(
        MenuEntry(
            area="desk",
            label=_("My tasks"),
            url_name="desk:inbox",
            order=10,
            group=_("Work"),
            # The whole desk lies below its own address.
            below=("/desk/dossiers/",),
            # Auditors and operators handle no dossiers.
            shows=lambda request: bool(request.actor.rights & set(CASE_RIGHTS)),  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Opinions asked of us"),
            url_name="desk:asked",
            order=15,
            group=_("Work"),
            shows=lambda request: bool(request.actor.rights & set(ANSWERING)),  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("To sign"),
            url_name="desk:signing",
            order=20,
            group=_("Work"),
            shows=lambda request: "leader" in request.actor.rights,  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Deadlines"),
            url_name="desk:deadlines",
            order=38,
            group=_("Work"),
            below=("/desk/deadlines/",),
            shows=lambda request: "leader" in request.actor.rights,  # type: ignore[attr-defined]
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Move tasks"),
            url_name="desk:reassign",
            order=36,
            group=_("Work"),
            below=("/desk/reassign/",),
            shows=lambda request: bool(request.actor.scopes("leader")),  # type: ignore[attr-defined]
        )
    )
    for label, address, order in (
        (_("Results to return"), "desk:uncollected", 25),
        (_("Hand-over slips"), "desk:hand-over", 30),
        (_("Register"), "desk:register", 35),
    ):
        register_menu(
            MenuEntry(
                area="desk",
                label=label,
                url_name=address,
                order=order,
                group=_("Work"),
                shows=lambda request: bool(request.actor.scopes(*CASE_RIGHTS)),  # type: ignore[attr-defined]
            )
        )
