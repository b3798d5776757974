from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import mask_number


class Person(models.Model):
    """A natural person, as the eID last described them.

    The number is personal data: shown masked, never in a URL, log or file name.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="person"
    )
    personal_number = models.CharField(max_length=12, unique=True)
    full_name = models.CharField(max_length=300)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=[("male", "male"), ("female", "female")])
    ethnicity = models.CharField(max_length=50, blank=True)
    nationality = models.CharField(max_length=50, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    residence = models.CharField(max_length=500, blank=True)
    residence_place_code = models.CharField(max_length=5, blank=True)
    assurance_level = models.PositiveSmallIntegerField()
    verified_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(personal_number__regex=r"^\d{12}$"), name="personal_number_form"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.id}"

    @property
    def masked_number(self) -> str:
        return mask_number(self.personal_number)


class ContactKind(models.TextChoices):
    PHONE = "phone"
    EMAIL = "email"


class ConfirmedContact(models.Model):
    """A telephone number or e-mail address that the person confirmed here: what the eID says replaces it no more.

    Empty: the person had it erased. `eid_value`: what the eID said at the last sign-in.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="confirmed_contacts")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = models.CharField(max_length=254, blank=True)
    eid_value = models.CharField(max_length=254, blank=True)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_confirmed_contact")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class ContactChange(models.Model):
    """A change under way: a code goes to the old and to the new address; both, or a fresh eID sign-in and a wait.

    The codes are nowhere: they are computed under a key outside the database from the id, the round and the side.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_changes")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    old_value = models.CharField(max_length=254, blank=True)
    new_value = models.CharField(max_length=254, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    old_tries = models.PositiveSmallIntegerField(default=0)
    new_tries = models.PositiveSmallIntegerField(default=0)
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    # The old address is lost; a fresh eID sign-in stands for it.
    old_waived_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    codes_expire_at = models.DateTimeField()
    # Set for a change that waits, so that the old address's owner can stop it.
    takes_effect_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(done_at=None, stopped_at=None),
                name="one_open_contact_change",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None)
                | models.Q(new_confirmed_at__isnull=False)
                & (models.Q(old_confirmed_at__isnull=False) | models.Q(old_waived_at__isnull=False)),
                name="contact_change_is_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="contact_change_person"),
            models.Index(fields=["new_value", "-started_at"], name="contact_change_address"),
        ]

    def __str__(self) -> str:
        return f"change of {self.kind} {self.id}"


class Consent(models.Model):
    """What a person agreed to, in which version of the words, and until when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=models.Q(withdrawn_at=None), name="one_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.person_id}"


class DataRequest(models.Model):
    """What a person asks about their own data, and the answer. Source: Decree 13/2023/NĐ-CP Art. 9, 14-16."""

    class Kind(models.TextChoices):
        DOWNLOAD = "download"
        CORRECT = "correct"
        ERASE = "erase"
        # About one reading in the data tracker.
        ASK = "ask"

    class Status(models.TextChoices):
        OPEN = "open"
        GRANTED = "granted"
        PARTLY = "partly"
        REFUSED = "refused"
        TAKEN_BACK = "taken_back"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="data_requests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    # Which source is wrong (kind correct), or which holdings are to go (erase).
    about = models.JSONField(default=list)
    words = models.TextField(blank=True)
    entry_id = models.UUIDField(null=True)
    evidence = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    law = models.CharField(max_length=500, blank=True)
    # The archive of everything held; gone after some days.
    result = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(status="open", kind__in=["download", "erase"]),
                name="one_open_data_request",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", answered_at=None)
                | ~models.Q(status="open") & models.Q(answered_at__isnull=False),
                name="data_request_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["partly", "refused"])
                | ~models.Q(answer="") & ~models.Q(law=""),
                name="data_request_refusal_has_law",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="data_request_person"),
            models.Index(
                fields=["due_at", "id"], name="data_request_open", condition=models.Q(status="open")
            ),
            models.Index(fields=["-answered_at"], name="data_request_answered"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What person and officer call it; not personal."""
        return f"YC-{self.id.hex[-8:].upper()}"
