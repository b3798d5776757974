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
    # When the sweep first found that nothing uses it; its retention counts from here.
    unused_since = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    # The virus scanner's name for what it found.
    infection = models.CharField(max_length=200, blank=True)

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

    def __str__(self) -> str:
        return self.name


class DiscardedContent(models.Model):
    """Content to delete, because the last row that had it was erased. Stays until the store has let it go."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    since = models.DateTimeField()
    # The store's object lock holds it until then.
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256
