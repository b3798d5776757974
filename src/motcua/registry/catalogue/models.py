from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from motcua.foundation.kernel.ids import new_id


class Procedure(models.Model):
    """An administrative procedure under its national code; what it says is in its versions.

    Source of the code's form: real codes of the national portal, `^\\d\\.\\d{6}$`.
    """

    code = models.CharField(max_length=8, primary_key=True)
    # {"vi": ..., "en": ..., "de": ...}; Vietnamese is the legal name.
    names = models.JSONField()
    sector = models.CharField(max_length=100)
    level = models.CharField(max_length=10)
    is_online = models.BooleanField(default=False)
    # For lists: {"limit": "5wd", "fee": {...}, "sector": {...}}, texts by language.
    facts = models.JSONField(default=dict)
    # Folded: names in all languages, everyday words, sector, code.
    search_text = models.TextField()
    search_name = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^\d\.\d{6}$"), name="procedure_code")
        ]
        indexes = [GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="procedure_search")]

    def __str__(self) -> str:
        return f"{self.code} {self.names.get('vi', '')}"


class ProcedureVersion(models.Model):
    """What a procedure says from a day on. A dossier keeps the version of its filing."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="one_version_number"),
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


class LifeEvent(models.Model):
    """ "Sinh con", "Kết hôn": what happens in a life and the procedures it needs, in order."""

    code = models.CharField(max_length=20, primary_key=True)
    position = models.PositiveSmallIntegerField()
    icon = models.CharField(max_length=20)
    names = models.JSONField()
    descriptions = models.JSONField()
    procedure_codes = models.JSONField(default=list)
    search_text = models.TextField()

    def __str__(self) -> str:
        return self.code
