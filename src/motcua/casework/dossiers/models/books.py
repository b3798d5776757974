"""Papers about many dossiers: hand-over slips, and exports of the register."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class HandOver(models.Model):
    """A hand-over slip (phiếu bàn giao): several dossiers from one unit to another. `content`: what is printed.

    Its id comes from the page, so that sending twice makes one. `number` runs by agency and year, without gaps.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # As it was called then; a renamed agency goes on with its numbers.
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "number"], name="hand_over_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="hand_over_number_from_1"),
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "-made_at", "-id"],
                name="hand_over_agency",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"hand-over {self.number} of {self.year}"


class HandOverLine(models.Model):
    """A dossier of a slip, in the slip's order."""

    slip = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    dossier = models.ForeignKey("casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slip", "position"], name="hand_over_position"),
            models.UniqueConstraint(fields=["slip", "dossier"], name="hand_over_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.slip_id}"


class RegisterExport(models.Model):
    """A register that a job writes into a spreadsheet for one officer; forgotten after a few days.

    `criteria`: what of the book, as `register.Asked` reads it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("registry_access.Account", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    criteria = models.JSONField()
    language = models.CharField(max_length=8)
    made_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(null=True)
    file = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at=None, rows=None, file=None)
                | models.Q(finished_at__isnull=False, rows__isnull=False, file__isnull=False),
                name="register_export_finished_whole",
            )
        ]

    def __str__(self) -> str:
        return f"export {self.id}"
