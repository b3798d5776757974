"""What an applicant was asked to bring later."""

from __future__ import annotations

from django.db import models

from motcua.casework.dossiers.bases import Reusable
from motcua.casework.dossiers.models.dossier import Dossier, OfficialDocument
from motcua.foundation.kernel.ids import new_id


class SupplementRequest(models.Model):
    """Everything that is missing, said at once (form 02), and when the applicant brought it.

    `items`: [{"text", "reason", "component" or "field"}]: what is asked in words, why if that is not the reason of all,
    and which paper or answer it is about, if it is one of the form's; with `follows`: what no officer asked, but the
    form does under the corrected answers.
    `step`, `task_id`: where it was asked; `status`: to which the dossier goes back.
    `before`: answers that were corrected, as they had been. `arose`: of a second round, what is new since the first.
    `due_at`: until when it may be brought, then it is closed; None: asked before there was a limit. `warn_at`,
    `warned_at`: when the applicant is to be told again, and was. Source: Decree 61/2018/NĐ-CP art. 15(3), 19(4).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    document = models.OneToOneField(OfficialDocument, on_delete=models.PROTECT, related_name="supplement")
    items = models.JSONField()
    reason = models.TextField()
    step = models.CharField(max_length=120)
    task_id = models.UUIDField()
    status = models.PositiveSmallIntegerField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    arose = models.TextField(blank=True, default="", db_default="")
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="supplement_due",
                condition=models.Q(answered_at=None, due_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(answered_at=None), name="one_open_supplement"
            ),
            models.CheckConstraint(condition=models.Q(status__in=[1, 4]), name="supplement_status"),
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by=None)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
                name="supplement_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"supplement of {self.dossier_id}"


class SupplementPaper(Reusable):
    """A paper for one item (its index) of a request, kept until the applicant sends everything."""

    request = models.ForeignKey(SupplementRequest, on_delete=models.CASCADE, related_name="waiting")
    item = models.PositiveSmallIntegerField()
    file = models.ForeignKey("foundation_files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta(Reusable.Meta):
        constraints = [
            *Reusable.Meta.constraints,
            models.UniqueConstraint(fields=["request", "item", "file"], name="supplement_paper_once"),
        ]

    def __str__(self) -> str:
        return f"item {self.item} of {self.request_id}"
