"""What the evaluation keeps: of each dossier and of each officer's part in it, and the figures that were published."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from motcua.foundation.kernel.ids import new_id
from motcua.oversight.indicators.rules.scoring import CODES, HIGHEST


def column(code: str) -> str:
    """The column of an index."""
    return f"{code}_points"


def _points() -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(null=True)


class Scored(models.Model):
    """Points by index, null where there is no data, and before the dossier is finished."""

    finished_at = models.DateTimeField(null=True)
    # How the whole dossier was finished: early, on_time, late; empty before, and where no limit ran.
    finished_class = models.CharField(max_length=10, blank=True, default="")
    time_points = _points()
    units_points = _points()
    contacts_points = _points()
    agencies_points = _points()
    one_stop_points = _points()
    publicity_points = _points()
    attitude_points = _points()
    feedback_points = _points()
    online_points = _points()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        models.Q(**{column(code): None}) | models.Q(**{f"{column(code)}__lte": HIGHEST})
                        for code in CODES
                    )
                ),
                name="%(class)s_points",
            ),
        ]


class Measured(Scored):
    """A dossier as the journal tells it (`rules.following.Facts`), so without a foreign key. Tests have no row."""

    dossier_id = models.UUIDField(primary_key=True)
    # The agency that decides, as it is called in paths.
    agency_path = models.CharField(max_length=300)
    procedure = models.CharField(max_length=8)
    channel = models.PositiveSmallIntegerField()
    status = models.PositiveSmallIntegerField()
    accepted_at = models.DateTimeField(null=True)
    basis_at = models.DateTimeField(null=True)
    is_extended = models.BooleanField(default=False)
    is_basis_elsewhere = models.BooleanField(default=False)
    has_receipt = models.BooleanField(default=False)
    rounds = models.PositiveSmallIntegerField(default=0)
    agencies = ArrayField(models.CharField(max_length=300), default=list)
    steps = models.JSONField(default=list)
    # When it came in, by whatever way; how far the procedure was offered online there then: "", partial, full,
    # proactive.
    submitted_at = models.DateTimeField(null=True)
    level = models.CharField(max_length=9, blank=True, default="")
    # Handed in; without a file; one that the State had already; one on paper.
    papers = models.PositiveSmallIntegerField(default=0)
    unscanned = models.PositiveSmallIntegerField(default=0)
    is_reused = models.BooleanField(default=False)
    is_on_paper = models.BooleanField(default=False)
    is_to_pay = models.BooleanField(default=False)
    has_result = models.BooleanField(default=True)
    is_signed = models.BooleanField(default=False)
    is_fetched = models.BooleanField(default=False)
    # Refused, withdrawn or stopped.
    ended_at = models.DateTimeField(null=True)
    is_suspended = models.BooleanField(default=False)
    worked_minutes = models.PositiveIntegerField(null=True)
    # 1 dissatisfied, 2 satisfied, 3 very satisfied; 0: not answered.
    rating = models.PositiveSmallIntegerField(default=0)
    rated_at = models.DateTimeField(null=True)
    known_on = models.DateField(null=True)
    moved_on = models.DateField(null=True)
    # Of the last entry that said something of it.
    position = models.BigIntegerField()

    class Meta(Scored.Meta):
        indexes = [
            # An agency's figures of a period, and those of all below it; the points stand beside, so that a sum reads
            # the index alone.
            models.Index(
                fields=["agency_path", "-finished_at", "-dossier_id"],
                name="measured_finished",
                condition=models.Q(finished_at__isnull=False),
                include=["finished_class", *map(column, CODES)],
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            models.Index(fields=["position"], name="measured_position"),
            # Lists behind a figure, what came in last first: of many agencies, and of one; of what stands open.
            models.Index(fields=["-submitted_at", "-dossier_id"], name="measured_came"),
            models.Index(
                fields=["agency_path", "-submitted_at", "-dossier_id"],
                name="measured_came_at",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            models.Index(
                fields=["agency_path", "basis_at", "dossier_id"],
                name="measured_open",
                condition=models.Q(finished_at=None, ended_at=None),
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"measures of {self.dossier_id}"


class Part(Scored):
    """A unit's or an officer's part in a finished dossier: one of the two is named. Its id follows from both."""

    id = models.UUIDField(primary_key=True, editable=False)
    measured = models.ForeignKey(Measured, on_delete=models.CASCADE, related_name="parts")
    officer_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    # Where the officer acted, where the unit belongs.
    agency_path = models.CharField(max_length=300)

    class Meta(Scored.Meta):
        constraints = [
            *Scored.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(officer_id=None, unit_id__isnull=False)
                | models.Q(officer_id__isnull=False, unit_id=None),
                name="part_of_officer_or_unit",
            ),
            models.CheckConstraint(condition=models.Q(finished_at__isnull=False), name="part_is_finished"),
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "-finished_at", "-measured"],
                name="part_agency",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            models.Index(
                fields=["officer_id", "-finished_at", "-measured"],
                name="part_officer",
                condition=models.Q(officer_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"part in {self.measured_id}"


class Frozen(models.Model):
    """The figures of an agency and a period as they were published: they stay, whatever is corrected later.

    `figures`: {"rules", "agency", "units", "officers"}, see `services.figures_of`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency_path = models.CharField(max_length=300)
    agency_name = models.CharField(max_length=200)
    period = models.CharField(max_length=7)
    figures = models.JSONField()
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_path", "period"], name="frozen_once")]

    def __str__(self) -> str:
        return f"{self.period} of {self.agency_path}"
