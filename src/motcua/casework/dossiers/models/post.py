"""Results on their way by post."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Consignment(models.Model):
    """A result that was given to a carrier, and what became of it. A second one where the first came back.

    `outcome_on`: the day on which the carrier delivered it or brought it back. `settled_at`: when what came back was
    sent again or given to somebody at the counter. `sent_by` None: a program.
    """

    class Outcome(models.TextChoices):
        DELIVERED = "delivered"
        CAME_BACK = "came_back"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="consignments"
    )
    # Of the agency that sent it: its list of what came back.
    agency_path = models.CharField(max_length=300)
    # Of the pack's carriers.yaml; empty: not said.
    carrier = models.CharField(max_length=40, blank=True)
    tracking = models.CharField(max_length=40)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    noted_at = models.DateTimeField(null=True)
    noted_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_on=None, noted_at=None, noted_by=None)
                | models.Q(
                    outcome__in=["delivered", "came_back"],
                    outcome_on__isnull=False,
                    noted_at__isnull=False,
                    noted_by__isnull=False,
                ),
                name="consignment_noted_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | models.Q(outcome="came_back"),
                name="consignment_settled_came_back",
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(outcome="") | models.Q(outcome="came_back", settled_at=None),
                name="consignment_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "outcome_on", "id"],
                name="consignment_came_back",
                condition=models.Q(outcome="came_back", settled_at=None),
                opclasses=["varchar_pattern_ops", "date_ops", "uuid_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking}"
