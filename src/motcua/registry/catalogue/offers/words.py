"""Offers in words, for pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.ui.formats import format_money
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.catalogue.models import DecidedProcedure, Offer
from motcua.registry.catalogue.words import limit_words

LEVELS = {
    Offer.Level.FULL: gettext_lazy("In full online"),
    Offer.Level.PARTIAL: gettext_lazy("In part online"),
    Offer.Level.PROACTIVE: gettext_lazy("Proactive"),
}
REASONS = {
    Offer.Reason.PRESENCE: gettext_lazy("You have to be present yourself."),
    Offer.Reason.FIELD: gettext_lazy("Somebody has to look at the place."),
    Offer.Reason.TECHNICAL: gettext_lazy("It is not possible technically yet."),
}
PROACTIVE = {
    1: gettext_lazy("The agency reminds you."),
    2: gettext_lazy("The agency reminds you and prepares the application."),
    3: gettext_lazy("The agency reminds you, prepares the application and says what suits you."),
    4: gettext_lazy("The agency does it by itself."),
}
COUNTERS = {
    "own": gettext_lazy("Only at the agency’s own counter"),
    "province": gettext_lazy("At every counter of the province"),
    "country": gettext_lazy("At every counter of the country"),
}
SCOPES = {
    Offer.Scope.OWN: gettext_lazy("By this agency"),
    Offer.Scope.COMMUNES: gettext_lazy("By all communes below it"),
}
KINDS = {
    DecidedProcedure.Kind.ADDS: gettext_lazy("New"),
    DecidedProcedure.Kind.CHANGES: gettext_lazy("Changed"),
    DecidedProcedure.Kind.ABOLISHES: gettext_lazy("Abolished"),
}


def level_words(offer: Offer) -> str:
    """How far it can be done online, and why not further."""
    said = {
        Offer.Level.PARTIAL: str(REASONS.get(Offer.Reason(offer.reason), "")) if offer.reason else "",
        Offer.Level.PROACTIVE: str(PROACTIVE.get(offer.proactive, "")),
    }.get(Offer.Level(offer.level), "")
    return ". ".join(filter(None, [str(LEVELS[Offer.Level(offer.level)]), said]))


def offer_rows(offer: Offer) -> list[dict[str, Any]]:
    """An offer for components/fact_list."""
    rows = [
        (_("How"), level_words(offer), offer.reason_words),
        (_("Time limit there"), limit_words(offer.limit), decided_by(offer) if offer.limit else ""),
        *((_("Fee there"), *fee_words(row)) for row in offer.fees),
        (_("Where it is taken in"), str(COUNTERS.get(offer.counters, "")), ""),
        (_("Contact"), offer.contact, ""),
        (_("Until"), viet_date(offer.valid_to) if offer.valid_to else "", ""),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in rows if value]


def decided_by(offer: Offer) -> str:
    return _("Decision %(number)s") % {"number": offer.decision} if offer.decision else ""


def fee_words(row: Mapping[str, Any]) -> tuple[str, str]:
    """An amount, and under what it holds."""
    channel = {"online": _("Online"), "counter": _("At the counter"), "post": _("By post")}.get(
        row["channel"], ""
    )
    former = _("Former territory %(code)s") % {"code": row["territory"]} if row.get("territory") else ""
    until = _("before %(day)s") % {"day": row["until"]} if row.get("until") else ""
    by = _("Decision %(number)s") % {"number": row["decision"]} if row.get("decision") else ""
    note = " · ".join(filter(None, [channel, former, until, by]))
    return format_money(row["amount_vnd"], (get_language() or "vi").split("-")[0]), note
