"""What acts of the law leave behind: how a dossier ended, what was to be paid, where it went."""

from __future__ import annotations

from django.db import models

from motcua.foundation.kernel.ids import new_id


class Ending(models.Model):
    """A dossier was refused at reception, withdrawn, stopped, suspended, or refused by the law's silence; what an
    agency stopped or suspended may be undone.

    `ground`: a code of the pack's `dossier_law.yaml`, or "silence"; `status`: the one before; `tokens`: ids of what was
    open in its process; `stops_clock`: whether its clock ran until then. `made_by` None: the system. `undone_at`: when
    it was taken up again. Source: vietnam.md 1.2; Circular 03/2025/TT-VPCP art. 7.
    """

    class Kind(models.TextChoices):
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        STOPPED = "stopped"
        SUSPENDED = "suspended"
        SILENCE = "silence"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey("casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ground = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField()
    # Form 03 or the notice; none for who withdraws before acceptance.
    document = models.OneToOneField(
        "casework_dossiers.OfficialDocument", null=True, on_delete=models.PROTECT, related_name="ending"
    )
    tokens = models.JSONField(default=list)
    stops_clock = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    undone_by = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(undone_at=None), name="one_ending_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None)
                | models.Q(undone_at__isnull=False, kind__in=["stopped", "suspended"]),
                name="ending_undone_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id}"


class PaymentRequest(models.Model):
    """What the applicant is to pay before the dossier goes on, and by what it was proved.

    `status`: to which the dossier goes back. `due_at`: until when it is to be paid; None: asked before there was a
    term. `confirmed_by` None: a program said so. Source: vietnam.md 1.2.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="payments_requested"
    )
    document = models.OneToOneField(
        "casework_dossiers.OfficialDocument", on_delete=models.PROTECT, related_name="payment_request"
    )
    what = models.CharField(max_length=500)
    amount_vnd = models.PositiveBigIntegerField()
    step = models.CharField(max_length=120)
    status = models.PositiveSmallIntegerField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=100, blank=True)
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(confirmed_at=None), name="one_open_payment"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[2, 4], amount_vnd__range=(1, 999_999_999_999)),
                name="payment_request_status",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None, receipt="")
                | models.Q(confirmed_at__isnull=False),
                name="payment_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"payment of {self.dossier_id}"


class Transfer(models.Model):
    """A dossier went to the agency that is competent for it; the former one still reads it while it is under way."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(
        "casework_dossiers.Dossier", on_delete=models.PROTECT, related_name="transfers"
    )
    from_agency = models.ForeignKey(
        "registry_organisations.Agency", on_delete=models.PROTECT, related_name="+"
    )
    to_agency = models.ForeignKey("registry_organisations.Agency", on_delete=models.PROTECT, related_name="+")
    from_path = models.CharField(max_length=300)
    reason = models.TextField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_agency=models.F("to_agency")), name="transfer_to_another"
            )
        ]
        indexes = [
            models.Index(fields=["from_path"], name="transfer_from", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} to {self.to_agency_id}"
