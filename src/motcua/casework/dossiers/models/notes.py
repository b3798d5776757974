"""What officers tell each other about a dossier, inside the office."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Note(models.Model):
    """A note of an officer on a dossier. Never the applicant's to read, never changed: only struck out, by its author.

    `thread`: the note that it answers, None for the first of a thread. `corrects`: the author's note in whose place it
    stands; that one stays to be read. `asked_unit`, `asked_officer`: whom it asks, `asked_name` as they were called.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="notes", db_index=False
    )
    thread = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answers")
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="correction")
    text = models.TextField()
    asked_unit = models.UUIDField(null=True)
    asked_officer = models.UUIDField(null=True)
    asked_name = models.CharField(max_length=300, blank=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="note_says_something"),
            models.CheckConstraint(
                condition=models.Q(asked_unit=None, asked_officer=None, asked_name="")
                | models.Q(
                    models.Q(asked_unit=None) | models.Q(asked_officer=None), ~models.Q(asked_name="")
                ),
                name="note_asks_one",
            ),
        ]
        indexes = [models.Index(fields=["dossier", "made_at", "id"], name="note_of_dossier")]

    def __str__(self) -> str:
        return f"note {self.id}"


class DraftReturn(models.Model):
    """That an edition of the draft was sent back, by whom and why. Never changed."""

    draft = models.OneToOneField(
        "casework_dossiers.OfficialDocument", on_delete=models.PROTECT, related_name="sent_back"
    )
    reason = models.TextField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"return of {self.draft_id}"
