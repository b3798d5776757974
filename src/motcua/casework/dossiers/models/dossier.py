"""An application, from the draft to its result, with its papers and what was said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Now

from motcua.casework.dossiers.bases import Brought, Owned, Reusable
from motcua.casework.dossiers.models.deadlines import Clocked
from motcua.foundation.files.models import StoredFile
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.ids import new_id

if TYPE_CHECKING:
    from motcua.casework.dossiers.services.linked_cases import Application


class Draft(Brought, Owned):
    """An application being filled in. Its id becomes the dossier's id, so that submitting twice makes one.

    By the applicant; or at a counter by an officer for an applicant who is present.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Who fills it in, for themselves or in the owner's name.
    applicant = models.ForeignKey("registry_people.Person", on_delete=models.PROTECT, related_name="drafts")
    version = models.ForeignKey(
        "registry_catalogue.ProcedureVersion", on_delete=models.PROTECT, related_name="+"
    )
    answers = models.JSONField(default=dict)
    # The page where the person stopped, "check" for the last one; empty before anything was saved.
    page = models.CharField(max_length=60, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField()
    # Where an officer fills it in, and which officer began.
    counter = models.ForeignKey(
        "registry_organisations.Agency", null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_by = models.UUIDField(null=True)
    # What the officer ticked as handed in on paper: {component: {sort of paper: how many}}.
    ticked = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    # The part of a linked case that this will be. While the system holds it for what it waits for, nobody edits it.
    part = models.OneToOneField(
        "casework_dossiers.LinkedPart", null=True, on_delete=models.CASCADE, related_name="draft"
    )
    is_held = models.BooleanField(default=False, db_default=False)

    class Meta(Owned.Meta):
        constraints = [
            *Owned.Meta.constraints,
            *Brought.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(counter=None, taken_by=None, brought_by=None, ticked={})
                | models.Q(counter__isnull=False, taken_by__isnull=False),
                name="draft_at_a_counter_by_an_officer",
            ),
            models.CheckConstraint(
                condition=models.Q(is_held=False) | models.Q(part__isnull=False), name="draft_held_is_a_part"
            ),
        ]
        indexes = [models.Index(fields=["applicant", "-updated_at"], name="draft_applicant")]

    def __str__(self) -> str:
        return f"draft {self.id}"


class DraftPaper(Reusable):
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="papers")
    component = models.CharField(max_length=60)
    file = models.ForeignKey("foundation_files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta(Reusable.Meta):
        constraints = [
            *Reusable.Meta.constraints,
            models.UniqueConstraint(fields=["draft", "component", "file"], name="draft_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.component} of {self.draft_id}"


class ReturnWay(models.TextChoices):
    """How a result reaches its owner; it lies in their warehouse as well, whichever way."""

    WAREHOUSE = "warehouse"
    COUNTER = "counter"
    POST = "post"


class Dossier(Clocked, Brought, Owned):
    """An application that was submitted. Status codes per vietnam.md 1.1, the legal code per Circular 03/2025."""

    id = models.UUIDField(primary_key=True, editable=False)
    # Until acceptance people use the reference; the legal code comes with it and never changes.
    reference = models.CharField(max_length=20)
    code = models.CharField(max_length=50, null=True)  # noqa: DJ001  none before acceptance
    version = models.ForeignKey(
        "registry_catalogue.ProcedureVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    procedure_code = models.CharField(max_length=8)
    # Which of the procedure's cases the answers made it, at submission; empty: it has none, or none applied.
    case = models.CharField(max_length=40, blank=True, default="", db_default="")
    # What its agency offered otherwise than published when it was filed (`offering.under_terms`); None: nothing.
    terms = models.JSONField(null=True)
    # Who submitted it, for themselves or in the owner's name.
    applicant = models.ForeignKey("registry_people.Person", on_delete=models.PROTECT, related_name="dossiers")
    # Its index begins with it, as those of a dossier's papers below.
    agency = models.ForeignKey(
        "registry_organisations.Agency", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency_path = models.CharField(max_length=300)
    channel = models.PositiveSmallIntegerField(choices=[(1, "counter"), (2, "online"), (3, "post")])
    # The agency at whose counter it was taken in, where that is not the one that decides.
    counter = models.ForeignKey(
        "registry_organisations.Agency", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.PositiveSmallIntegerField()
    # The linked case whose part it is; that of its first dossier has the same id.
    linked = models.ForeignKey(
        "casework_dossiers.LinkedCase", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Grows with every act; a page that shows an older one is told so.
    revision = models.PositiveIntegerField(default=1)
    answers = models.JSONField()
    # The applicant as the eID described them on the day of submission, and in whose name they came, if not their own.
    applicant_facts = models.JSONField()
    owner_facts = models.JSONField(null=True)
    # Folded names and codes, for the officers' search.
    search_text = models.TextField()
    submitted_at = models.DateTimeField()
    # When it was entered from a paper sheet, later than it came in; None where it was entered when it came.
    entered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    # How the due date was computed, step by step (worktime).
    due_steps = models.JSONField(default=list)
    # What stopped and restarted the clock since acceptance: [{"kind", "at"}], as worktime's history takes it.
    clock = models.JSONField(default=list)
    # The move that can be taken back: the task's number, by whom, the status before, the revision after.
    last_move = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    # How the result was handed over; empty before, and of dossiers from when this was not asked.
    return_way = models.CharField(
        max_length=10, choices=ReturnWay.choices, blank=True, default="", db_default=""
    )
    # Of the consignment, where the result went by post.
    return_tracking = models.CharField(max_length=40, blank=True, default="", db_default="")
    # Who took it at the counter.
    return_receiver = models.CharField(max_length=300, blank=True, default="", db_default="")
    # When an act last moved it: programs that follow many dossiers ask for what is new since then.
    updated_at = models.DateTimeField()
    # The program that filed it, and whether only to try: then it is shown as a test and counted nowhere.
    client = models.ForeignKey(
        "registry_access.SystemClient", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_test = models.BooleanField(default=False, db_default=False)
    # The result is a letter that refuses what was applied for.
    is_declined = models.BooleanField(default=False, db_default=False)
    # Of the first dossier of a linked case while it comes into being: what was applied for.
    application: Application | None = None
    # How far its procedure is offered online there, while it is begun.
    level = ""
    # When answers and papers were erased under the schedule.
    disposed_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        constraints = [
            *Owned.Meta.constraints,
            *Brought.Meta.constraints,
            *Clocked.Meta.constraints,
            # Not `unique=True`, which adds an index for prefixes that nobody asks for and every submission pays for.
            models.UniqueConstraint(fields=["reference"], name="dossier_reference_once"),
            models.UniqueConstraint(fields=["code"], name="dossier_code_once"),
            models.CheckConstraint(
                condition=models.Q(is_test=False) | models.Q(client__isnull=False),
                name="dossier_test_has_client",
            ),
            # A test takes no number from the real series, and no real dossier looks like a test.
            models.CheckConstraint(
                condition=models.Q(code=None)
                | models.Q(is_test=True, code__startswith="TEST.")
                | models.Q(models.Q(is_test=False), ~models.Q(code__startswith="TEST.")),
                name="dossier_test_code",
            ),
            models.CheckConstraint(condition=models.Q(status__range=(1, 10)), name="dossier_status"),
            models.CheckConstraint(
                condition=models.Q(entered_at=None) | models.Q(entered_at__gte=models.F("submitted_at")),
                name="dossier_entered_after_it_came",
            ),
            models.CheckConstraint(
                condition=models.Q(code=None) | models.Q(code__regex=r"^[A-Z0-9.]{3,35}-\d{6}-\d{4,8}$"),
                name="dossier_code_form",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[1, 3, 5, 7, 8], accepted_at=None)
                | models.Q(code__isnull=False, accepted_at__isnull=False, due_at__isnull=False),
                name="dossier_accepted_has_code_and_due",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[9, 10]) | models.Q(finished_at__isnull=False),
                name="dossier_finished_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(return_way="post") & ~models.Q(return_tracking="")
                | ~models.Q(return_way="post") & models.Q(return_tracking=""),
                name="dossier_posted_has_tracking",
            ),
        ]
        indexes = [
            *Clocked.Meta.indexes,
            # The register: a book of one agency, latest first.
            models.Index(
                fields=["agency_path", "-accepted_at", "-id"],
                name="dossier_register",
                condition=models.Q(accepted_at__isnull=False, is_test=False),
            ),
            # Results that nobody collected yet, longest first.
            models.Index(
                fields=["agency_path", "finished_at", "id"],
                name="dossier_uncollected",
                condition=models.Q(status=9, is_test=False),
            ),
            # What lay on paper first and is under way, for leaders; soonest due first.
            models.Index(
                fields=["agency_path", "due_at"],
                name="dossier_entered_later",
                condition=models.Q(entered_at__isnull=False, finished_at=None),
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=["owner_person", "-submitted_at"], name="dossier_owner_person"),
            models.Index(
                fields=["owner_organisation", "-submitted_at"],
                name="dossier_owner_organisation",
                condition=models.Q(owner_organisation__isnull=False),
            ),
            models.Index(fields=["updated_at", "id"], name="dossier_updated"),
            models.Index(fields=["agency", "status"], name="dossier_agency_status"),
            # Lists of whole provinces; those of an agency, latest first, with the words that are searched there.
            models.Index(fields=["-submitted_at", "-id"], name="dossier_submitted"),
            models.Index(
                fields=["agency_path", "-submitted_at", "-id"],
                name="dossier_agency_words",
                include=["search_text"],
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="dossier_search"),
            models.Index(
                fields=["client", "-submitted_at", "-id"],
                name="dossier_client",
                condition=models.Q(client__isnull=False),
            ),
            models.Index(fields=["id"], name="dossier_test", condition=models.Q(is_test=True)),
            models.Index(fields=["linked"], name="dossier_linked", condition=models.Q(linked__isnull=False)),
            # What a counter took in for other agencies, latest first.
            models.Index(
                fields=["counter", "-accepted_at", "-id"],
                name="dossier_counter",
                condition=models.Q(counter__isnull=False),
            ),
            # Children whose birth was registered, for reminders as they grow up.
            models.Index(
                KT("answers__birth_date"),
                name="dossier_born",
                condition=models.Q(status__in=[9, 10], answers__has_key="birth_date"),
            ),
        ]

    def __str__(self) -> str:
        return self.code or self.reference

    @property
    def owner_name(self) -> str:
        """In whose name it is: the organisation, the principal, or the applicant."""
        return str((self.owner_facts or self.applicant_facts)["full_name"])


class Component(Reusable):
    """A paper of a dossier: what was handed in, or used again, for a component the procedure names."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="components", db_index=False)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    file = models.ForeignKey("foundation_files.StoredFile", on_delete=models.PROTECT, related_name="+")
    # The request it was handed in for, later than the rest.
    supplement = models.ForeignKey(
        "SupplementRequest", null=True, on_delete=models.PROTECT, related_name="papers"
    )
    # 0 not digitised, 1 digitised, 2 used again, 3 used again as the result of another dossier (vietnam.md 1.6).
    digitisation = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta(Reusable.Meta):
        constraints = [
            *Reusable.Meta.constraints,
            models.UniqueConstraint(fields=["dossier", "code", "file"], name="component_once"),
            models.CheckConstraint(
                condition=models.Q(digitisation__range=(0, 3)), name="component_digitisation_known"
            ),
        ]
        # Few papers come from the warehouse: which dossiers rely on a document that is revoked.
        indexes = [
            models.Index(
                fields=["document"], name="component_document", condition=models.Q(document__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.name


class PaperSort(models.TextChoices):
    """What sort of paper was handed in, as form 01 lists it (vietnam.md 1.5)."""

    ORIGINAL = "original"
    CERTIFIED = "certified"
    COPY = "copy"


class PaperHandedIn(models.Model):
    """Paper that was handed in at a counter for a component, scanned or not: it lies in the dossier's paper file."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="handed_in")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    sort = models.CharField(max_length=10, choices=PaperSort.choices)
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "code", "sort"], name="paper_handed_in_once"),
            models.CheckConstraint(condition=models.Q(count__range=(1, 99)), name="paper_handed_in_count"),
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.sort} {self.name}"


class OfficialDocument(models.Model):
    """A paper the agency makes for a dossier: form 01, a draft of the result, the result.

    `content` is what is printed, fixed when the act is done; the file may follow by a job.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        DRAFT = "draft"
        RESULT = "result"
        SUPPLEMENT = "supplement"
        # Form 03, the notice of stopping, the payment notice. A letter that refuses after examination is a result.
        REFUSAL = "refusal"
        STOPPING = "stopping"
        PAYMENT = "payment"
        APOLOGY = "apology"
        CONTROL = "control"
        RETURN = "return"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="documents", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    edition = models.PositiveIntegerField(default=1)
    number = models.CharField(max_length=60)
    content = models.JSONField()
    made_at = models.DateTimeField()
    # None: the system.
    made_by = models.UUIDField(null=True)
    file = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The edition of an older draft that this one repeats word for word.
    restored_from = models.PositiveIntegerField(null=True)
    # A form that an officer signed digitally; results are signed by an act of their own.
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "kind", "edition"], name="one_edition"),
            models.CheckConstraint(
                condition=models.Q(signed_at=None) | models.Q(file__isnull=False),
                name="document_signed_has_file",
            ),
        ]
        indexes = [
            # What an officer drafted, for who moves their work.
            models.Index(
                fields=["made_by", "dossier"], name="document_drafted_by", condition=models.Q(kind="draft")
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def stored(self) -> StoredFile:
        """The PDF of a document that has one: drafts and results always do."""
        if self.file is None:
            raise NotFound
        return self.file


class Opinion(models.Model):
    """What a unit or another agency was asked about a dossier, and its answer.

    `task_id`: the task in which it was asked, or the step of the process at which it was given. `shown`: codes of the
    components that the asked may open; none: all. While it is open the asked agency reads the dossier.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="opinions")
    task_id = models.UUIDField()
    agency_path = models.CharField(max_length=300)
    unit_id = models.UUIDField(null=True)
    # As it was called then.
    asked_name = models.CharField(max_length=300)
    question = models.TextField()
    shown = models.JSONField(default=list)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    file = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by=None, text="", file=None)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(text=""),
                name="opinion_answered_whole",
            )
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "due_at"],
                name="opinion_asked",
                condition=models.Q(answered_at=None),
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"opinion of {self.asked_name}"
