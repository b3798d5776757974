from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.ids import new_id


class StoredFile(models.Model):
    """One file as it was given to us or made by us. Rows with the same content share one file in the store."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    # The dossier (or other object) it was stored for: a legal hold on that covers the file even when nothing
    # refers to it any more.
    belongs_to = models.UUIDField(null=True)
    # The person whose file it is; a legal hold on them covers it likewise.
    owner_id = models.UUIDField(null=True)
    # Handed in, not made by us: to be scanned.
    is_upload = models.BooleanField(default=True)
    # When the virus scanner called it clean; null: not scanned.
    scanned_at = models.DateTimeField(null=True)
    # When the sweep first found that nothing uses it; its retention counts from here.
    unused_since = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    # The virus scanner's name for what it found.
    infection = models.CharField(max_length=200, blank=True)
    # When its content was erased under the schedule; the row stays, as its digest proves what was there.
    disposed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="files_storedfile_has_content"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="files_storedfile_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(quarantined_at=None, infection="")
                | (Q(quarantined_at__isnull=False) & ~Q(infection="")),
                name="files_storedfile_quarantine_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="files_storedfile_unscanned",
                condition=Q(is_upload=True, scanned_at=None, quarantined_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DiscardedContent(models.Model):
    """Content to delete unless a row has it: the last one was erased, or none may ever have come.

    Stays until the store has let it go, or the sweep finds a row.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    since = models.DateTimeField()
    # Before, somebody may be about to give it a row.
    awaited_until = models.DateTimeField(null=True)
    # The store's object lock holds it until then.
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256
