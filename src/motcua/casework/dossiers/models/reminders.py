"""What people were reminded of."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Reminder(models.Model):
    """A person was told, once, that something of theirs is due, by a rule of `reminders.yaml`.

    `about`: id of the paper, document or dossier the occasion comes from, "" for the person's own age. `day`: of the
    occasion. `application`: the draft that was prepared, which is the dossier's id once it is submitted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("registry_people.Person", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    about = models.CharField(max_length=36, blank=True)
    day = models.DateField()
    given_at = models.DateTimeField()
    application = models.UUIDField(null=True)
    taken_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "rule", "about", "day"], name="reminder_once"),
            models.CheckConstraint(
                condition=models.Q(application=None, taken_up_at=None)
                | models.Q(application__isnull=False, taken_up_at__isnull=False),
                name="reminder_taken_up_whole",
            ),
        ]
        indexes = [models.Index(fields=["day"], name="reminder_day")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What a message calls it; not personal."""
        return f"NN-{self.id.hex[-8:].upper()}"
