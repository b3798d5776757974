"""What the wall and the working page add to the desk's menu and help."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.foundation.ui.helping import HelpTopic, register_help
from motcua.oversight.operations.policies import watched_paths

_TOPIC = HelpTopic(
    slug="operations-centre",
    area="desk",
    title=_("Operations centre"),
    steps=(
        _("Alerts stand first, the worst of them in front. Each leads to what is behind it."),
        _("Arrivals of today stand beside a usual day: the same weekday of the last twelve weeks."),
        _(
            "A tile is an agency: under way on the left, late on the right. It leads to the agency's own page."
        ),
        _("Choose a day to see how it went, by quarters of an hour."),
    ),
    pages=("operations:desk",),
)


def register() -> None:
    register_help(_TOPIC)
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
