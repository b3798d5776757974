"""Who is told of what nobody acknowledged: level by level, upwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.oversight.operations.alerts.policies import KEEPERS, MACHINE
from motcua.oversight.operations.alerts.selectors import Row, row_of
from motcua.oversight.operations.models import Alert
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.organisations.selectors import list_officers_with

ESCALATED = Purpose(
    "alert_escalated",
    _("An alert that nobody acknowledged"),
    Group("alerts", _("Alerts of the operations centre")),
)


def register_purposes() -> None:
    register_purpose(ESCALATED)


def tell_level(alert: Alert, level: int, *, at: datetime) -> tuple[int, str]:
    """Tell those of the level (1 is the first), each once. How many, and whose leaders they are; "" when there is no
    such level."""
    scope, right = _level(alert.scope, level)
    row = row_of(alert)
    if not scope or not row:
        return 0, ""
    accounts = _holders(right, scope, at)
    for officer, account in accounts.items():
        recipient = Recipient(officer, email=account.email, language=account.language)
        notify(recipient=recipient, notice=_notice(row, level, officer, account.language), at=at)
    return len(accounts), scope


def _level(scope: str, level: int) -> tuple[str, str]:
    """The agency and its superiors, one a level; for the installation those who look after it, one right a level."""
    if scope == MACHINE:
        return (MACHINE, KEEPERS[level - 1]) if level <= len(KEEPERS) else ("", "")
    parts = scope.strip("/").split("/")
    rest = parts[: len(parts) - level + 1]
    return ("/" + "/".join(rest) + "/", "leader") if rest else ("", "")


def _holders(right: str, scope: str, at: datetime) -> dict[UUID, Account]:
    """Who holds the right there: leaders only of this very agency, as those above have their own level."""
    named = [pk for pk, _name in list_officers_with(right, scope, on=timezone.localdate(at))]
    accounts = Account.objects.filter(officer__in=named, is_active=True).order_by("username")
    found = [(identity.actor, account) for account in accounts if (identity := identify(account))]
    return {
        actor.person: account
        for actor, account in found
        if scope == MACHINE or actor.agency_path == scope or (right, scope) in actor.grants
    }


def _notice(row: Row, level: int, officer: UUID, language: str) -> Notice:
    alert = row.alert
    with translation.override(language or "vi"):
        title, words = row.title, row.words
    return Notice(
        purpose=ESCALATED.code,
        source_key=f"alert:{alert.id}:{level}:{officer}",
        context={"title": title, "words": words, "since": alert.since},
        link=reverse("operations:alert", args=[alert.id]),
        reference="",
        concerns=("alert", alert.id),
        agency_path=alert.scope,
    )
