"""What programs file: each call once, files sent ahead, many applications at once."""

from __future__ import annotations

from django.db import models

from motcua.casework.dossiers.models.dossier import Dossier
from motcua.foundation.kernel.ids import new_id


class ClientFiling(models.Model):
    """A call that filed a dossier: the same key of the same caller never files a second one.

    `account`: of the person who filed through the client; none where it filed in its own name.
    """

    client = models.ForeignKey("registry_access.SystemClient", on_delete=models.PROTECT, related_name="+")
    account_id = models.UUIDField(null=True)
    key = models.CharField(max_length=100)
    # SHA-256 of what was sent.
    digest = models.CharField(max_length=64)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "account_id", "key"], name="client_filing_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} by {self.client_id}"


class Upload(models.Model):
    """A file that a caller sent ahead, to be named in applications; it may serve several."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey("registry_access.SystemClient", on_delete=models.CASCADE, related_name="+")
    account_id = models.UUIDField(null=True)
    file = models.ForeignKey("foundation_files.StoredFile", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"upload {self.id}"


class BulkFiling(models.Model):
    """Many applications that a caller sent at once; a job files them one by one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey("registry_access.SystemClient", on_delete=models.PROTECT, related_name="+")
    account_id = models.UUIDField(null=True)
    # In whose name a person filed: "office:ID" or "mandate:ID".
    acting_as = models.CharField(max_length=60, blank=True)
    # In which the refusals are written.
    language = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-made_at"], name="bulk_client")]

    def __str__(self) -> str:
        return f"bulk filing {self.id}"


class BulkItem(models.Model):
    """One application of a bulk filing. `content` is gone as soon as it was filed or refused."""

    class State(models.TextChoices):
        WAITING = "waiting"
        FILED = "filed"
        REFUSED = "refused"

    bulk = models.ForeignKey(BulkFiling, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=100)
    content = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    dossier = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")
    # A problem as a single filing would have been answered with.
    problem = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "position"], name="bulk_item_position"),
            models.UniqueConstraint(fields=["bulk", "key"], name="bulk_item_key"),
            models.CheckConstraint(
                condition=models.Q(
                    state="waiting", content__isnull=False, dossier__isnull=True, problem__isnull=True
                )
                | models.Q(state="filed", content__isnull=True, dossier__isnull=False, problem__isnull=True)
                | models.Q(
                    state="refused", content__isnull=True, dossier__isnull=True, problem__isnull=False
                ),
                name="bulk_item_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.bulk_id}"
