"""Intake sheets: paper that is printed ahead for a counter without line or power, and entered later."""

from __future__ import annotations

from django.db import models

from motcua.casework.dossiers.rules.sheet_codes import PATTERN
from motcua.foundation.kernel.ids import new_id

# How many sheets are printed at once.
MOST_SHEETS = 50


class SheetBlock(models.Model):
    """Blank sheets of one procedure, or of any, printed together. Its id comes from the page: sent twice it is one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(
        "registry_organisations.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # None: a sheet for any procedure.
    version = models.ForeignKey(
        "registry_catalogue.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    count = models.PositiveSmallIntegerField()
    # The head of the paper, as the agency was called then.
    content = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(count__range=(1, MOST_SHEETS)), name="sheet_block_count"
            )
        ]
        indexes = [models.Index(fields=["agency", "-issued_at", "-id"], name="sheet_block_agency")]

    def __str__(self) -> str:
        return f"{self.count} sheets of {self.agency_id}"


class LateReason(models.TextChoices):
    """Why papers were taken in on a sheet and entered later."""

    LINE = "line"
    POWER = "power"
    OTHER = "other"


class IntakeSheet(models.Model):
    """One sheet: blank; void, with a reason; begun, while somebody enters it; or entered, of one dossier for good."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    block = models.ForeignKey(SheetBlock, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, unique=True)
    agency = models.ForeignKey(
        "registry_organisations.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    void_at = models.DateTimeField(null=True)
    void_by = models.UUIDField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)
    # What is being made of it; throwing the draft away makes the sheet blank again.
    draft = models.OneToOneField(
        "casework_dossiers.Draft", null=True, on_delete=models.SET_NULL, related_name="sheet"
    )
    dossier = models.OneToOneField(
        "casework_dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="sheet"
    )
    # When the papers really came in, and why they were not entered then; `words`: of another reason.
    came_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=10, choices=LateReason.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    # Of the entry; while it is begun, who began it.
    entered_at = models.DateTimeField(null=True)
    entered_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["block", "position"], name="sheet_position"),
            models.CheckConstraint(condition=models.Q(code__regex=PATTERN), name="sheet_code_form"),
            models.CheckConstraint(
                condition=models.Q(void_at=None, void_by=None, void_reason="")
                | models.Q(void_at__isnull=False, void_by__isnull=False, draft=None, dossier=None)
                & ~models.Q(void_reason=""),
                name="sheet_void_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(draft=None, dossier=None)
                | models.Q(came_at__isnull=False, entered_at__isnull=False, entered_by__isnull=False)
                & ~models.Q(reason=""),
                name="sheet_entered_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(came_at=None) | models.Q(came_at__lte=models.F("entered_at")),
                name="sheet_came_before_entry",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="other") | ~models.Q(words=""), name="sheet_reason_in_words"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="sheet_agency")]

    def __str__(self) -> str:
        return self.code

    @property
    def state(self) -> str:
        """ "entered", "begun", "void" or "blank"."""
        if self.dossier_id:
            return "entered"
        if self.draft_id:
            return "begun"
        return "void" if self.void_at else "blank"
