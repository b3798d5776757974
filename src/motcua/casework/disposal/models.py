from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class DisposalList(models.Model):
    """What an agency may dispose of, as the schedule found it. Changed until it is put before the second person."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    # The latest act for two people about it.
    proposal = models.ForeignKey(
        "registry_access.Proposal", null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open")
                | models.Q(state__in=["approved", "done"], proposal__isnull=False),
                name="disposal_is_decided_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at=None)),
                name="disposal_done_has_time",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(state="open"), name="one_open_disposal"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-made_at"], name="disposal_of_agency")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {self.state}"


class DisposalItem(models.Model):
    """One dossier or document of a list, and what became of it."""

    class Result(models.TextChoices):
        ERASED = "erased"
        # An officer took it out, with a reason.
        KEPT = "kept"
        HELD = "held"
        NEEDED = "needed"
        NOT_DUE = "not_due"

    disposal = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="items", db_index=False)
    # Class of the schedule, for instance dossier.file.
    thing = models.CharField(max_length=40)
    object_id = models.UUIDField()
    owner_id = models.UUIDField()
    # A code or number; never a name.
    label = models.CharField(max_length=120)
    closed_on = models.DateField()
    result = models.CharField(max_length=10, choices=Result.choices, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True)
    digests = models.JSONField(default=list)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disposal", "object_id"], name="disposal_item_once"),
            models.CheckConstraint(
                condition=~models.Q(result="kept") | ~models.Q(reason=""), name="disposal_kept_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["object_id"], name="disposal_object")]

    def __str__(self) -> str:
        return f"{self.thing} {self.label}"
