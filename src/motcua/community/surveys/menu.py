"""What the room adds to menus, help and the dossier's page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.contributions import OwnPanel, register_panel
from motcua.casework.dossiers.models import Dossier
from motcua.community.surveys.law import law
from motcua.community.surveys.policies import ENTERING_RIGHTS, led_by
from motcua.community.surveys.selectors import find_survey
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.ui.contributions import MenuEntry, register_menu
from motcua.foundation.ui.helping import HelpTopic, register_help

_TOPICS = (
    HelpTopic(
        slug="satisfaction",
        area="portal",
        title=_("Say how satisfied you were"),
        steps=(
            _("After each result we ask one question. Follow the link in the message, or open the dossier."),
            _("Choose one of the three answers. Reasons and your own words are up to you."),
            _("Each result is answered once. The answer cannot be changed after you have sent it."),
            _(
                "If you were dissatisfied, somebody else than who handled your dossier replies to you in time."
            ),
        ),
        pages=("satisfaction:",),
        notes=(_("What is published never names you. You can say that you do not want to be asked."),),
    ),
    HelpTopic(
        slug="satisfaction-cases",
        area="desk",
        title=_("Reply to who was dissatisfied"),
        steps=(
            _("Take the case on. Who had a hand in the dossier cannot; signing alone does not count."),
            _("Call if that helps, and note what was said."),
            _("Reply in words. The person reads them on the portal and by their link."),
            _("What is not replied to in time goes to the agency above, and the leaders are told."),
        ),
        pages=("desk-satisfaction:",),
    ),
)


def _leads(request: HttpRequest) -> bool:
    return bool(led_by(request.actor))  # type: ignore[attr-defined]


def _enters(request: HttpRequest) -> bool:
    return bool(request.actor.is_officer and request.actor.scopes(*ENTERING_RIGHTS))  # type: ignore[attr-defined]


def panel(actor: Actor, dossier: Dossier) -> dict[str, object] | None:
    """On the page of the applicant's own dossier, once its result was returned."""
    if not dossier.returned_at or dossier.is_test or not actor.may("receive"):
        return None
    survey = find_survey(dossier.pk)
    is_answered = bool(survey and survey.answered_at)
    if not is_answered and not law().is_open(dossier.returned_at, timezone.now()):
        return None
    case = getattr(survey, "case", None)
    return {"dossier": dossier, "is_answered": is_answered, "case": case}


def register() -> None:
    register_help(*_TOPICS)
    register_panel(OwnPanel("satisfaction", "surveys/_panel.html", panel))
    group = _("Work")
    for entry in (
        MenuEntry("desk", _("Dissatisfied people"), "desk-satisfaction:cases", 28, group=group, shows=_leads),
        MenuEntry("desk", _("Satisfaction"), "desk-satisfaction:answers", 29, group=group, shows=_leads),
        MenuEntry(
            "desk", _("Answer by telephone"), "desk-satisfaction:phone", 29, group=group, shows=_enters
        ),
    ):
        register_menu(entry)
