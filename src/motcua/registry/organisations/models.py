from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from motcua.foundation.kernel.ids import new_id


class Agency(models.Model):
    """A state agency. Its path (`/H44/H44.25/`) holds its superiors, so that "and below" is a prefix.

    Source of the code's form: Decision 20/2020/QĐ-TTg.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=300)
    level = models.CharField(max_length=10, choices=[("province", "province"), ("commune", "commune")])
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

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to=None), name="one_agency_per_code"
            ),
            models.UniqueConstraint(
                fields=["path"], condition=models.Q(valid_to=None), name="one_agency_per_path"
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]\d{2}(\.[0-9A-Z]{1,8})*$"), name="agency_code_form"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="agency_period",
            ),
            models.CheckConstraint(
                condition=models.Q(seal_image=None, seal_mm=None, seal_key="")
                | (models.Q(seal_image__isnull=False, seal_mm__range=(20, 60)) & ~models.Q(seal_key="")),
                name="agency_seal_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["place_code"], name="agency_place")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an agency: the one-stop desk, a division."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    # How the unit signs its numbers, as in "12/BH-TTPVHCC".
    symbol = models.CharField(max_length=30, blank=True)
    telephone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="one_unit_per_code")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A place in a unit that one person holds at a time: "Chủ tịch", "Công chức tư pháp - hộ tịch"."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    # Heads and deputies of the unit; the head of the agency is head of the unit that leads it.
    rank = models.CharField(max_length=10, blank=True, choices=[("head", "head"), ("deputy", "deputy")])

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
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(valid_to=None), name="one_open_holding"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="holding_period",
            ),
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
