from __future__ import annotations

import secrets
from datetime import datetime

from allauth.idp.oidc.models import Client
from django.db import models
from django.db.models.functions import Now

from motcua.foundation.kernel.ids import new_id


def new_subject() -> str:
    return secrets.token_hex(16)


class SystemClient(models.Model):
    """A program that was let in, and for whom it acts. `oauth` is what the protocol knows of it.

    Either it uses the API in its own name (`sign_in` empty; client credentials), or it lets people sign in
    through us (`sign_in`: whom; authorization code with PKCE).
    """

    class SignIn(models.TextChoices):
        NOBODY = ""
        CITIZENS = "citizen"
        OFFICERS = "officer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    oauth = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="registration")
    # The owner, as it was at registration. No foreign key: organisations lie above this room.
    agency_id = models.UUIDField()
    agency_path = models.CharField(max_length=300)
    contact = models.CharField(max_length=200)
    purpose = models.CharField(max_length=500)
    sign_in = models.CharField(max_length=10, choices=SignIn.choices, blank=True)
    is_test = models.BooleanField(default=False)
    valid_until = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agency_path="/") | models.Q(agency_path__regex=r"^/.+/$"),
                name="client_path_form",
            ),
            # Whom a client lets in has no dossiers to mark.
            models.CheckConstraint(
                condition=models.Q(is_test=False) | models.Q(sign_in=""), name="client_test_uses_api"
            ),
            models.CheckConstraint(
                condition=models.Q(sign_in__in=["", "citizen", "officer"]), name="client_sign_in_known"
            ),
        ]
        indexes = [
            models.Index(fields=["agency_path"], name="client_agency_path", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return f"client {self.id}"

    def state(self, at: datetime) -> str:
        """ "ended", "suspended", "expired" or "active"."""
        if self.ended_at:
            return "ended"
        if self.valid_until and self.valid_until <= at:
            return "expired"
        return "suspended" if self.suspended_at else "active"


class ClientSecret(models.Model):
    """A client's secret: the digest only. It has 256 random bits, so that salt and slow hashing add nothing."""

    client = models.ForeignKey(SystemClient, on_delete=models.CASCADE, related_name="secrets")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # Set when the next one is made.
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(expires_at__isnull=True),
                name="client_one_current_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"secret of {self.client_id}"


class ClientCalls(models.Model):
    """How often a client called an operation on a day."""

    client = models.ForeignKey(SystemClient, on_delete=models.CASCADE, related_name="calls")
    day = models.DateField()
    operation = models.CharField(max_length=80)
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "day", "operation"], name="client_calls_once"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.day}"


class CallWindow(models.Model):
    """How many calls a caller made in the minute of its latest one. `caller`: a client's or an account's id."""

    caller = models.UUIDField(primary_key=True, editable=False)
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.calls} calls"


class KeptAnswer(models.Model):
    """What a call that changed something was answered, so that the same call gets the same answer.

    `caller`: the client, or the account of the person who acts through it. `digest`: of what was sent. No `answer`
    while the call is under way, which nobody but its own transaction sees.
    """

    client = models.ForeignKey(SystemClient, on_delete=models.CASCADE, related_name="+")
    caller = models.UUIDField()
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "caller", "key"], name="one_answer_a_key")]

    def __str__(self) -> str:
        return f"answer to {self.client_id}"


class SigningKey(models.Model):
    """A key ID tokens are signed with, encrypted. Published until `expires_at`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sealed_pem = models.BinaryField()
    issued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    # None: the one that signs, or will.
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("expires_at"),
                name="one_current_signing_key",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"signing key {self.id}"


class Subject(models.Model):
    """What a client knows an account as: another number for every client, so that two cannot compare (pairwise)."""

    client = models.ForeignKey(SystemClient, on_delete=models.CASCADE, related_name="subjects")
    account = models.ForeignKey("registry_access.Account", on_delete=models.CASCADE, related_name="+")
    value = models.CharField(max_length=32, unique=True, default=new_subject)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "account"], name="one_subject_each")]

    def __str__(self) -> str:
        return self.value


class SharedValue(models.Model):
    """A row of the shared cache (registry.access.shared_cache)."""

    key = models.CharField(primary_key=True, max_length=64)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
