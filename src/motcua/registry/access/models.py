from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models.functions import Cast, Coalesce, Now
from django.utils.translation import get_language

from motcua.foundation.kernel.ids import new_id


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """What signs in. A citizen's account has no password: the eID vouches for it."""

    class Kind(models.TextChoices):
        CITIZEN = "citizen"
        OFFICER = "officer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CITIZEN)
    username = models.CharField(max_length=150, unique=True, null=True, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    # Wrong passwords since the last sign-in, which shows them.
    failed_tries = models.PositiveIntegerField(default=0, db_default=0)
    # Since when the officer says that the second factor is gone; support sees it and asks for a new one.
    factor_lost_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="citizen") | models.Q(username__isnull=False),
                name="officer_has_username",
            ),
        ]

    def __str__(self) -> str:
        return self.username or str(self.id)


class Role(models.Model):
    """A named set of rights (docs/access.md). Programs ask for rights and never for roles."""

    code = models.CharField(max_length=40, primary_key=True)
    # By language: {"vi": …, "en": …, "de": …}.
    names = models.JSONField()
    rights = ArrayField(models.CharField(max_length=40))
    built_in = models.BooleanField(default=False)
    # Raised by every change: a form made on an older one is refused.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(rights__len__gt=0), name="role_has_a_right"),
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="role_code_form"
            ),
        ]

    def __str__(self) -> str:
        names: dict[str, Any] = self.names
        return str(names.get((get_language() or "vi").split("-")[0]) or names.get("vi") or self.code)


class GrantDays(models.Func):
    """The days of a grant as a range, half-open; without an end it never ends."""

    function = "daterange"
    output_field = models.Field()


class RoleGrant(models.Model):
    """A role an account holds at one agency and everything below it, from a day to before another.

    With a post it counts only while the officer holds that post. That a role for handling dossiers ends at an
    agency and is never held everywhere ("/") is a trigger (migration 0006): it depends on the role's rights.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants", db_column="role")
    agency_path = models.CharField(max_length=300)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    # No foreign key: posts live in a room above.
    post_id = models.UUIDField(null=True)
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_grant",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("agency_path", RangeOperators.EQUAL),
                    (Coalesce(Cast("post_id", models.TextField()), models.Value("")), RangeOperators.EQUAL),
                    (GrantDays("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(agency_path__regex=r"^/([^/]+/)*$"), name="grant_path_form"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="grant_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} at {self.agency_path}"


class Invitation(models.Model):
    """A code that lets an officer in once: to choose a password, or a new second factor.

    Only its digest is kept: who reads the database cannot use it.
    """

    class Purpose(models.TextChoices):
        JOIN = "join"
        RECOVERY = "recovery"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(used_at=None), name="one_open_invitation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.account_id}"


class SignIn(models.Model):
    """A session as its owner sees it: which device, roughly from where, since when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)
    place = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device} of {self.account_id}"


class Slowed(models.Model):
    """How often something was tried in vain, by the digest of who tried: all processes count here."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_at"], name="slowed_last_at")]

    def __str__(self) -> str:
        return f"{self.failures} until {self.until}"


class UsedCode(models.Model):
    """A one-time password that was accepted: it is good once (RFC 6238, section 5.2)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="code_is_good_once")]

    def __str__(self) -> str:
        return f"{self.account_id} at {self.used_at}"


class Proposal(models.Model):
    """An act that two people do together: one proposes, another approves."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    # Whose rights or account it is about: this person never approves it.
    subject = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    agency_path = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # There was nobody else who could have approved: the first administrator lets the second in.
    alone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", decided_by=None, decided_at=None)
                | (~models.Q(state="open") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(alone=True)
                | (
                    ~models.Q(decided_by=models.F("proposed_by"))
                    & (models.Q(subject=None) | ~models.Q(decided_by=models.F("subject")))
                ),
                name="four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["proposed_at"], condition=models.Q(state="open"), name="open_proposals")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.state}"


from motcua.registry.access.clients.models import (  # noqa: E402, F401  Django finds models here
    CallWindow,
    ClientCalls,
    ClientSecret,
    KeptAnswer,
    SharedValue,
    SigningKey,
    Subject,
    SystemClient,
)
