from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.lookups import IsNull

from motcua.foundation.kernel.ids import new_id


class VersionDraft(models.Model):
    """A version of a procedure before it is published, and afterwards the record of who wrote and who let it pass.

    Several may be open for one procedure; each says which version it replaces (`base`), and when another was published
    meanwhile its author is told before anything is published.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_REVIEW = "in_review"
        SENT_BACK = "sent_back"
        APPROVED = "approved"
        PUBLISHED = "published"
        # Given up by its author, or taken back after it was announced and before its day.
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Of a procedure that may not be in the catalogue yet.
    code = models.CharField(max_length=8)
    # Whose procedure it is: "" the nation's, else the code of the agency that made it ("H19").
    publisher = models.CharField(max_length=35, blank=True)
    base = models.ForeignKey(
        "registry_catalogue.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The version whose content it began with, where that is a former one: an undo.
    restores = models.ForeignKey(
        "registry_catalogue.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The files as text: {"procedure.yaml": …, "form.json": …}.
    files = models.JSONField()
    # What changes and why, in the author's words.
    note = models.CharField(max_length=500, blank=True)
    # None: on the day it is published.
    valid_from = models.DateField(null=True)
    # Why it counts from a day that has passed.
    backdating = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Raised by every change: a page that shows an older one is told so.
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey("registry_access.Account", on_delete=models.PROTECT, related_name="+")
    # Accounts of everybody who changed it: none of them reviews it.
    editors = ArrayField(models.UUIDField())
    reviewer = models.ForeignKey(
        "registry_access.Account", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    # What the reviewer asks for.
    asked_for = models.CharField(max_length=1000, blank=True)
    version = models.OneToOneField(
        "registry_catalogue.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="draft"
    )
    published_by = models.ForeignKey(
        "registry_access.Account", null=True, on_delete=models.PROTECT, related_name="+"
    )
    began_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d\.\d{6}$"), name="version_draft_code"),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("author")),
                name="version_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=IsNull(
                    models.Func(
                        "editors",
                        "reviewer_id",
                        function="array_position",
                        output_field=models.IntegerField(),
                    ),
                    True,
                ),
                name="version_not_reviewed_by_an_editor",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "published"])
                | models.Q(reviewer__isnull=False, reviewed_at__isnull=False),
                name="version_published_after_review",
            ),
            models.CheckConstraint(
                condition=models.Q(state="published", version__isnull=False, published_by__isnull=False)
                | models.Q(state="withdrawn")
                | (~models.Q(state="published") & models.Q(version=None)),
                name="version_draft_has_its_version",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent_back") | ~models.Q(asked_for=""),
                name="version_sent_back_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["code", "-began_at"], name="version_drafts_of_procedure"),
            models.Index(
                fields=["code"],
                condition=models.Q(state__in=["draft", "in_review", "sent_back", "approved"]),
                name="open_version_drafts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


OPEN = (
    VersionDraft.State.DRAFT,
    VersionDraft.State.IN_REVIEW,
    VersionDraft.State.SENT_BACK,
    VersionDraft.State.APPROVED,
)


class PackProcedure(models.Model):
    """Which pack brought a procedure: no two packs may bring the same, and what is missing later is noticed."""

    code = models.CharField(max_length=8, primary_key=True)
    # The pack's name: that of its folder.
    pack = models.CharField(max_length=60)
    # Where its own files lie in the pack ("procedures/1.001193"); "" where it has none.
    folder = models.CharField(max_length=120, blank=True)
    # Of the version those files gave; another one in force was not made of them.
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.code} of {self.pack}"


class PackFile(models.Model):
    """A file of a pack as it was last loaded, word for word, so that an export gives the author's own text."""

    pack = models.CharField(max_length=60)
    path = models.CharField(max_length=250)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "path"], name="pack_file")]

    def __str__(self) -> str:
        return f"{self.pack}/{self.path}"
