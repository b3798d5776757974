"""Until when an applicant may bring what is missing, when they are told so again, and until when they may pay."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.law import load_law, supplement_rule
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due_moment
from motcua.registry.organisations.selectors import calendar_of


def supplement_terms(dossier: Dossier, *, at: datetime) -> dict[str, datetime]:
    """`due_at` and `warn_at` of a request made now. Source: vietnam.md 1.3 T6; the procedure's own limit first."""
    return terms_by(dossier, calendar_of(dossier.agency, on=timezone.localdate(at)), at=at)


def terms_by(dossier: Dossier, calendar: Calendar, *, at: datetime) -> dict[str, datetime]:
    """`supplement_terms` by a calendar that is known."""
    rule = supplement_rule(load_law(settings.PACKS / "vn"), procedure_of(dossier))
    return {
        "due_at": due_moment(at, rule.limit, calendar),
        "warn_at": due_moment(at, rule.warn_after, calendar),
    }


def payment_due(dossier: Dossier, *, at: datetime) -> datetime:
    """Until when what is asked for now is to be paid. Source: `payment` of the pack's dossier_law.yaml [M]."""
    calendar = calendar_of(dossier.agency, on=timezone.localdate(at))
    return due_moment(at, load_law(settings.PACKS / "vn").payment, calendar)
