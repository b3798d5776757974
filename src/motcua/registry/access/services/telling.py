"""Entries of the journal about accounts, and telling the person on every channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account

_GROUP = Group("officer_account", _("Security of my account"))
PURPOSES = (
    Purpose("account_invited", _("Invitation made"), _GROUP),
    Purpose("account_closed", _("Account closed"), _GROUP),
    Purpose("account_opened", _("Account opened again"), _GROUP),
    Purpose("account_password_changed", _("Password changed"), _GROUP),
    Purpose("account_factor_added", _("Second factor added"), _GROUP),
    Purpose("account_factor_removed", _("Second factor removed"), _GROUP),
    Purpose("account_factors_reset", _("Second factor replaced by two people"), _GROUP),
    Purpose("account_reset_proposed", _("Replacement of the second factor asked for"), _GROUP),
    Purpose("account_role_granted", _("Role granted"), _GROUP),
    Purpose("account_role_ended", _("Role ended"), _GROUP),
)


def register_purposes() -> None:
    for purpose in PURPOSES:
        register_purpose(purpose)


def write(
    kind: str, actor: Actor, account: Account, at: datetime, facts: Mapping[str, Any] | None = None
) -> Entry:
    """One entry about an account, in the transaction of the act; it concerns the person behind the account."""
    return record(actor=actor, happening=_about(kind, account, facts or {}), at=at)


def write_reason(kind: str, actor: Actor, account: Account, reason: str, at: datetime) -> Entry:
    """`write`, with why: one sentence, 300 characters at most."""
    happening = replace(_about(kind, account, {}), details={"reason": reason.strip()[:300]})
    return record(actor=actor, happening=happening, at=at)


def _about(kind: str, account: Account, facts: Mapping[str, Any]) -> Happening:
    return Happening(
        kind=kind,
        object_kind="account",
        object_id=account.id,
        concerns_id=person_of(account),
        facts=facts,
    )


def person_of(account: Account) -> UUID | None:
    identity = identify(account)
    return identity.actor.person_id if identity else None


def tell(purpose: str, entry: Entry, account: Account, at: datetime) -> None:
    """Tell the person what happened to their account. No names and no codes: only that it happened, and when."""
    recipient = Recipient(person_of(account) or account.id, email=account.email, language=account.language)
    notice = Notice(
        purpose,
        f"account:{entry.id}",
        context={"at": at},
        link="/desk/account/",
        concerns=("account", account.id),
    )
    notify(recipient=recipient, notice=notice, at=at)
