"""What the room adds to menus and help."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from motcua.community.helpdesk.policies import SEEING_RIGHTS
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.foundation.ui.helping import HelpTopic, register_help

_TOPICS = (
    HelpTopic(
        slug="call-back",
        area="portal",
        title=_("Be called, or show your screen"),
        steps=(
            _("Press “Ask us to call you” at the foot of any page. You need not be signed in."),
            _("Enter your name and telephone. We know from which page you ask."),
            _(
                "You get a number and the moment by which the counter calls. With the number you can call it off."
            ),
            _(
                "On the telephone you can show your screen: press “Show my screen to a helper” and read out the code."
            ),
        ),
        pages=("helpdesk:",),
        notes=(
            _("An officer who sees your screen cannot type anything, and sees no personal number whole."),
            _("We never ask for a password or a one-time code on the telephone."),
        ),
    ),
    HelpTopic(
        slug="help-calls",
        area="desk",
        title=_("Call people back"),
        steps=(
            _("Take a request on. Name and telephone stand on its page; that you opened it is journalled."),
            _(
                "Call, then write what was said. If nobody answers, note that; the request waits for the next try."
            ),
            _("If another agency can answer better, pass the request on and say why."),
            _("If the person shows you their screen, enter the code they read out."),
        ),
        pages=("help-calls:", "desk:showing"),
    ),
)


def _sees(request: HttpRequest) -> bool:
    return bool(request.actor.scopes(*SEEING_RIGHTS))  # type: ignore[attr-defined]


def register() -> None:
    register_help(*_TOPICS)
    register_menu(MenuEntry(area="footer", label=_("Ask us to call you"), url_name="helpdesk:ask", order=5))
    register_menu(
        MenuEntry(
            area="desk",
            label=_("Calls to make"),
            url_name="help-calls:list",
            order=27,
            group=_("Work"),
            shows=_sees,
        )
    )
