"""Requests to be called back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from motcua.foundation.kernel.ids import new_id


class CallRequest(models.Model):
    """Somebody asks to be called. `number` is what they are told; it opens the page about the request.

    Name, telephone and words go when the period of keeping is over; what the figures need stays.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        DONE = "done"
        NOT_REACHED = "not_reached"
        CANCELLED = "cancelled"

    class Wish(models.TextChoices):
        ANY = "any"
        MORNING = "morning"
        AFTERNOON = "afternoon"

    # Made with the page that asks: sent twice, it is asked once.
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    # Who was signed in; of a stranger none.
    person_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    about = models.TextField(blank=True)
    wish = models.CharField(max_length=10, choices=Wish.choices)
    # In which the person reads our pages.
    language = models.CharField(max_length=8)
    # The page from which they asked, as a URL's name, and what it was about.
    page = models.CharField(max_length=60, blank=True)
    procedure = models.ForeignKey(
        "registry_catalogue.Procedure", null=True, on_delete=models.PROTECT, related_name="+"
    )
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    claimed_by = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # When somebody first called, reached or not: what the figures count.
    called_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)
    warned_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "claimed"], closed_at__isnull=True)
                | Q(state__in=["done", "not_reached", "cancelled"], closed_at__isnull=False),
                name="call_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_by__isnull=False), name="call_claimed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "not_reached"]) | Q(called_at__isnull=False),
                name="call_called",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "due_at", "id"],
                name="call_open",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["due_at"], name="call_due"),
            models.Index(fields=["phone"], name="call_phone", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["person_id", "-asked_at"], name="call_person", condition=Q(person_id__isnull=False)
            ),
            models.Index(
                fields=["closed_at"],
                name="call_to_erase",
                condition=Q(closed_at__isnull=False, erased_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
