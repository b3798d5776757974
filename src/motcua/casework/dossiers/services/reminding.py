"""Proactive service: people are told what of theirs is due, and the application is prepared for them.

Nothing is filed without them: what is prepared is a draft, which they check and submit, or throw away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.forms import claims_of, file_fields, form_of, heading
from motcua.casework.dossiers.models import Dossier, Draft, Reminder
from motcua.casework.dossiers.policies import own_reminders
from motcua.casework.dossiers.rules.reminders import ReminderRule, parse_reminders
from motcua.casework.dossiers.services.drafts import save_answers, start_draft
from motcua.casework.dossiers.services.due_reminders import Occasion, find_due
from motcua.casework.dossiers.services.reusing import list_reusable, use_again
from motcua.casework.forms.rules.answers import (
    carried_over,
    claimed,
    known_answers,
    suggestion,
    visible_answers,
    with_known,
)
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.catalogue.selectors import find_version
from motcua.registry.people.selectors import get_contact, refused_channels

PURPOSE = Purpose(
    "reminder",
    _("Something of yours is due"),
    Group("reminders", _("Reminders of what falls due for me")),
)
# Of each rule in one run; the next takes the rest.
BATCH = 5000


def register_purposes() -> None:
    register_purpose(PURPOSE)


@lru_cache(maxsize=1)
def load_reminders() -> dict[str, ReminderRule]:
    """The pack's rules by code, in the file's order. Raises BadReminder."""
    path = settings.PACKS / "vn" / "reminders.yaml"
    found = parse_reminders(yaml.safe_load(path.read_text(encoding="utf-8")))
    return {rule.code: rule for rule in found}


def remind(*, at: datetime, limit: int = BATCH) -> int:
    """Tell everybody who is due and was not told yet, `limit` of each rule at most; how many.

    Each in its own transaction: who was told before a crash is not told again.
    """
    return sum(
        _give(rule, occasion, at=at)
        for rule in load_reminders().values()
        for occasion in find_due(rule, at=at, limit=limit)
    )


@transaction.atomic
def _give(rule: ReminderRule, occasion: Occasion, *, at: datetime) -> bool:
    """Tell one; False when it was done meanwhile."""
    reminder, is_new = Reminder.objects.get_or_create(
        person_id=occasion.person_id,
        rule=rule.code,
        about=occasion.about,
        day=occasion.day,
        defaults={"given_at": at},
    )
    if not is_new:
        return False
    contact, refused = get_contact(occasion.person_id), refused_channels(occasion.person_id)
    notify(
        recipient=Recipient(
            occasion.person_id,
            email="" if "email" in refused else contact.email,
            phone="" if "sms" in refused else contact.telephone,
        ),
        notice=Notice(
            purpose=PURPOSE.code,
            source_key=f"reminder:{reminder.pk}",
            context={
                "name": contact.full_name,
                "title": rule.title,
                "text": rule.text,
                "day": occasion.day,
                "is_prepared": bool(rule.procedure),
            },
            link=reverse("dossiers:reminder", args=[reminder.pk]),
            reference=reminder.reference,
            concerns=("reminder", reminder.pk),
            expires_at=_end(rule, occasion),
        ),
        at=at,
    )
    _note(SYSTEM, "reminder.given", reminder, {}, at)
    return True


def _end(rule: ReminderRule, occasion: Occasion) -> datetime:
    """From then on no e-mail or SMS is sent any more."""
    return timezone.make_aware(datetime.combine(occasion.day + timedelta(days=rule.still + 1), time()))


def _note(actor: Actor, kind: str, reminder: Reminder, facts: dict[str, Any], at: datetime) -> None:
    """No day in the facts: with an age it would say when somebody was born."""
    rule = load_reminders().get(reminder.rule)
    said = {"rule": reminder.rule, "procedure": rule.procedure if rule else "", **facts}
    happening = Happening(kind, "reminder", reminder.pk, concerns_id=reminder.person_id, facts=said)
    record(actor=actor, happening=happening, at=at)


@dataclass(frozen=True, slots=True)
class Own:
    """A reminder of the person's, with its rule."""

    reminder: Reminder
    rule: ReminderRule


def list_open(actor: Actor, *, at: datetime) -> list[Own]:
    """The person's reminders that are not over and that nothing was begun for, the nearest day first; at most 10.

    One query, none for others than citizens in their own name.
    """
    if actor.kind != "citizen" or actor.behalf:
        return []
    rules = load_reminders()
    longest = max((rule.still for rule in rules.values()), default=0)
    since = timezone.localdate(at) - timedelta(days=longest)
    rows = Reminder.objects.filter(own_reminders(actor), taken_up_at=None, day__gte=since, rule__in=rules)
    found = (Own(it, rules[it.rule]) for it in rows.order_by("day", "pk")[:10])
    return [it for it in found if it.reminder.day >= it.rule.window(timezone.localdate(at))[0]]


def get_reminder(actor: Actor, reminder_id: UUID) -> Own:
    """One of the person's own. Raises NotFound, also when its rule is gone."""
    reminder = Reminder.objects.filter(own_reminders(actor), pk=reminder_id).first()
    rule = load_reminders().get(reminder.rule) if reminder else None
    if not reminder or not rule:
        raise NotFound
    return Own(reminder, rule)


@transaction.atomic
def take_up(*, actor: Actor, reminder_id: UUID, at: datetime) -> Draft | Dossier:
    """The application that was prepared for a reminder: a draft with what is known here, or the dossier it became.

    A second time gives the same. Thrown away, it is prepared anew. Raises NotFound, also where the procedure cannot be
    begun online, and NotInThisName.
    """
    rows = Reminder.objects.select_for_update().filter(own_reminders(actor), pk=reminder_id)
    reminder, rules = rows.first(), load_reminders()
    if not reminder or reminder.rule not in rules:
        raise NotFound
    if before := _begun(reminder):
        return before
    version = find_version(rules[reminder.rule].procedure, at=timezone.localdate(at))
    if not version:
        raise NotFound
    draft = start_draft(actor=actor, version=version, at=at)
    draft = save_answers(actor=actor, draft_id=draft.id, answers=_known(draft, _earlier(reminder)), at=at)
    _add_documents(actor, draft, at)
    reminder.application, reminder.taken_up_at = draft.id, at
    reminder.save(update_fields=["application", "taken_up_at"])
    _note(actor, "reminder.taken_up", reminder, {"dossier": str(draft.id)}, at)
    return draft


def _begun(reminder: Reminder) -> Draft | Dossier | None:
    named = {"pk": reminder.application, "applicant": reminder.person_id}
    if not reminder.application:
        return None
    return Draft.objects.filter(**named).first() or Dossier.objects.filter(**named).first()


def _earlier(reminder: Reminder) -> Dossier | None:
    """The person's own dossier that the occasion comes from, where there is one."""
    if not reminder.about or "-" not in reminder.about:
        return None
    own = Dossier.objects.filter(owner_person=reminder.person_id, applicant=reminder.person_id)
    subject = Document.objects.filter(pk=reminder.about, owner_id=reminder.person_id).values("subject")
    found = own.filter(pk=reminder.about) | own.filter(pk__in=subject)
    return found.select_related("version").first()


def _known(draft: Draft, earlier: Dossier | None) -> dict[str, Any]:
    """Answers that the state has: from the eID, and of an earlier dossier of this procedure. Papers are no answers."""
    form, claims = form_of(draft.version), claims_of(draft)
    answers: dict[str, Any] = {}
    if earlier and earlier.procedure_code == draft.version.procedure_id:
        before = form_of(earlier.version)
        kept = {name: it for name, it in earlier.answers.items() if name not in file_fields(before)}
        answers = carried_over(before, form, kept)
    for item in form.fields.values():
        if value := claimed(item, claims) if item.fields else suggestion(item, answers, claims):
            answers.setdefault(item.name, value)
    answers = visible_answers(form, answers)
    return with_known(answers, known_answers(form, answers, claims))


def _add_documents(actor: Actor, draft: Draft, at: datetime) -> None:
    """The latest document of the warehouse for each question that one answers."""
    offered = list_reusable(actor, draft, list(file_fields(form_of(draft.version))), at=at)
    for component, found in offered.items():
        document = next((it for it in found if it.document), None)
        if document:
            use_again(actor=actor, draft_id=draft.id, component=component, source=document.source, at=at)


def forget_reminders(*, before: datetime) -> int:
    """Erase reminders whose day lies before, unless a legal hold lies on reminder or person; the journal's entries
    stay. Gives how many."""
    with transaction.atomic():
        rows = Reminder.objects.select_for_update(skip_locked=True).filter(day__lt=timezone.localdate(before))
        held_by = {it.pk: {it.pk, it.person_id} for it in rows.only("pk", "person_id")[:BATCH]}
        kept = locked_holds([key for keys in held_by.values() for key in keys])
        gone = [pk for pk, keys in held_by.items() if not kept & keys]
        Reminder.objects.filter(pk__in=gone).delete()
    return len(gone)


def find_subject(reminder: Reminder, language: str) -> str:
    """What the occasion comes from: "Đăng ký khai sinh cho Trần Minh Khôi", a document's name and number; "" else."""
    if not reminder.about or "-" not in reminder.about:
        return ""
    document = Document.objects.filter(pk=reminder.about, owner_id=reminder.person_id).first()
    if document:
        return f"{document.name} {document.number}"
    own = Dossier.objects.filter(pk=reminder.about, owner_person=reminder.person_id)
    dossier = own.select_related("version").first()
    return heading(dossier, language) if dossier else ""
