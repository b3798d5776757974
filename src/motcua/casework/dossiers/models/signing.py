"""Papers that a leader signs together."""

from __future__ import annotations

from django.db import models

from motcua.casework.dossiers.models.dossier import Dossier
from motcua.foundation.kernel.ids import new_id


class SigningBatch(models.Model):
    """Papers that a leader chose to sign together: looked through first, then confirmed once, then signed by a job.

    Never confirmed: without `started_at`, and forgotten after a day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("registry_access.Account", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry_organisations.Officer", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(started_at__isnull=False) | models.Q(stopped_at=None, finished_at=None),
                name="signing_batch_begins_before_it_ends",
            )
        ]
        indexes = [models.Index(fields=["officer", "-created_at"], name="signing_batch_officer")]

    def __str__(self) -> str:
        return f"batch {self.id}"


class SigningItem(models.Model):
    """One paper of a batch: the draft as the leader confirmed it, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SIGNED = "signed"
        REFUSED = "refused"
        # "Not this one": it went back to its drafter while the leader looked through.
        RETURNED = "returned"

    batch = models.ForeignKey(SigningBatch, on_delete=models.PROTECT, related_name="items")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    seen_sha256 = models.CharField(max_length=64)
    # The delegation under which it was chosen, if any: when that ends, it is not signed.
    mandate_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Code of the error that refused it, and what its words name.
    problem = models.CharField(max_length=60, blank=True)
    problem_fields = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "dossier"], name="signing_item_once"),
            models.CheckConstraint(
                condition=models.Q(state="refused") & ~models.Q(problem="")
                | models.Q(state__in=["waiting", "signed", "returned"], problem=""),
                name="signing_item_refused_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["batch"], name="signing_item_waiting", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"
