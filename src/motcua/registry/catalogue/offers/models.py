from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.models import Days, ends_after_it_begins


class Offer(models.Model):
    """That an agency offers a procedure, how far online, and what differs there from what is published for all.

    `scope`: by itself, or by all communes below it in one row. Without any row, of whatever day, agencies offer what is
    published as it is. `agency_path` is the agency's, which keeps it under another name.
    Source: Decree 42/2022/NĐ-CP art. 10 (full, partial); Decree 224/2026/NĐ-CP from 1 July 2026 (reason, proactive)
    [?].
    """

    class Scope(models.TextChoices):
        OWN = "own"
        COMMUNES = "communes"

    class Level(models.TextChoices):
        FULL = "full"
        PARTIAL = "partial"
        PROACTIVE = "proactive"

    class Reason(models.TextChoices):
        PRESENCE = "presence"
        FIELD = "field"
        TECHNICAL = "technical"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(
        "registry_catalogue.Procedure", on_delete=models.PROTECT, related_name="offers"
    )
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300)
    scope = models.CharField(max_length=8, choices=Scope)
    level = models.CharField(max_length=9, choices=Level)
    # Of a partial one, and in the agency's own words what has to be done in person.
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    reason_words = models.CharField(max_length=500, blank=True)
    # 1 remind, 2 also prepare the dossier, 3 also recommend, 4 fully automatic; 0: not proactive.
    proactive = models.PositiveSmallIntegerField(default=0)
    # As worktime writes it; empty: the published one.
    limit = models.CharField(max_length=8, blank=True)
    # [{"amount_vnd", "channel", "territory", "until", "decision"}], see rules.offers.
    fees = models.JSONField(default=list)
    # Where it is taken in: as `any_counter` of a procedure; empty: as the procedure says.
    counters = models.CharField(
        max_length=8, blank=True, choices=[(it, it) for it in ("own", "province", "country")]
    )
    contact = models.CharField(max_length=300, blank=True)
    # The decision behind what differs.
    decision = models.CharField(max_length=100, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # Grows with every change: a page made before is told so.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_offer_at_a_time",
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    ("agency_path", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            ends_after_it_begins("offer_period"),
            models.CheckConstraint(
                condition=models.Q(level="partial") & ~models.Q(reason="")
                | ~models.Q(level="partial") & models.Q(reason=""),
                name="partial_offer_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(level="proactive", proactive__range=(1, 4))
                | ~models.Q(level="proactive") & models.Q(proactive=0),
                name="proactive_offer_has_its_level",
            ),
            models.CheckConstraint(
                condition=models.Q(limit="") & models.Q(fees=[]) | ~models.Q(decision=""),
                name="what_differs_was_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["agency_path", "procedure"], name="offer_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_path} {self.procedure_id} {self.level}"


class PublicationDecision(models.Model):
    """A decision by which procedures become known: which it adds, changes and abolishes, and until when an agency here
    has to make that public.

    Source: Decree 63/2010/NĐ-CP art. 15 (decision on publication); Decision 766/QĐ-TTg, I.1 and I.2 (vietnam.md 4).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField()
    # Until when it has to be public here, and since when it is.
    due_on = models.DateField()
    published_on = models.DateField(null=True)
    entered_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_path", "number", "issued_on"], name="decision_entered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("issued_on")), name="decision_due_later"
            ),
            models.CheckConstraint(
                condition=models.Q(published_on=None) | models.Q(published_on__gte=models.F("issued_on")),
                name="decision_published_later",
            ),
        ]
        indexes = [models.Index(fields=["agency_path", "due_on"], name="decision_due")]

    def __str__(self) -> str:
        return self.number


class DecidedProcedure(models.Model):
    """What a decision does to a procedure; the code may be of one that is not in the catalogue yet."""

    class Kind(models.TextChoices):
        ADDS = "adds"
        CHANGES = "changes"
        ABOLISHES = "abolishes"

    decision = models.ForeignKey(PublicationDecision, on_delete=models.CASCADE, related_name="procedures")
    code = models.CharField(max_length=8)
    kind = models.CharField(max_length=9, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "code"], name="decided_once"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d\.\d{6}$"), name="decided_code"),
        ]
        indexes = [models.Index(fields=["code"], name="decided_procedure")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.kind} {self.code}"
