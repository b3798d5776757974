from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now

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


# Only who handles no dossiers may be let in everywhere.
EVERYWHERE = ["auditor", "operator", "administrator", "support", "data_protection"]


class RoleGrant(models.Model):
    """A role an account holds at one agency and everything below it."""

    class Role(models.TextChoices):
        RECEPTION = "reception"
        SPECIALIST = "specialist"
        LEADER = "leader"
        # Reads the journal of all agencies and changes nothing.
        AUDITOR = "auditor"
        # Looks after the installation: messages sent, jobs, dead letters. Sees no dossier.
        OPERATOR = "operator"
        # Agencies, posts, officers and roles of the scope; everywhere: the settings of the installation too.
        ADMINISTRATOR = "administrator"
        # Helps people and officers who cannot get in. Sees no dossier.
        SUPPORT = "support"
        # Answers requests about personal data.
        DATA_PROTECTION = "data_protection"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    agency_path = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "role", "agency_path"], name="one_grant"),
            models.CheckConstraint(
                condition=models.Q(agency_path__regex=r"^/.+/$")
                | models.Q(agency_path="/", role__in=EVERYWHERE),
                name="grant_path_form",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.agency_path}"


from motcua.registry.access.clients.models import (  # noqa: E402, F401  Django finds models here
    ClientCalls,
    ClientSecret,
    SharedValue,
    SigningKey,
    Subject,
    SystemClient,
)
