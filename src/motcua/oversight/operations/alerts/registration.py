"""What alerts add to messages, the desk's menu and help."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.foundation.ui.helping import HelpTopic, register_help
from motcua.oversight.operations.alerts import messages
from motcua.oversight.operations.alerts.policies import SEEING

_TOPIC = HelpTopic(
    slug="alerts",
    area="desk",
    title=_("Alerts"),
    steps=(
        _("The watch looks at everything once a minute and raises an alert where a rule holds."),
        _("Acknowledge what you take on: then nobody above you is told."),
        _("An alert ends by itself when its cause has ended. Write a note for who looks next."),
        _("End it by hand, or silence it for a time, only with a reason; both stand in the journal."),
    ),
    pages=("operations:alert",),
)


def _sees(request: HttpRequest) -> bool:
    return bool(request.actor.scopes(*SEEING))  # type: ignore[attr-defined]


def _leads(request: HttpRequest) -> bool:
    return bool(request.actor.scopes("leader"))  # type: ignore[attr-defined]


def register() -> None:
    messages.register_purposes()
    register_help(_TOPIC)
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Alerts"),
            url_name="operations:alerts",
            order=45,
            group=_("Work"),
            shows=_sees,
        )
    )
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Likely late"),
            url_name="operations:likely-late",
            order=46,
            group=_("Work"),
            shows=_leads,
        )
    )
