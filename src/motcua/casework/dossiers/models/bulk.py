"""Acts on many dossiers at once, and the filters that officers keep for their inbox."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class BulkAct(models.Model):
    """One act on many dossiers, as an officer or a program confirmed it. Its id comes from the page, so that sending
    twice makes one. Each dossier's act is its own: transaction, entry of the journal, refusal.

    `account`: of the officer; none where a program acts in its own name. `inputs`: what the act takes beside.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(
        "registry_access.Account", null=True, on_delete=models.PROTECT, related_name="+"
    )
    client = models.ForeignKey(
        "registry_access.SystemClient", null=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=30)
    inputs = models.JSONField(default=dict)
    # In which the refusals are written.
    language = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | models.Q(client__isnull=False),
                name="bulk_act_of_somebody",
            )
        ]
        indexes = [models.Index(fields=["account", "-made_at"], name="bulk_act_account")]

    def __str__(self) -> str:
        return f"{self.act} {self.id}"


class BulkActItem(models.Model):
    """One dossier of it, as the list showed it, and what became of it.

    `dossier_id` is no key: a program may name one that does not exist, and is told so item by item.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"

    bulk = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField()
    dossier_id = models.UUIDField()
    task_id = models.UUIDField(null=True)
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # A problem as a single act would have been answered with.
    problem = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "position"], name="bulk_act_item_position"),
            models.CheckConstraint(
                condition=models.Q(state="refused", problem__isnull=False)
                | models.Q(state__in=["waiting", "done"], problem=None),
                name="bulk_act_item_refused_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.bulk_id}"


class InboxFilter(models.Model):
    """A filter of the inbox that an officer named, for themself or for their unit.

    `criteria`: as the inbox's address says them, and the words, which no address says. One of an officer's own is
    where the inbox begins.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(
        "registry_organisations.Officer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Whose officers see it too.
    unit = models.ForeignKey(
        "registry_organisations.Unit", null=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(max_length=60)
    criteria = models.JSONField(default=dict)
    is_default = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "name"], name="inbox_filter_name"),
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(is_default=True), name="inbox_filter_one_default"
            ),
        ]

    def __str__(self) -> str:
        return f"inbox filter {self.id}"
