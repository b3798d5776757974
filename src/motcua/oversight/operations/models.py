"""Alerts, what was changed about their rules, what is likely late, and when the watch last looked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from motcua.foundation.kernel.ids import new_id


class Severity(models.TextChoices):
    LOOK = "look"
    OVERDUE = "overdue"


class Alert(models.Model):
    """A rule that holds for an agency, or held. `scope`: the agency's path; "/" is the installation itself.

    `figures`: what raised it, as last seen: whole numbers. `version` grows with every act of a person, so that none
    acts on what they did not see. What was done about it is in the journal.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ACKNOWLEDGED = "acknowledged"
        RESOLVED = "resolved"

    class Ending(models.TextChoices):
        # The condition ended; a person said so; the rule was switched off.
        ENDED = "ended"
        PERSON = "person"
        RULE = "rule"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=60)
    scope = models.CharField(max_length=300)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    figures = models.JSONField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    # Since when the value is under the bound at which it ends.
    calm_since = models.DateTimeField(null=True)
    owner_id = models.UUIDField(null=True)
    # The first time.
    acknowledged_at = models.DateTimeField(null=True)
    # Until then it is shown in lists only, and nobody is told.
    silenced_until = models.DateTimeField(null=True)
    # How many levels were told, and when the next one is; null: nobody is.
    level = models.PositiveSmallIntegerField(default=0)
    escalates_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)
    # A person ended it while the condition went on: until then the rule keeps still, unless the condition ends before.
    held_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "scope"], condition=~Q(state="resolved"), name="one_open_alert"
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False) & ~Q(ending="")
                | Q(state__in=["open", "acknowledged"], resolved_at=None, ending=""),
                name="alert_resolved",
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged") | Q(owner_id__isnull=False, acknowledged_at__isnull=False),
                name="alert_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(ending="person"), name="alert_held_by_person"
            ),
            models.CheckConstraint(condition=Q(scope__regex=r"^/(.+/)?$"), name="alert_scope_form"),
        ]
        indexes = [
            models.Index(fields=["-since", "-id"], name="alert_since"),
            models.Index(
                fields=["scope", "-since"],
                name="alert_scope",
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            models.Index(fields=["rule", "scope"], name="alert_held", condition=Q(held_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.scope}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class Escalation(models.Model):
    """That a level was told of an alert: once."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="escalations", db_index=False)
    level = models.PositiveSmallIntegerField()
    # Whose leaders; "/": who looks after the installation.
    scope = models.CharField(max_length=300)
    told = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "level"], name="level_told_once")]

    def __str__(self) -> str:
        return f"level {self.level} of {self.alert_id}"


class RuleChange(models.Model):
    """How this installation changed a rule of the pack; the highest version counts, all are kept.

    `bounds`: every number of the rule (`rules.alerts.Bounds`), also those that stayed.
    """

    rule = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    is_enabled = models.BooleanField()
    bounds = models.JSONField()
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "version"], name="one_rule_version")]

    def __str__(self) -> str:
        return f"{self.rule} {self.version}"


class Watch(models.Model):
    """When a job of the room last looked at everything; its row is the lock of those who look.

    `failed`: measures that could not be read then.
    """

    name = models.CharField(max_length=20, primary_key=True)
    looked_at = models.DateTimeField(null=True)
    failed = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class LikelyLate(models.Model):
    """A dossier whose remaining steps need more working time than is left, as last computed."""

    dossier = models.OneToOneField(
        "casework_dossiers.Dossier", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    agency_path = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    # The step it lies in, by language; at which agency, with whom (null: nobody took it), since when.
    step = models.JSONField()
    lies_at = models.CharField(max_length=300)
    officer_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    # Working minutes.
    needed_minutes = models.PositiveIntegerField()
    left_minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(needed_minutes__gt=models.F("left_minutes")), name="likely_late_needs_more"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency_path", "due_at", "dossier"],
                name="likely_late_agency",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            models.Index(fields=["due_at", "dossier"], name="likely_late_due"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} is likely late"
