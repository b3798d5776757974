from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from motcua.foundation.kernel.ids import new_id
from motcua.registry.places.models import TWO_LEVELS_SINCE


class Days(models.Func):
    """The days of a row as a half-open range."""

    function = "daterange"
    output_field = DateRangeField()


def once_at_a_time(name: str, *fields: str) -> ExclusionConstraint:
    """No two rows with the same values have a day in common."""
    days = (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS)
    return ExclusionConstraint(
        name=name, expressions=[*((field, RangeOperators.EQUAL) for field in fields), days]
    )


def ends_after_it_begins(name: str) -> models.CheckConstraint:
    condition = models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from"))
    return models.CheckConstraint(condition=condition, name=name)


def valid_on(day: date, prefix: str = "") -> models.Q:
    """Rows that are valid on a day: `valid_from <= day < valid_to`. `prefix` leads to them ("holdings__")."""
    begun = models.Q(**{f"{prefix}valid_from__lte": day})
    return begun & (models.Q(**{f"{prefix}valid_to": None}) | models.Q(**{f"{prefix}valid_to__gt": day}))


class Agency(models.Model):
    """A state agency while its name and code stayed the same. Rows of the past are kept.

    Its path (`/H44/H44.25/`) holds its superiors, so that "and below" is a prefix. A renamed agency is a new row
    under the path of the old one: rights, dossiers and agencies below stay where they are. `first` is the row it
    was entered as, None for that row itself; running numbers belong to it.
    Source of the code's form: Decision 20/2020/QĐ-TTg.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=300)
    first = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    level = models.CharField(
        max_length=10,
        choices=[(it, it) for it in ("ministry", "province", "department", "district", "commune")],
    )
    # Five digits of the General Statistics Office, with leading zeros; empty for a department.
    place_code = models.CharField(max_length=5, blank=True)
    place_name = models.CharField(max_length=100, blank=True)
    sort_key = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # The picture of its seal as signatures show it, the seal's real width, and which key signs for the agency.
    # All or none: without them its papers carry the leader's signature alone.
    seal_image = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    seal_mm = models.PositiveSmallIntegerField(null=True)
    seal_key = models.CharField(max_length=64, blank=True)
    # Grows with every act on the agency, its units, posts and officers; a form that shows an older one is told so.
    revision = models.PositiveIntegerField(default=1)
    # Changes whenever a working calendar of the agency or of one above it does: what was kept under it is stale.
    calendar_stamp = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            once_at_a_time("one_agency_per_code", "code"),
            once_at_a_time("one_agency_per_path", "path"),
            # A code is never given to another agency, not even after it became free.
            ExclusionConstraint(
                name="agency_code_never_reused",
                expressions=[("code", RangeOperators.EQUAL), ("path", RangeOperators.NOT_EQUAL)],
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]\d{2}(\.[0-9A-Z]{1,8})*$"), name="agency_code_form"
            ),
            ends_after_it_begins("agency_period"),
            models.CheckConstraint(
                condition=models.Q(seal_image=None, seal_mm=None, seal_key="")
                | (models.Q(seal_image__isnull=False, seal_mm__range=(20, 60)) & ~models.Q(seal_key="")),
                name="agency_seal_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["place_code"], name="agency_place"),
            models.Index(fields=["path"], name="agency_path_prefix", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyCode(models.Model):
    """A code by which an agency is known beside the one it bears: the older form, one it had elsewhere.

    Old codes lead to agencies by this table, never by rule. Source: Decision 20/2020/QĐ-TTg, QCVN 102:2016.
    """

    code = models.CharField(max_length=35, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="codes")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            ends_after_it_begins("agency_other_code_period"),
            models.CheckConstraint(
                condition=models.Q(
                    code__regex=r"^([A-Z]\d{2}(\.[0-9A-Z]{1,8})*|\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})$"
                ),
                name="agency_other_code_form",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Succession(models.Model):
    """Who came after whom, from which day."""

    class Kind(models.TextChoices):
        RENAMED = "renamed"
        MERGED = "merged"
        SPLIT = "split"

    predecessor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="succession_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind}: {self.successor_id}"


class AgencyCalendar(models.Model):
    """Working time of an agency and of those below without one of their own.

    base: a calendar of the pack, whose holidays it keeps. hours: weekday ("0": Monday) to sessions
    [["07:30", "11:30"], …]; [] is a weekly day off, a weekday left out is as in the base. closed: further days off,
    [{"date": "2026-03-10", "reason": "…"}]. saturday: sessions in which the counter only receives; they are no
    working time and count in no deadline.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="calendars")
    base = models.CharField(max_length=40, default="default")
    hours = models.JSONField(default=dict)
    closed = models.JSONField(default=list)
    saturday = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            once_at_a_time("one_calendar_at_a_time", "agency"),
            ends_after_it_begins("agency_calendar_period"),
        ]

    def __str__(self) -> str:
        return f"{self.base} of {self.agency_id}"


class Unit(models.Model):
    """A part of an agency: the one-stop desk, a division. Units of an agency form a tree."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    # How the unit signs its numbers, as in "12/BH-TTPVHCC".
    symbol = models.CharField(max_length=30, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    valid_from = models.DateField(default=TWO_LEVELS_SINCE)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="one_unit_per_code"),
            ends_after_it_begins("unit_period"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="unit_not_below_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A place in a unit that one person holds at a time: "Chủ tịch", "Công chức tư pháp - hộ tịch"."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    rank = models.CharField(
        max_length=10, blank=True, choices=[("head", "head"), ("deputy", "deputy"), ("", "ordinary")]
    )
    valid_from = models.DateField(default=TWO_LEVELS_SINCE)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            ends_after_it_begins("post_period"),
            models.CheckConstraint(condition=models.Q(rank__in=["head", "deputy", ""]), name="post_rank"),
        ]

    def __str__(self) -> str:
        return self.title


class Officer(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="officer")
    full_name = models.CharField(max_length=200)
    # Names the software key or the card that signs for this person; empty when they sign nothing.
    signing_key = models.CharField(max_length=100, blank=True)
    # The picture of the signature, shown on papers; without one a stamp with words stands there.
    signature_image = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.full_name


class Holding(models.Model):
    """Who holds a post and when; half-open."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            once_at_a_time("officer_in_one_post", "officer"),
            once_at_a_time("post_of_one_officer", "post"),
            ends_after_it_begins("holding_period"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} as {self.post_id}"


class NumberSeries(models.Model):
    """Running numbers: one row an agency, series and period, taken under its row lock."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "series", "period"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.series} {self.period}: {self.last}"


class DayRange(models.Func):
    """The half-open period of a row as PostgreSQL's range, for constraints against overlaps."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Absence(models.Model):
    """An officer is away; half-open days. Takes no right away: what it says is that somebody else must act."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="absences")
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")), name="absence_period"
            ),
            ExclusionConstraint(
                name="absences_do_not_overlap",
                expressions=[
                    ("officer", RangeOperators.EQUAL),
                    (DayRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} away {self.valid_from} to {self.valid_to}"


class Delegation(models.Model):
    """An officer lends a right to another for a period; half-open days, open at its end for a standing one.

    In force only while both hold the posts named here and the delegator holds the right.
    Source: Decree 30/2020/NĐ-CP art. 13.
    """

    class Authority(models.TextChoices):
        KT = "KT"
        TL = "TL"
        TUQ = "TUQ"
        Q = "Q"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delegator = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    delegator_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    delegate = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    delegate_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=3, choices=Authority.choices)
    right = models.CharField(max_length=20)
    agency_path = models.CharField(max_length=300)
    # Codes of the procedures it is limited to; empty: everything the right allows.
    procedures = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # The written basis: working regulation, decision, authorisation (giấy ủy quyền).
    basis_number = models.CharField(max_length=60, blank=True)
    basis_day = models.DateField(null=True)
    entered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="delegation_period",
            ),
            models.CheckConstraint(
                condition=~models.Q(delegator=models.F("delegate")), name="delegation_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(authority="KT")
                | models.Q(authority__in=["TL", "Q"]) & ~models.Q(basis_number="")
                | models.Q(authority="TUQ", valid_to__isnull=False) & ~models.Q(basis_number=""),
                name="delegation_has_end_and_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(basis_number="", basis_day=None)
                | ~models.Q(basis_number="") & models.Q(basis_day__isnull=False),
                name="delegation_basis_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None, revoked_reason="")
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~models.Q(revoked_reason=""),
                name="delegation_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(agency_path__regex=r"^/.+/$"), name="delegation_path_form"
            ),
            ExclusionConstraint(
                name="delegations_do_not_overlap",
                expressions=[
                    ("delegator", RangeOperators.EQUAL),
                    ("delegate", RangeOperators.EQUAL),
                    ("right", RangeOperators.EQUAL),
                    (DayRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(revoked_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["delegate"], name="delegation_delegate"),
            models.Index(fields=["agency_path", "-valid_from"], name="delegation_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.delegator_id} to {self.delegate_id}"
