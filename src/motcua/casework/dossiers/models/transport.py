"""Paper on its way between the counter that took a dossier in and the agency that decides on it."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id

_AGENCY = "registry_organisations.Agency"


class Transport(models.Model):
    """Paper of one dossier that one agency gave away for another, and what arrived there.

    `listed`: [{"name", "sort", "count"}] as on the slip; `missing`: those of them that did not arrive; `sort`: a
    PaperSort. Several dossiers go on one slip and in one parcel.
    """

    class Kind(models.TextChoices):
        PAPERS = "papers"
        RESULT = "result"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="transports"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    slip = models.ForeignKey("casework_dossiers.HandOver", on_delete=models.PROTECT, related_name="+")
    # As they were called then.
    from_agency = models.ForeignKey(_AGENCY, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_agency = models.ForeignKey(_AGENCY, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_path = models.CharField(max_length=300)
    to_path = models.CharField(max_length=300)
    listed = models.JSONField()
    # Of the pack's carriers.yaml; both empty: the agency's own messenger.
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField()
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.UUIDField(null=True)
    missing = models.JSONField(default=list)
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "kind"],
                condition=models.Q(received_at=None),
                name="transport_one_on_its_way",
            ),
            models.CheckConstraint(
                condition=models.Q(received_at=None, received_by=None, missing=[], remark="")
                | models.Q(received_at__isnull=False, received_by__isnull=False),
                name="transport_received_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_agency=models.F("to_agency")), name="transport_goes_elsewhere"
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[f"{side}_path", "due_at", "id"],
                    name=f"transport_{side}",
                    condition=models.Q(received_at=None),
                    opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
                )
                for side in ("from", "to")
            ),
            models.Index(
                fields=["due_at"],
                name="transport_overdue",
                condition=models.Q(received_at=None, warned_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.dossier_id}"
