"""Who is due for a reminder: one indexed query a rule, over facts that are held here already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier, Reminder
from motcua.casework.dossiers.rules.reminders import ReminderRule, births
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.warehouse.models import Document
from motcua.registry.people.models import IdentityPaper, Person

# The answer in which a registration of birth says when the child was born; the index is over it.
BORN = "birth_date"
_NOT_SETTLED = (Status.REFUSED, Status.WITHDRAWN, Status.STOPPED)
_TOLD = {"account__isnull": False, "merged_into": None}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something of a person that is due; the fields as in `Reminder`."""

    person_id: UUID
    about: str
    day: date


def find_due(rule: ReminderRule, *, at: datetime, limit: int) -> list[Occasion]:
    """Whom the rule has to remind and has not yet, at most `limit`; only who can sign in here. One query."""
    return _FINDERS[rule.event](rule, at, limit)


def _given(rule: ReminderRule, person: str, about: Combinable | None, at: datetime) -> Exists:
    first, last = rule.window(timezone.localdate(at))
    same = {"about": about} if about is not None else {}
    return Exists(
        Reminder.objects.filter(person=OuterRef(person), rule=rule.code, day__range=(first, last), **same)
    )


def _settled(rule: ReminderRule, person: str, at: datetime) -> Exists | Q:
    """Who applied for it lately needs no reminder."""
    if not rule.procedure or not rule.settled:
        return Q(pk__in=[])
    since = at - timedelta(days=rule.settled)
    same = Dossier.objects.filter(owner_person=OuterRef(person), submitted_at__gte=since, is_test=False)
    return Exists(same.filter(procedure_code=rule.procedure).exclude(status__in=_NOT_SETTLED))


def _of_age(rule: ReminderRule, at: datetime, limit: int) -> list[Occasion]:
    today = timezone.localdate(at)
    born = Q(pk__in=[])
    for years in rule.years:
        born |= Q(birth_date__range=births(years, *rule.window(today)))
    rows = Person.objects.filter(born, **_TOLD, kind=Person.Kind.CITIZEN)
    rows = rows.exclude(_given(rule, "pk", None, at)).exclude(_settled(rule, "pk", at))
    found = rows.order_by("birth_date", "pk").values_list("pk", "birth_date")[:limit]
    days = ((pk, rule.occasion(birth, today)) for pk, birth in found)
    return [Occasion(pk, "", day) for pk, day in days if day]


def _of_children(rule: ReminderRule, at: datetime, limit: int) -> list[Occasion]:
    """Who registered the birth: what else the state knows of the family is not held here."""
    today = timezone.localdate(at)
    born = Q(pk__in=[])
    for years in rule.years:
        first, last = births(years, *rule.window(today))
        born |= Q(born__range=(first.isoformat(), last.isoformat()))
    # As the index `dossier_born` has it.
    rows = Dossier.objects.annotate(born=KT(f"answers__{BORN}")).filter(
        born, status__in=(Status.FINISHED, Status.RETURNED), answers__has_key=BORN
    )
    rows = rows.filter(
        procedure_code=rule.registered_by, is_test=False, is_declined=False, **_told("owner_person")
    )
    rows = rows.exclude(_given(rule, "owner_person", _as_text("pk"), at))
    rows = rows.exclude(_settled(rule, "owner_person", at))
    found = rows.order_by("born", "pk").values_list("owner_person", "pk", "born")[:limit]
    days = ((person, pk, rule.occasion(date.fromisoformat(birth), today)) for person, pk, birth in found)
    return [Occasion(person, str(pk), day) for person, pk, day in days if person and day]


def _of_papers(rule: ReminderRule, at: datetime, limit: int) -> list[Occasion]:
    window = rule.window(timezone.localdate(at))
    rows = IdentityPaper.objects.filter(kind__in=rule.kinds, expires__range=window, **_told("person"))
    rows = rows.exclude(_given(rule, "person", _as_text("pk"), at)).exclude(_settled(rule, "person", at))
    found = rows.order_by("expires", "pk").values_list("person", "pk", "expires")[:limit]
    return [Occasion(person, str(pk), day) for person, pk, day in found if day]


def _of_documents(rule: ReminderRule, at: datetime, limit: int) -> list[Occasion]:
    """Of persons; not of a document that a later one of its kind follows."""
    window = rule.window(timezone.localdate(at))
    rows = Document.objects.filter(
        kind__in=rule.kinds, valid_to__range=window, ended_as="", is_test=False, delivered_at__isnull=False
    )
    later = Document.objects.filter(
        owner_id=OuterRef("owner_id"), kind=OuterRef("kind"), valid_to__gt=OuterRef("valid_to"), ended_as=""
    )
    rows = rows.filter(Exists(Person.objects.filter(pk=OuterRef("owner_id"), **_TOLD))).exclude(Exists(later))
    rows = rows.exclude(_given(rule, "owner_id", _as_text("pk"), at)).exclude(_settled(rule, "owner_id", at))
    found = rows.order_by("valid_to", "pk").values_list("owner_id", "pk", "valid_to")[:limit]
    return [Occasion(owner, str(pk), day) for owner, pk, day in found if day]


_FINDERS: dict[str, Callable[[ReminderRule, datetime, int], list[Occasion]]] = {
    "age": _of_age,
    "child_age": _of_children,
    "paper": _of_papers,
    "document": _of_documents,
}


def _told(person: str) -> dict[str, object]:
    return {f"{person}__{name}": value for name, value in _TOLD.items()}


def _as_text(name: str) -> Combinable:
    return Cast(OuterRef(name), CharField())
