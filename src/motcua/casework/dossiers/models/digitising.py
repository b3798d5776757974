"""Papers made searchable at the desk, what was read from them and confirmed, and certified electronic copies."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Digitisation(models.Model):
    """One paper (component) of a dossier or of a draft, made one searchable PDF/A of the files that were handed in.

    `subject`: the draft's id, which becomes the dossier's. `sources`: ids of the stored files, in their order; others
    make another one. What was handed in stays as it is, whatever becomes of this.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    class CopiedFrom(models.TextChoices):
        """What the paper at the desk was, by which the words of the copy differ."""

        ORIGINAL = "original"
        CERTIFIED = "certified"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.UUIDField()
    component = models.CharField(max_length=60)
    sources = models.JSONField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    # 0 until they were counted.
    pages = models.PositiveSmallIntegerField(default=0)
    pages_done = models.PositiveSmallIntegerField(default=0)
    # Numbers of pages with nothing on them, from 1.
    empty_pages = models.JSONField(default=list)
    has_words = models.BooleanField(default=False)
    # A code of foundation.files.digitising_errors.
    problem = models.CharField(max_length=40, blank=True)
    problem_fields = models.JSONField(default=dict)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    file = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # What an officer confirmed: {name in the pack's extraction.yaml: value}. What was only read is kept nowhere.
    values = models.JSONField(null=True)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    copy = models.ForeignKey(
        "foundation_files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    copied_from = models.CharField(max_length=9, choices=CopiedFrom.choices, blank=True)
    copy_number = models.CharField(max_length=60, blank=True)
    copied_by = models.UUIDField(null=True)
    copied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "component", "sources"], name="digitisation_once"),
            models.CheckConstraint(
                condition=models.Q(state="done", file__isnull=False, problem="", finished_at__isnull=False)
                | models.Q(
                    models.Q(state="failed", file=None, finished_at__isnull=False), ~models.Q(problem="")
                )
                | models.Q(state__in=["waiting", "running"], file=None, problem="", finished_at=None),
                name="digitisation_state_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(pages_done__lte=models.F("pages")), name="digitisation_pages"
            ),
            models.CheckConstraint(
                condition=models.Q(values__isnull=True, confirmed_by=None, confirmed_at=None)
                | models.Q(
                    state="done",
                    values__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                ),
                name="digitisation_values_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(copy=None, copied_from="", copy_number="", copied_by=None, copied_at=None)
                | models.Q(
                    models.Q(state="done", copy__isnull=False, copied_by__isnull=False),
                    models.Q(copied_at__isnull=False, copied_from__in=["original", "certified"]),
                    ~models.Q(copy_number=""),
                ),
                name="digitisation_copy_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} of {self.subject}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}
