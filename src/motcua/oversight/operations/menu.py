"""What the room adds to the desk's menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.oversight.operations.policies import watched_paths


def register() -> None:
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Operations centre"),
            url_name="operations:desk",
            order=40,
            group=_("Work"),
            below=("/desk/operations/",),
            shows=lambda request: bool(watched_paths(request.actor)),  # type: ignore[attr-defined]
        )
    )
