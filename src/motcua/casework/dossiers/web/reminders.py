"""What a person is reminded of, with the application prepared for them; and what came of the reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from motcua.casework.dossiers.figures import ReminderCount, count_reminders
from motcua.casework.dossiers.models import Draft
from motcua.casework.dossiers.services.reminding import (
    find_subject,
    get_reminder,
    load_reminders,
    take_up,
)
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.rules.definition import in_language
from motcua.registry.access.policies import ActingRequest, citizen_required, role_required
from motcua.registry.catalogue.selectors import find_version, procedures_named

DAYS = 365


@citizen_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminder(request: ActingRequest, reminder_id: UUID) -> HttpResponse:
    """What is due, why, and what is prepared; by POST, the application that was prepared."""
    now = timezone.now()
    if request.method == "POST":
        application = take_up(actor=request.actor, reminder_id=reminder_id, at=now)
        if not isinstance(application, Draft):
            return redirect("dossiers:dossier", application.pk)
        messages.success(
            request,
            _("What the state knows is filled in. Look through it, add what is still needed, and submit it."),
        )
        return redirect("dossiers:resume", application.pk)
    own = get_reminder(request.actor, reminder_id)
    named, code = language(), own.rule.procedure
    context: dict[str, Any] = {
        "reminder": own.reminder,
        "title": in_language(own.rule.title, named),
        "text": in_language(own.rule.text, named),
        "source": own.rule.source.partition(" [M")[0],
        "about": find_subject(own.reminder, named),
        "is_online": bool(code and find_version(code, at=timezone.localdate(now))),
        "procedure": next(iter(procedures_named([code] if code else [])), None),
    }
    return render(request, "dossiers/reminder.html", context)


@role_required("leader")
@never_cache
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    """How many reminders of each rule were given in a year, and what they led to; no person is named."""
    counts = count_reminders(since=timezone.now() - timedelta(days=DAYS))
    rules = load_reminders()
    rows = [
        {
            "title": in_language(rules[code].title, language()) if code in rules else code,
            "count": counts.get(code, ReminderCount(code)),
        }
        for code in dict.fromkeys([*rules, *counts])
    ]
    return render(request, "dossiers/desk_reminders.html", {"rows": rows, "days": DAYS})
