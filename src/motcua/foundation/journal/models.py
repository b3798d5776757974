from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models.functions import Now

from motcua.foundation.kernel.ids import new_id

_READABLE = (datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


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
        # Draws the number only after the transaction has its id, which the sealer relies on.
        db_default=models.Func(
            function="foundation_journal_next_sequence", output_field=models.BigIntegerField()
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
                condition=models.Q(actor_kind__in=["citizen", "officer", "client", "system", "anonymous"]),
                name="entry_actor_kind",
            ),
            # Else a moment that no program can read would stop the sealer.
            models.CheckConstraint(
                condition=models.Q(at__range=_READABLE, recorded_at__range=_READABLE), name="entry_moments"
            ),
        ]
        indexes = [
            models.Index(fields=["object_id", "sequence"], name="entry_object"),
            models.Index(
                fields=["concerns_id", "sequence"],
                name="entry_concerns",
                condition=models.Q(concerns_id__isnull=False),
            ),
            # Serves whole kinds and their first words, in every locale.
            models.Index(
                fields=["kind", "sequence"], name="entry_kind", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
            models.Index(fields=["at"], name="entry_at"),
            *(
                models.Index(
                    fields=[f"{who}_id", "sequence"],
                    name=f"entry_{who}",
                    condition=models.Q(**{f"{who}_id__isnull": False}),
                )
                for who in ("account", "person", "agency")
            ),
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


class Leaf(models.Model):
    """The seal of one entry. Append-only. No foreign key: a lost entry must not take its seal along."""

    # From 1, without gaps, in the order in which the entries' transactions were committed.
    position = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    hash = models.BinaryField(max_length=32)
    # Under a key outside the database, so that whoever rewrites the hash as well is found at this position.
    tag = models.BinaryField(max_length=32)
    batch = models.BigIntegerField()

    def __str__(self) -> str:
        return f"position {self.position}"


class Batch(models.Model):
    """A Merkle tree over consecutive leaves, chained to the batch before. Append-only."""

    number = models.BigIntegerField(primary_key=True)
    first_position = models.BigIntegerField(unique=True)
    last_position = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    root = models.BinaryField(max_length=32)
    previous_head = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32)
    # Every entry up to this sequence is sealed or never comes.
    settled_sequence = models.BigIntegerField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    last_position=models.F("first_position") + models.F("count") - 1, count__gt=0
                ),
                name="batch_counts_its_leaves",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.number}"


class Stamp(models.Model):
    """A time stamp (RFC 3161) on a batch's head, and so on everything before. Append-only."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, primary_key=True)
    token = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"stamp on batch {self.batch_id}"


class ConsumerPosition(models.Model):
    """How far a consumer has come, and how often it failed at the next entry."""

    name = models.CharField(primary_key=True, max_length=80)
    position = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class DeadLetter(models.Model):
    """An entry that a consumer could not handle and went past."""

    consumer = models.CharField(max_length=80)
    position = models.BigIntegerField()
    entry_id = models.UUIDField()
    # The exception's class, and a DomainError's code; never its text, which may be personal.
    reason = models.CharField(max_length=200)
    tries = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "position"], name="dead_letter_once"),
        ]
        indexes = [
            models.Index(
                fields=["consumer", "position"],
                name="dead_letter_open",
                condition=models.Q(resolved_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} at {self.position}"


class Verification(models.Model):
    """What a nightly verification found between two positions. `faults`: the first ones, as in `report.Fault`."""

    at = models.DateTimeField()
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    fault_count = models.PositiveIntegerField()
    faults = models.JSONField(default=list)
    # What could not be looked at; see `report.Report`.
    unchecked = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="verification_at")]

    def __str__(self) -> str:
        return f"verification of {self.first_position} to {self.last_position}"
