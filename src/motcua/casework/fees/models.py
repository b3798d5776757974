from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class LedgerEntry(models.Model):
    """Money received for a subject, with its paper receipt (biên lai). Added and read; a trigger refuses changes.

    What is wrong is corrected by a second entry that stands in the place of the first; both stay to be seen.
    Source: Law on Accounting 88/2015/QH13 art. 27 (books are corrected visibly) [M].
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.UUIDField()
    # As the procedure's version names the fee.
    fee_code = models.CharField(max_length=60)
    amount_vnd = models.BigIntegerField()
    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    receipt_book = models.CharField(max_length=30)
    receipt_number = models.CharField(max_length=30)
    received_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("registry_organisations.Officer", on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by", editable=False
    )
    reason = models.CharField(max_length=500, blank=True)
    is_test = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            # Nothing received is no entry, unless it takes one back.
            models.CheckConstraint(
                condition=models.Q(amount_vnd__gt=0) | models.Q(amount_vnd=0, corrects__isnull=False),
                name="ledger_entry_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects=None) | ~models.Q(reason=""), name="ledger_correction_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["subject", "noted_at"], name="ledger_subject")]

    def __str__(self) -> str:
        return f"{self.fee_code} {self.receipt_book} {self.receipt_number}"


class ReceiptInUse(models.Model):
    """Which subject a paper receipt belongs to, while an entry that counts names it: never two subjects at once."""

    agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    book = models.CharField(max_length=30)
    number = models.CharField(max_length=30)
    subject = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "book", "number"], name="receipt_of_one_subject")
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.number}"
