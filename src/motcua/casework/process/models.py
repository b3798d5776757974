from __future__ import annotations

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
    """A process that runs for one subject."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT, related_name="+")
    subject = models.UUIDField(unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"process of {self.subject}"


class Task(models.Model):
    """Work somebody with the role at the agency must do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="tasks")
    subject = models.UUIDField()
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=20)
    agency_path = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instance"], condition=models.Q(completed_at=None), name="one_open_task"
            ),
            models.CheckConstraint(
                condition=models.Q(completed_at=None, outcome="") | models.Q(completed_at__isnull=False),
                name="task_outcome_when_done",
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
            models.Index(fields=["subject", "opened_at"], name="task_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.subject}"
