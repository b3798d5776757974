from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """One row: what this database is for, and the stamp by which every process sees that settings changed."""

    class Kind(models.TextChoices):
        # Set up before this was asked, or not set up yet.
        UNKNOWN = ""
        DEMO = "demo"
        REAL = "real"

    id = models.SmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.UNKNOWN, blank=True)
    kind_set_at = models.DateTimeField(null=True)
    stamp = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_installation"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["", "demo", "real"]), name="installation_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.kind or "unknown"


class Setting(models.Model):
    """A value that an administrator chose. `value` null: chosen once, and back to what is usual since."""

    key = models.CharField(primary_key=True, max_length=80)
    # A secret's value is a Fernet token.
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()
    # An account's id; null: the command line.
    changed_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.key


class TrialRun(models.Model):
    """The last time that something outside was tried. `fingerprint`: of the settings it was tried with."""

    trial = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()
    succeeded = models.BooleanField()
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.trial
