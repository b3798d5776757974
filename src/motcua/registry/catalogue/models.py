from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.models import once_at_a_time


class Procedure(models.Model):
    """An administrative procedure under its national code; what it says is in its versions.

    Source of the code's form: real codes of the national portal, `^\\d\\.\\d{6}$`.
    """

    code = models.CharField(max_length=8, primary_key=True)
    # {"vi": ..., "en": ..., "de": ...}; Vietnamese is the legal name.
    names = models.JSONField()
    sector = models.CharField(max_length=100)
    level = models.CharField(max_length=10)
    # Every level it is handled at: "ministry", "province", "commune", "other"; `level` is the first.
    levels = models.JSONField(default=list)
    # The national portal's word for the ministry, "bo-tu-phap"; empty: not known.
    ministry = models.CharField(max_length=60, blank=True, default="")
    # The suffix of its code: "H19" for a province's own procedure, empty for the nation's.
    publisher = models.CharField(max_length=35, blank=True, default="")
    # Who says what lists show: a pack of ours, or the national portal's file alone.
    origin = models.CharField(max_length=6, default="pack")
    # As the portal says it: ["Công dân Việt Nam", ...].
    audience = models.JSONField(default=list)
    # Of "online", "counter", "post".
    channels = models.JSONField(default=list)
    # The day a complete file no longer had it: nobody can apply any more, running dossiers go on.
    removed_on = models.DateField(null=True)
    # Of the essential services of Project 06: 1 Decision 06/QĐ-TTg, 2 Decision 422/QĐ-TTg; a pack's list says which.
    essential_group = models.PositiveSmallIntegerField(null=True)
    is_online = models.BooleanField(default=False)
    # For lists: {"limit": "5wd", "fee": {...}, "sector": {...}}, texts by language.
    facts = models.JSONField(default=dict)
    # As people say it, all languages in one list.
    everyday = models.JSONField(default=list)
    # Folded, for lists in order of the name.
    search_name = models.CharField(max_length=500)
    # Applications in the last year, and what their applicants applied for next: counted every night from the journal.
    uses = models.PositiveIntegerField(default=0)
    next_codes = models.JSONField(default=list)
    # Changes whenever something does that searching reads, whoever writes it (see `finding`).
    search_mark = models.GeneratedField(
        expression=models.Func(
            template="hashtext(names::text || everyday::text || facts::text || levels::text || audience::text"
            " || sector || is_online::text || uses::text || (removed_on IS NULL)::text)",
            output_field=models.IntegerField(),
        ),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    # Number of the version that names and facts were taken from; 0: from a list, or from before this was kept.
    listed_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d\.\d{6}$"), name="procedure_code"),
            models.CheckConstraint(
                condition=models.Q(origin__in=["pack", "import"]), name="procedure_origin"
            ),
            models.CheckConstraint(
                condition=models.Q(essential_group=None) | models.Q(essential_group__in=[1, 2]),
                name="procedure_essential_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.names.get('vi', '')}"


# What never changes in a version and is too long to be read with every dossier.
CONTENT = ("definition", "result_template")
# For queries that follow `version`: `.defer(*VERSION_CONTENT)`.
VERSION_CONTENT = tuple(f"version__{name}" for name in CONTENT)
_contents: dict[UUID, dict[str, Any]] = {}


class ProcedureVersion(models.Model):
    """What a procedure says from a day on. A dossier keeps the version of its filing.

    One that ends on the day it begins was never in force: corrected on the same day, or withdrawn before its day.
    """

    class Origin(models.TextChoices):
        PACK = "pack"
        # Published by two people (casework.packs); no pack and no import replaces it.
        DESK = "desk"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    # The pack's files as loaded: {"procedure": ..., "form": ..., "process": ...}; digest over all of them.
    definition = models.JSONField()
    digest = models.CharField(max_length=64)
    # Template of the result, as text: a version is printed with the words it was published with.
    result_template = models.TextField(blank=True)
    # What lists and search show from its day on (`services.Listing`); {} for versions from before this was kept.
    listing = models.JSONField(default=dict)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PACK)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="one_version_number"),
            once_at_a_time("one_version_at_a_time", "procedure"),
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(valid_to=None), name="one_open_version"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="version_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} version {self.number}"

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Where a query left the content out (`defer`), it is read once a process, as it never changes."""
        names = list(fields) if fields is not None else None
        if not names or not set(names) <= set(CONTENT):
            super().refresh_from_db(using, names, from_queryset)
            return
        if self.pk not in _contents:
            super().refresh_from_db(using, CONTENT, from_queryset)
            _contents[self.pk] = {name: self.__dict__[name] for name in CONTENT}
        self.__dict__.update(_contents[self.pk])


class LifeEvent(models.Model):
    """ "Sinh con", "Kết hôn": what happens in a life and the procedures it needs, in order."""

    code = models.CharField(max_length=20, primary_key=True)
    position = models.PositiveSmallIntegerField()
    icon = models.CharField(max_length=20)
    names = models.JSONField()
    descriptions = models.JSONField()
    procedure_codes = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.code


class Captured(models.Model):
    """What a file of the national portal says of a procedure, as it was read; nothing is ever corrected in it."""

    class Source(models.TextChoices):
        INDEX = "index"  # procedures_index.csv: one line each, all procedures
        LOCAL = "local"  # procedures_local.jsonl: in detail, those of provinces and communes

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="captured")
    source = models.CharField(max_length=5, choices=Source)
    content = models.JSONField()
    # SHA-256 of the content: the same again is not written again.
    digest = models.CharField(max_length=64)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "source"], name="captured_once_a_source"),
            models.CheckConstraint(condition=models.Q(source__in=["index", "local"]), name="captured_source"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.source}"


class Doubt(models.Model):
    """A value in what was captured that may be wrong, and what somebody decided about it.

    Found by `rules.doubting`; `place` names the value inside the procedure, stable between two files.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CONFIRMED = "confirmed"  # right as it is
        CORRECTED = "corrected"  # `value` stands for it
        GONE = "gone"  # a newer file has nothing to doubt there

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="doubts")
    kind = models.CharField(max_length=30)
    place = models.CharField(max_length=1000)
    # {"value": as read, "words": what stands beside it}
    said = models.JSONField()
    # A value in its place; null: none can be guessed. `why`: a code of `rules.doubting` for where it comes from.
    guess = models.JSONField(null=True)
    why = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    # One act may decide many; it is undone as one.
    act = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    # Grows with every change: a form made before is told so.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "kind", "place"], name="one_doubt_a_place"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "confirmed", "corrected", "gone"]), name="doubt_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "gone"]) | models.Q(act__isnull=False),
                name="doubt_decided_by_an_act",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind", "procedure", "place"], name="doubt_list"),
            models.Index(fields=["act"], condition=models.Q(act__isnull=False), name="doubt_act"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.kind} {self.place}"


class PackFile(models.Model):
    """A file of a pack that belongs to no procedure: "synonyms", "everyday", "guides"."""

    name = models.CharField(max_length=20, primary_key=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class SoughtInVain(models.Model):
    """Words for which nothing was found, counted for the keeper of the catalogue. Never words with figures in them:
    they may be somebody's number (Law 91/2025/QH15 on personal data: no more than the purpose needs)."""

    words = models.CharField(max_length=80, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    # On how many days: somebody who tries again at once is still one person.
    days = models.PositiveIntegerField(default=1)
    last_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["-count", "words"], name="sought_most")]

    def __str__(self) -> str:
        return self.words


# At the end, as they point at the tables above.
from motcua.registry.catalogue.offers.models import DecidedProcedure as DecidedProcedure  # noqa: E402
from motcua.registry.catalogue.offers.models import Offer as Offer  # noqa: E402
from motcua.registry.catalogue.offers.models import PublicationDecision as PublicationDecision  # noqa: E402
