"""One application that becomes several dossiers, and where each part of it stands."""

from __future__ import annotations

from django.db import models

from motcua.casework.dossiers.bases import Owned


class LinkedCase(Owned):
    """What a person submitted once for several linked procedures.

    Its id is that of the application it was, and of the first dossier: submitting twice makes one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    # What the person follows the whole by.
    code = models.CharField(max_length=20, unique=True)
    # Of the group; its members are followed in the versions of the days on which they are submitted.
    version = models.ForeignKey(
        "registry_catalogue.ProcedureVersion", on_delete=models.PROTECT, related_name="+"
    )
    applicant = models.ForeignKey("registry_people.Person", on_delete=models.PROTECT, related_name="+")
    # What the application is called, by language.
    titles = models.JSONField()
    submitted_at = models.DateTimeField()
    # The limit of the whole, from the acceptance of the first dossier (vietnam.md T9); none before.
    due_at = models.DateTimeField(null=True)
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta(Owned.Meta):
        constraints = [*Owned.Meta.constraints]
        indexes = [models.Index(fields=["due_at"], name="linked_due", condition=models.Q(is_test=False))]

    def __str__(self) -> str:
        return self.code


class PartState(models.TextChoices):
    """Where a part stands before it is a dossier; then the dossier says it."""

    WAITING = "waiting"
    # The person completes it themselves: what was passed on does not suffice.
    YOURS = "yours"
    FILED = "filed"
    # It is not submitted: what it waited for ended without a result, or the person does not want it any more.
    STOPPED = "stopped"


class LinkedPart(models.Model):
    """One member of a linked case. `reason`: why it stopped or became the person's, a code of `rules.linked`."""

    case = models.ForeignKey(LinkedCase, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    member = models.CharField(max_length=40)
    procedure_code = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=PartState.choices)
    reason = models.CharField(max_length=20, blank=True, default="")
    changed_at = models.DateTimeField()
    dossier = models.OneToOneField(
        "casework_dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="part"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["case", "member"], name="linked_part_once"),
            models.UniqueConstraint(fields=["case", "procedure_code"], name="linked_procedure_once"),
            models.CheckConstraint(
                condition=models.Q(state=PartState.FILED, dossier__isnull=False)
                | models.Q(~models.Q(state=PartState.FILED), dossier=None),
                name="linked_part_filed_has_dossier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} of {self.case_id}"
