"""What somebody was asked after a result, what they answered, and the case of who was dissatisfied."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from motcua.foundation.kernel.ids import new_id


class Rating(models.IntegerChoices):
    """Source: Circular 01/2018/TT-VPCP Art. 13."""

    DISSATISFIED = 1
    SATISFIED = 2
    VERY_SATISFIED = 3


class Way(models.TextChoices):
    LINK = "link"
    PORTAL = "portal"
    KIOSK = "kiosk"
    PHONE = "phone"


class Survey(models.Model):
    """The question about one dossier: asked once, answered once. The applicant is known only by the dossier.

    `words` and what is searched of them go when the period of keeping is over; the rating stays for the figures.
    """

    dossier = models.OneToOneField(
        "casework_dossiers.Dossier", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    # Of the agency that decided.
    agency = models.ForeignKey(
        "registry_organisations.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency_path = models.CharField(max_length=300)
    procedure_code = models.CharField(max_length=8)
    returned_at = models.DateTimeField()
    # From when on the applicant is told, when they were, and whether they asked for nothing.
    ask_from = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    is_declined = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True, choices=Rating.choices)
    way = models.CharField(max_length=6, choices=Way.choices, blank=True, default="")
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    words = models.TextField(blank=True, default="")
    # Folded, for the search at the desk.
    search_text = models.TextField(blank=True, default="")
    # The officer who entered it on the telephone.
    entered_by = models.UUIDField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    answered_at=None,
                    rating=None,
                    way="",
                    words="",
                    search_text="",
                    reasons=[],
                    entered_by=None,
                )
                | Q(answered_at__isnull=False, rating__range=(1, 3)) & ~Q(way=""),
                name="survey_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(way="phone", entered_by__isnull=False)
                | ~Q(way="phone") & Q(entered_by__isnull=True),
                name="survey_phone_has_officer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "-answered_at", "dossier"],
                name="survey_answers",
                condition=Q(answered_at__isnull=False),
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            models.Index(
                fields=["ask_from"],
                name="survey_to_ask",
                condition=Q(asked_at=None, answered_at=None, is_declined=False),
            ),
            models.Index(
                fields=["agency_path", "asked_at"],
                name="survey_asked",
                condition=Q(asked_at__isnull=False),
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(
                fields=["answered_at"],
                name="survey_to_erase",
                condition=Q(answered_at__isnull=False, erased_at=None),
            ),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="survey_search"),
        ]

    def __str__(self) -> str:
        return f"survey {self.pk}"


class UnhappyCase(models.Model):
    """A dissatisfied answer that must be replied to in time. `revision` grows with every act."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CLAIMED = "claimed"
        REPLIED = "replied"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="case")
    # Who is to reply: first the agency that decided, then one above.
    agency = models.ForeignKey(
        "registry_organisations.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency_path = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    revision = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_by = models.UUIDField(null=True)
    replied_at = models.DateTimeField(null=True)
    # When a limit first ended without a reply, and which limit the leaders were told of last.
    late_at = models.DateTimeField(null=True)
    warned_due_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # What the person said of our reply; None: nothing.
    has_helped = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(claimed_by__isnull=False), name="unhappy_claimed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["replied", "closed"]) | Q(replied_at__isnull=False),
                name="unhappy_replied",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
                name="unhappy_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "due_at", "id"],
                name="unhappy_open",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
                condition=Q(state__in=["waiting", "claimed"]),
            ),
            models.Index(
                fields=["due_at"], name="unhappy_due", condition=Q(state__in=["waiting", "claimed"])
            ),
            models.Index(fields=["replied_at"], name="unhappy_to_close", condition=Q(state="replied")),
        ]

    def __str__(self) -> str:
        return f"unhappy case {self.id}"

    @property
    def is_open(self) -> bool:
        return self.state in {"waiting", "claimed"}


class CaseStep(models.Model):
    """What was said or done in a case, in words; the person reads replies and their own answer to one."""

    class Kind(models.TextChoices):
        CALL = "call"
        PASSED_ON = "passed_on"
        ESCALATED = "escalated"
        REPLY = "reply"
        REOPENED = "reopened"

    case = models.ForeignKey(UnhappyCase, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    # The officer; None: the person, or the system.
    by = models.UUIDField(null=True)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"
