"""A person shows a draft to a helper: who looks, until when, and what they point at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from motcua.foundation.kernel.ids import new_id


class Showing(models.Model):
    """One time that a person lets a helper see the pages of a draft. The helper only looks and points.

    Open until `ended_at` is set, and never beyond `ends_at`. What the person types is in the draft, not here.
    """

    class EndedBy(models.TextChoices):
        PERSON = "person"
        HELPER = "helper"
        TIME = "time"
        SUBMITTED = "submitted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Without a foreign key: submitting deletes the draft and need not look for showings.
    draft_id = models.UUIDField()
    person_id = models.UUIDField()
    # Whom entries concern: in whose name the draft is.
    owner_id = models.UUIDField()
    # Empty once the code was used: it opens nothing a second time.
    code_digest = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    code_until = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    # Name of the page that the person has open, "check" for the last one.
    page = models.CharField(max_length=60)
    viewer_id = models.UUIDField(null=True)
    # Name and agency, as the person reads them.
    viewer = models.CharField(max_length=600, blank=True)
    joined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=EndedBy.choices, blank=True)
    # Name of the input on `page` that the helper points at, and what they say about it.
    pointed = models.CharField(max_length=200, blank=True)
    pointed_words = models.CharField(max_length=300, blank=True)
    pointed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft_id"], name="showing_one_open", condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["code_digest"],
                name="showing_code_once",
                condition=Q(ended_at__isnull=True) & ~Q(code_digest=""),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="") | Q(ended_at__isnull=False) & ~Q(ended_by=""),
                name="showing_ended_by",
            ),
            models.CheckConstraint(
                condition=Q(viewer_id__isnull=True, joined_at__isnull=True)
                | Q(viewer_id__isnull=False, joined_at__isnull=False, code_digest=""),
                name="showing_joined",
            ),
        ]

    def __str__(self) -> str:
        return f"showing {self.id}"
