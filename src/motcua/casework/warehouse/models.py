from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils import timezone

from motcua.casework.warehouse.rules.validity import State, state_on
from motcua.foundation.kernel.ids import new_id


class Origin(models.TextChoices):
    """Where a document of the warehouse comes from."""

    ISSUED = "issued"  # the result of a dossier here
    CERTIFIED = "certified"  # brought by its owner, compared with the original and certified
    DIGITISED = "digitised"  # taken from paper by an agency
    IMPORTED = "imported"  # another system's


class SignatureState(models.TextChoices):
    """What the signatures of the file were worth when last examined; UNKNOWN: not examined yet."""

    UNKNOWN = ""
    VALID = "valid"
    UNSIGNED = "unsigned"
    EXPIRED = "expired"
    BROKEN = "broken"
    UNDECIDED = "undecided"


class Document(models.Model):
    """A document of a person or organisation: issued electronically, or a paper that an agency put there.

    Source: Decree 45/2020/NĐ-CP art. 16 (the person's data warehouse).
    """

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
    # Whom it is about where that is not its owner: the child of a birth certificate.
    about = models.CharField(max_length=300, blank=True, db_default="")
    # Folded name, number, agency and whom it is about, for its owner's search.
    search_text = models.TextField(blank=True, db_default="")
    origin = models.CharField(
        max_length=10, choices=Origin.choices, default=Origin.ISSUED, db_default=Origin.ISSUED
    )
    # Who issued the paper, as it says; empty for what was issued here.
    issuer = models.CharField(max_length=300, blank=True, db_default="")
    # The dossier with which a paper came that was not issued here.
    brought_with = models.UUIDField(null=True)
    # 0 not digitised, 1 digitised, 2 used again, 3 used again as the result of another dossier (vietnam.md 1.6).
    digitisation = models.PositiveSmallIntegerField(default=1, db_default=1)
    signature = models.CharField(
        max_length=10,
        choices=SignatureState.choices,
        blank=True,
        default=SignatureState.UNKNOWN,
        db_default=SignatureState.UNKNOWN,
    )
    signature_checked_at = models.DateTimeField(null=True)
    # When the result was returned: signed before, it is not yet its owner's.
    delivered_at = models.DateTimeField(null=True)
    # The first day on which it is no longer good; none: it stays good.
    valid_to = models.DateField(null=True)
    # Why and by what decision it counts no longer. The reason may name people: only the owner reads it.
    ended_as = models.CharField(max_length=10, blank=True, db_default="")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=1000, blank=True, db_default="")
    ended_ground = models.CharField(max_length=300, blank=True, db_default="")
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "number"],
                condition=models.Q(origin=Origin.ISSUED),
                name="one_document_per_number",
            ),
            models.CheckConstraint(
                condition=models.Q(origin=Origin.ISSUED, issuer="", brought_with=None)
                | models.Q(
                    models.Q(origin__in=Origin.values), ~models.Q(origin=Origin.ISSUED), ~models.Q(issuer="")
                ),
                name="document_origin_fits",
            ),
            models.CheckConstraint(
                condition=models.Q(digitisation__range=(0, 3)), name="document_digitisation_known"
            ),
            models.CheckConstraint(
                condition=models.Q(signature="", signature_checked_at=None)
                | models.Q(
                    models.Q(signature__in=[it for it in SignatureState.values if it]),
                    signature_checked_at__isnull=False,
                ),
                name="document_signature_examined",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__regex=r"^(KQ\.[A-Z]\d{2}\.\d{5,6}|refusal)$"),
                name="document_kind_form",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["B-B", "B-T", "B-LT", "B-LTA"]), name="document_level_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_as="", ended_at=None, replaced_by=None)
                | models.Q(
                    ~models.Q(ended_reason=""),
                    ~models.Q(ended_ground=""),
                    ended_as="revoked",
                    ended_at__isnull=False,
                    replaced_by=None,
                )
                | models.Q(
                    ~models.Q(ended_reason=""),
                    ~models.Q(ended_ground=""),
                    ended_as="replaced",
                    ended_at__isnull=False,
                    replaced_by__isnull=False,
                ),
                name="document_ended_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(replaced_by=models.F("id")), name="document_replaced_by_another"
            ),
        ]
        indexes = [
            models.Index(fields=["owner_id", "-issued_at"], name="document_owner"),
            models.Index(fields=["sealed_until"], name="document_sealed_until"),
            # What ends soon, for reminders.
            models.Index(
                fields=["valid_to", "kind"],
                name="document_ends",
                condition=models.Q(ended_as="", valid_to__isnull=False),
            ),
            # Examined first: those never examined, then those examined least lately.
            models.Index(
                models.F("signature_checked_at").asc(nulls_first=True), "id", name="document_to_examine"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def state_on(self, day: date) -> State:
        """What can be said of it on a local day."""
        return state_on(day, ended_as=self.ended_as, valid_to=self.valid_to)

    @property
    def state(self) -> State:
        """What can be said of it today."""
        return self.state_on(timezone.localdate())


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


class Share(models.Model):
    """Documents that their owner lets others see by a code: for a purpose, until a moment, at most so often.

    The code is derived from the id under the server's key; what is kept is a digest of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField()
    code_digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=300)
    # For whom, as the owner calls them; empty: whoever has the code.
    receiver = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # None: as often as anybody looks.
    most_looks = models.PositiveSmallIntegerField(null=True)
    looks = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    documents: models.ManyToManyField[Document, models.Model] = models.ManyToManyField(
        Document, through="SharedDocument", related_name="shares"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(purpose=""), name="share_has_purpose"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("made_at")), name="share_ends"),
            models.CheckConstraint(
                condition=models.Q(most_looks=None)
                | models.Q(most_looks__gte=1, looks__lte=models.F("most_looks")),
                name="share_looked_at_as_often_as_allowed",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_id", "-made_at"], name="share_owner"),
            models.Index(fields=["ends_at"], name="share_ends_at"),
        ]

    def __str__(self) -> str:
        return f"share {self.id}"

    def is_open(self, at: datetime) -> bool:
        """Whether files may still be read by it; a look that was begun goes on though it was the last."""
        return self.revoked_at is None and at < self.ends_at

    @property
    def is_used_up(self) -> bool:
        return self.most_looks is not None and self.looks >= self.most_looks


class SharedDocument(models.Model):
    """A document of a share."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "document"], name="shared_document_once")]

    def __str__(self) -> str:
        return f"{self.document_id} in {self.share_id}"
