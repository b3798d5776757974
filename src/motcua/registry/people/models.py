from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce, Now

from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.text import mask_number

_NO_ID = "00000000-0000-0000-0000-000000000000"


def _period() -> models.Func:
    return models.Func("valid_from", "valid_to", function="DATERANGE", output_field=DateRangeField())


class Person(models.Model):
    """A natural person, as the eID or an officer last described them.

    The number is personal data: shown masked, never in a URL, log or file name. `assurance_level` 0: never signed in.
    """

    class Kind(models.TextChoices):
        CITIZEN = "citizen"
        FOREIGNER = "foreigner"
        # Known to the State by a birth, not by a number yet.
        NEWBORN = "newborn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="person"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CITIZEN)
    personal_number = models.CharField(max_length=12, null=True)  # noqa: DJ001  none is not empty
    full_name = models.CharField(max_length=300)
    # Folded, to find who looks the same.
    search_name = models.CharField(max_length=300, blank=True)
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
    # The same human being was entered twice: this row is only a name for that one.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="aliases")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            # Not `unique=True`, which adds an index for prefixes that nobody asks for.
            models.UniqueConstraint(fields=["personal_number"], name="person_number_once"),
            models.CheckConstraint(
                condition=models.Q(personal_number=None) | models.Q(personal_number__regex=r"^\d{12}$"),
                name="personal_number_form",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="foreigner")
                | models.Q(kind="newborn", personal_number=None)
                | models.Q(kind="citizen", personal_number__isnull=False)
                | models.Q(kind="citizen", merged_into__isnull=False),
                name="person_number_by_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None)
                | (models.Q(account=None) & ~models.Q(merged_into=models.F("id"))),
                name="person_alias_has_no_account",
            ),
        ]
        indexes = [
            models.Index(fields=["search_name", "birth_date"], name="person_name_and_birth"),
            # Who reaches an age, of those who can be told here.
            models.Index(
                fields=["birth_date", "id"],
                name="person_birth",
                condition=models.Q(account__isnull=False, merged_into=None),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.id}"

    @property
    def masked_number(self) -> str:
        return mask_number(self.personal_number or "")


class IdentityPaper(models.Model):
    """A foreigner's passport or another paper that says who somebody is. The number is personal data."""

    class Kind(models.TextChoices):
        PASSPORT = "passport"
        RESIDENCE_CARD = "residence_card"
        OTHER = "other"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.CharField(max_length=20)
    # Issuing State as printed in the paper, one to three letters ("D", "FRA"). Source: ICAO Doc 9303, part 3.
    country = models.CharField(max_length=3)
    issued = models.DateField(null=True)
    expires = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "country", "number"], name="one_identity_paper"),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[A-Z0-9]{5,20}$", country__regex=r"^[A-Z]{1,3}$"),
                name="identity_paper_form",
            ),
            models.CheckConstraint(
                condition=models.Q(issued=None)
                | models.Q(expires=None)
                | models.Q(expires__gt=models.F("issued")),
                name="identity_paper_period",
            ),
        ]
        indexes = [models.Index(fields=["expires"], name="identity_paper_expires")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"

    @property
    def masked_number(self) -> str:
        return mask_number(self.number, shown=2)


class Organisation(models.Model):
    """Who is not a natural person and deals with the State: by tax code, or by a code of its own.

    Source of the codes: vietnam.md 2.1 (others begin with Z) and 2.7 (an enterprise number is its tax code).
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise"
        COOPERATIVE = "cooperative"
        HOUSEHOLD = "household_business"
        STATE_AGENCY = "state_agency"
        OTHER = "other"

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"
        ENDED = "ended"

    class Source(models.TextChoices):
        EID = "eid"
        OFFICER = "officer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    tax_code = models.CharField(max_length=14, unique=True, null=True)  # noqa: DJ001  none is not empty
    code = models.CharField(max_length=35, unique=True, null=True)  # noqa: DJ001  none is not empty
    legal_name = models.CharField(max_length=300)
    search_name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=500, blank=True)
    place_code = models.CharField(max_length=5, blank=True)
    # Where the organisation itself is told what happens; its representatives have addresses of their own.
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    source = models.CharField(max_length=10, choices=Source.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tax_code=None) | models.Q(tax_code__regex=r"^(\d{10}(-\d{3})?|\d{12})$"),
                name="organisation_tax_code_form",
            ),
            models.CheckConstraint(
                condition=models.Q(code=None)
                | models.Q(kind="state_agency", code__regex=r"^[A-Y]\d{2}(\.[0-9A-Z]{1,8})*$")
                | models.Q(kind="other", code__regex=r"^Z[0-9A-Z.]{1,34}$"),
                name="organisation_code_form",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_code__isnull=False)
                | models.Q(code__isnull=False, kind__in=["state_agency", "other"]),
                name="organisation_has_a_code",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="organisation_period",
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name


class Representation(models.Model):
    """Who acts for an organisation by office. `valid_from <= day < valid_to`, unless ended before."""

    class Role(models.TextChoices):
        LEGAL = "legal"
        AUTHORISED = "authorised"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="representations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="representations")
    role = models.CharField(max_length=10, choices=Role.choices)
    source = models.CharField(max_length=10, choices=Organisation.Source.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="representation_period",
            ),
            ExclusionConstraint(
                name="representation_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (_period(), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} representative {self.id}"


class Mandate(models.Model):
    """One lets another act in their name: for everything, one procedure or one dossier, until a day.

    Given online it counts once the agent accepts; entered at a counter, with the paper that both signed, at once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    principal_person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="mandates_given"
    )
    principal_organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="mandates_given"
    )
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_held")
    # Neither: for everything. A dossier is known only by its id here.
    procedure_code = models.CharField(max_length=8, blank=True)
    dossier_id = models.UUIDField(null=True)
    may_apply = models.BooleanField(default=False)
    may_see = models.BooleanField(default=False)
    may_receive = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField()
    given_at = models.DateTimeField()
    # Account of the principal, of who acts for the organisation, or of the officer who entered the paper.
    given_by = models.UUIDField()
    paper = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(principal_person=None, principal_organisation__isnull=False)
                | models.Q(principal_person__isnull=False, principal_organisation=None),
                name="mandate_has_one_principal",
            ),
            models.CheckConstraint(
                condition=models.Q(principal_person=None) | ~models.Q(principal_person=models.F("agent")),
                name="mandate_not_to_oneself",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__gt=models.F("valid_from")), name="mandate_period"
            ),
            models.CheckConstraint(
                condition=models.Q(may_apply=True) | models.Q(may_see=True) | models.Q(may_receive=True),
                name="mandate_for_something",
            ),
            models.CheckConstraint(
                condition=models.Q(procedure_code="")
                | models.Q(procedure_code__regex=r"^\d\.\d{6}$", dossier_id=None),
                name="mandate_one_purpose",
            ),
            *(
                ExclusionConstraint(
                    name=f"mandate_once_{principal}",
                    expressions=[
                        (f"principal_{principal}", RangeOperators.EQUAL),
                        ("agent", RangeOperators.EQUAL),
                        ("procedure_code", RangeOperators.EQUAL),
                        (
                            Coalesce("dossier_id", models.Value(_NO_ID), output_field=models.UUIDField()),
                            RangeOperators.EQUAL,
                        ),
                        (_period(), RangeOperators.OVERLAPS),
                    ],
                    condition=models.Q(ended_at=None),
                )
                for principal in ("person", "organisation")
            ),
        ]

    def __str__(self) -> str:
        return f"mandate {self.id}"


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
    # The old address is lost; a fresh eID sign-in stands for it, or an officer who saw the person's identity paper.
    old_waived_at = models.DateTimeField(null=True)
    # Account of that officer.
    entered_by = models.UUIDField(null=True)
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
            models.CheckConstraint(
                condition=models.Q(entered_by=None) | models.Q(old_waived_at__isnull=False),
                name="contact_change_at_desk_waives",
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
