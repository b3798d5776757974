"""What is kept of limits: the clocks' moments, warnings that were given, due dates that were counted anew."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Clocked(models.Model):
    """The moments of a dossier's clocks; see docs/deadlines.md."""

    # When the result is promised to the applicant; null before acceptance.
    due_at = models.DateTimeField(null=True)
    # The same without an extension: the basis of statistics (vietnam.md 1.4, 5).
    basis_at = models.DateTimeField(null=True)
    # Since when the clock stands still.
    stopped_at = models.DateTimeField(null=True)
    # Until when an online dossier is to be accepted, asked for a supplement or refused, and when it was (T2).
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # When the law decides if nobody has (`silence` of the procedure).
    silent_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            # Only an extension parts the two, and only later.
            models.CheckConstraint(
                condition=models.Q(due_at=None, basis_at=None)
                | models.Q(basis_at__isnull=False, basis_at__lte=models.F("due_at")),
                name="dossier_basis_is_the_earlier",
            ),
        ]
        indexes = [
            # Figures count by the original date.
            models.Index(
                fields=["basis_at"], name="dossier_basis", condition=models.Q(basis_at__isnull=False)
            ),
            # What the sweeps of deadlines look for: unanswered, running, decided by silence.
            models.Index(
                fields=["answer_by"],
                name="dossier_unanswered",
                condition=models.Q(status=1, answered_at=None, answer_by__isnull=False),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="dossier_running",
                condition=models.Q(status__in=[2, 4], stopped_at=None),
            ),
            models.Index(
                fields=["silent_at"],
                name="dossier_silent",
                condition=models.Q(status__in=[2, 4], stopped_at=None, silent_at__isnull=False),
            ),
        ]


class DeadlineWarning(models.Model):
    """That a warning of a limit was given, so that it is given once. `task_id`: of a step's limit; None: the whole's.

    `told`: how many people; who they were is in their messages.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="warnings", db_index=False
    )
    task_id = models.UUIDField(null=True)
    code = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField()
    told = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "task_id", "code", "due_at"], name="warning_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(
                fields=["task_id", "code"], name="warning_task", condition=models.Q(task_id__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.dossier_id}"


class Recomputation(models.Model):
    """Due dates counted anew after a calendar or a rule changed: first looked at by a job, then confirmed and done.

    `agency_path`: whose dossiers; `reason`: what changed. Its id comes from the page, so that sending twice makes one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("registry_access.Account", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry_organisations.Officer", on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300)
    reason = models.TextField()
    made_at = models.DateTimeField()
    # The job has looked at every dossier; it was confirmed; all of it is done.
    looked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(looked_at__isnull=False),
                name="recomputation_looked_at_first",
            )
        ]
        indexes = [models.Index(fields=["officer", "-made_at"], name="recomputation_officer")]

    def __str__(self) -> str:
        return f"recomputation {self.id}"


class RecomputedDossier(models.Model):
    """A dossier whose due date a recomputation would change, from what to what, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"

    recomputation = models.ForeignKey(
        Recomputation, on_delete=models.PROTECT, related_name="items", db_index=False
    )
    dossier = models.ForeignKey("casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Code of the error that refused it.
    problem = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recomputation", "dossier"], name="recomputed_once"),
            models.CheckConstraint(
                condition=models.Q(state="refused") & ~models.Q(problem="")
                | models.Q(state__in=["waiting", "done"], problem=""),
                name="recomputed_refused_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["recomputation", "due_before", "dossier"], name="recomputed_list")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.state}"
