from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from motcua.foundation.kernel.ids import new_id


class TransactionId(models.Func):
    """The 64-bit id of the running transaction: with a snapshot's xmin it tells which entries are settled."""

    template = "(pg_current_xact_id()::text)::bigint"
    output_field = models.BigIntegerField()


class Entry(models.Model):
    """One act. Ids, codes and digests only: nothing here names a person or needs erasing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Order of allocation, with gaps and not in commit order; the sealer gives the position.
    sequence = models.BigIntegerField(
        unique=True,
        db_default=models.Func(
            models.Value("foundation_journal_entry_sequence"),
            function="nextval",
            output_field=models.BigIntegerField(),
        ),
        editable=False,
    )
    transaction_id = models.BigIntegerField(db_default=TransactionId(), editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    account_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    mandate_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    # Whose record was touched, so that a person can ask who looked (the data tracker).
    concerns_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    detail_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__regex=r"^[a-z_]+\.[a-z_]+$"), name="entry_kind_form"
            ),
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=["citizen", "officer", "system", "anonymous"]),
                name="entry_actor_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["object_id", "sequence"], name="entry_object"),
            models.Index(
                fields=["concerns_id", "sequence"],
                name="entry_concerns",
                condition=models.Q(concerns_id__isnull=False),
            ),
            models.Index(fields=["transaction_id"], name="entry_transaction"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Detail(models.Model):
    """The personal values of an entry. Erased by deleting the row; the entry's digest then proves nothing more."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="detail")
    salt = models.BinaryField(max_length=16)
    values = models.JSONField()

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"


class Hold(models.Model):
    """A legal hold: nothing personal about this object (a dossier, a person, a file) may be erased meanwhile."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    object_id = models.UUIDField()
    # Why, in the words of the order; no personal data.
    reason = models.CharField(max_length=500)
    placed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True)
                | models.Q(released_at__gte=models.F("placed_at")),
                name="hold_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(
                fields=["object_id"], name="hold_open", condition=models.Q(released_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.object_id}"
