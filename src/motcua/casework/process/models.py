from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from motcua.foundation.kernel.ids import new_id


class ProcessDefinition(models.Model):
    """A published definition; never changed, a new text is a new row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "digest"], name="one_definition")]

    def __str__(self) -> str:
        return f"{self.code} {self.digest[:8]}"


class Instance(models.Model):
    """A process that runs for one subject.

    `outcomes`: the last outcome of each step, for conditions. `public_step`: the last step reached that has words for
    the citizen. `job`: the name of the job that moves it on when nobody acts (a timer, a service).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT, related_name="+")
    subject = models.UUIDField(unique=True)
    agency_path = models.CharField(max_length=300)
    job = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_number = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    outcomes = models.JSONField(default=dict)
    public_step = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"process of {self.subject}"


class Token(models.Model):
    """A place where a process stands, or stood: it waits for a person, a time, a message, a service, others to join.

    `number` names it within its instance; `arrived`: the flow it came by; `cause`: the number of the token whose
    leaving made it, None where none was left. A task (kind "task") says whose it is, who holds `role` at `agency_path`,
    in `unit_id` where one is named; and by which act it is done. `claimed_by` without `claimed_at`: meant for that
    officer, who has not taken it yet. `paused_at`: it waits for the citizen, and nothing is due. `counted_from`: when
    its limit and timers began, where that was not when it was opened.
    """

    class Kind(models.TextChoices):
        TASK = "task"
        SERVICE = "service"
        TIMER = "timer"
        MESSAGE = "message"
        CALL = "call"
        JOIN = "join"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="tokens", db_index=False)
    subject = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TASK)
    step = models.CharField(max_length=120)
    arrived = models.CharField(max_length=200, blank=True)
    cause = models.PositiveIntegerField(null=True)
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    paused_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(null=True)
    # Of tasks.
    lane = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, blank=True)
    act = models.CharField(max_length=20, blank=True)
    unit_id = models.UUIDField(null=True)
    agency_path = models.CharField(max_length=300, blank=True)
    is_elsewhere = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "number"], name="token_number"),
            models.CheckConstraint(
                condition=models.Q(completed_at=None, outcome="") | models.Q(completed_at__isnull=False),
                name="task_outcome_when_done",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="task", due_at__isnull=False) & ~models.Q(role="")
                | ~models.Q(kind="task") & models.Q(role="", due_at=None, claimed_by=None),
                name="task_has_role_and_due",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_at=None) | models.Q(claimed_by__isnull=False),
                name="task_claimed_by_somebody",
            ),
        ]
        indexes = [
            # The inbox: open tasks of a role below a path, by due date.
            models.Index(
                fields=["role", "agency_path", "due_at", "id"],
                name="task_inbox",
                condition=models.Q(completed_at=None),
                opclasses=["varchar_ops", "varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
            models.Index(
                fields=["claimed_by", "due_at"],
                name="task_claimed",
                condition=models.Q(completed_at=None, claimed_by__isnull=False),
            ),
            # What lies with agencies that do not decide: they see these dossiers for as long.
            models.Index(
                fields=["agency_path"],
                name="task_elsewhere",
                condition=models.Q(completed_at=None, is_elsewhere=True),
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(fields=["subject", "opened_at"], name="task_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.subject}"

    @property
    def due(self) -> datetime:
        """When it is due; the database keeps no task without."""
        if self.due_at is None:
            raise ValueError("only a task is due")
        return self.due_at


class _Tasks(models.Manager["Task"]):
    def get_queryset(self) -> models.QuerySet[Task]:
        return super().get_queryset().filter(kind=Token.Kind.TASK)


class Task(Token):
    """A token that waits for a person: work somebody with the role at the agency must do."""

    objects: ClassVar[models.Manager[Task]] = _Tasks()

    class Meta:
        proxy = True


class Timer(models.Model):
    """When a token is moved on, or, by a boundary timer (`name`), something happens beside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="timers", db_index=False)
    name = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "name"], name="timer_once")]
        indexes = [models.Index(fields=["due_at"], name="timer_due", condition=models.Q(fired_at=None))]

    def __str__(self) -> str:
        return f"{self.name} of {self.token_id}"
