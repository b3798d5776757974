from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Document(models.Model):
    """An issued electronic document. Source: Decree 45/2020/NĐ-CP art. 16 (the person's data warehouse)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField()
    subject = models.UUIDField(unique=True)
    # Result code of the national list, for instance KQ.G15.000031.
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=60)
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=200)
    # As signed: "Chủ tịch", "KT. Chủ tịch, Phó Chủ tịch".
    signer_title = models.CharField(max_length=420)
    issued_at = models.DateTimeField()
    file = models.ForeignKey("foundation_files.StoredFile", on_delete=models.PROTECT, related_name="+")
    verification_code = models.CharField(max_length=20, unique=True)
    # PAdES level of `file`, and when the certificate of its newest time stamp ends.
    level = models.CharField(max_length=5, default="B-B")
    sealed_until = models.DateTimeField(null=True)
    extension_tried_at = models.DateTimeField(null=True)
    # Made while another system was trying us: nobody may rely on it.
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "number"], name="one_document_per_number"),
            models.CheckConstraint(
                condition=models.Q(kind__regex=r"^KQ\.[A-Z]\d{2}\.\d{5,6}$"), name="document_kind_form"
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["B-B", "B-T", "B-LT", "B-LTA"]), name="document_level_known"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_id", "-issued_at"], name="document_owner"),
            models.Index(fields=["sealed_until"], name="document_sealed_until"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class EarlierFile(models.Model):
    """A file of a document before its signature was extended: the same paper, still found and proven by its bytes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="earlier_files")
    file = models.ForeignKey("foundation_files.StoredFile", on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "file"], name="earlier_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.replaced_at:%Y-%m-%d}"
