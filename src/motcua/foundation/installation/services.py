"""Changing settings, trying what they name, saying what this database is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from motcua.foundation.installation import contributions, selectors
from motcua.foundation.installation.contributions import Declaration, Words
from motcua.foundation.installation.errors import (
    BadSettings,
    BadValue,
    NoReasonGiven,
    OtherKind,
    SetByOperator,
    StaleSettings,
    TrialFailed,
)
from motcua.foundation.installation.hiding import digest, hide
from motcua.foundation.installation.kinds import cleaned
from motcua.foundation.installation.models import Installation, Setting, TrialRun
from motcua.foundation.installation.policies import may_administer
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.text import clean_line

__all__ = ["Change", "become", "change_settings", "clean_settings", "run_trial"]


def clean_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in the form in which they are kept, by key; None: the usual one. Raises BadSettings, SetByOperator."""
    kept: dict[str, Any] = {}
    problems: dict[str, Words] = {}
    for key, raw in values.items():
        declared = contributions.declaration(key)
        if selectors.is_fixed(declared):
            raise SetByOperator
        try:
            value = cleaned(declared, raw)
            kept[key] = None if value == declared.usual() else value
        except BadValue as error:
            problems[key] = error.fields["reason"]
    if problems:
        raise BadSettings(problems)
    return kept


@dataclass(frozen=True, slots=True)
class Change:
    """What was entered for settings of one group, by key; None or empty: back to the usual value.

    version: `group_version` as the page showed it; None for the command line, which has just read it.
    """

    group: str
    values: Mapping[str, Any]
    version: int | None = None
    reason: str = ""


@transaction.atomic
def change_settings(*, actor: Actor, change: Change, at: datetime) -> list[str]:
    """Change settings; gives the keys that changed. None: no entry.

    Raises Refused, SetByOperator, BadSettings, StaleSettings, NoReasonGiven.
    """
    if not may_administer(actor):
        raise Refused
    kept = clean_settings(change.values)
    # One at a time: the row is what tells other processes, so it changes in any case.
    Installation.objects.select_for_update().get(pk=1)
    if change.version is not None and change.version != selectors.group_version(change.group):
        raise StaleSettings
    selectors.forget()
    declared = [contributions.declaration(key) for key in kept]
    changes = {it: kept[it.key] for it in declared if kept[it.key] != _chosen(it)}
    if not changes:
        return []
    shown = contributions.group(change.group)
    reason = clean_line(change.reason)[:500]
    if shown and shown.needs_reason and not reason:
        raise NoReasonGiven
    facts = {it.key: {"before": digest(_chosen(it)), "after": digest(value)} for it, value in changes.items()}
    for it, value in changes.items():
        _keep(it, value, actor=actor, reason=reason, at=at)
    Installation.objects.update(stamp=F("stamp") + 1)
    happening = Happening(
        kind="setting.changed",
        object_kind="setting",
        object_id=_object_id(change.group),
        facts={"group": change.group, "changes": facts},
        details={"reason": reason} if reason else None,
    )
    record(actor=actor, happening=happening, at=at)
    selectors.forget()
    transaction.on_commit(selectors.forget)
    return [it.key for it in changes]


def _chosen(declared: Declaration) -> Any:
    """What was chosen, shown; None: nothing was."""
    return selectors.get(declared.key) if selectors.is_chosen(declared.key) else None


def _keep(declared: Declaration, value: Any, *, actor: Actor, reason: str, at: datetime) -> None:
    kept = hide(value) if declared.kind == "secret" and value is not None else value
    told = {"value": kept, "reason": reason, "changed_at": at, "changed_by": actor.account_id}
    Setting.objects.update_or_create(
        key=declared.key, defaults=told | {"version": F("version") + 1}, create_defaults=told
    )


def run_trial(*, actor: Actor, key: str, asked: str = "", at: datetime) -> Words:
    """Try something outside and note whether it worked; gives the sentence for the page.

    Not in a transaction while it waits for an answer. Raises Refused, NotFound, TrialFailed.
    """
    if not may_administer(actor):
        raise Refused
    trial = contributions.trial(key)
    if not trial:
        raise NotFound
    fingerprint = selectors.fingerprint(trial.group)
    try:
        said = trial.run(clean_line(asked))
    except TrialFailed:
        _note(actor, key, fingerprint, succeeded=False, at=at)
        raise
    _note(actor, key, fingerprint, succeeded=True, at=at)
    return said


@transaction.atomic
def _note(actor: Actor, key: str, fingerprint: str, *, succeeded: bool, at: datetime) -> None:
    told = {"at": at, "succeeded": succeeded, "fingerprint": fingerprint}
    TrialRun.objects.update_or_create(trial=key, defaults=told)
    happening = Happening(
        kind="setting.tried",
        object_kind="setting",
        object_id=_object_id(key),
        facts={"trial": key, "succeeded": succeeded},
    )
    record(actor=actor, happening=happening, at=at)


@transaction.atomic
def become(kind: Installation.Kind, *, at: datetime, actor: Actor = SYSTEM) -> bool:
    """Say for good whether this database is the demonstration's or a real installation's; True: it is news.

    Raises OtherKind.
    """
    row = Installation.objects.select_for_update().get(pk=1)
    if row.kind == kind:
        return False
    if row.kind:
        raise OtherKind(there=_in_words(row.kind), asked=_in_words(kind))
    row.kind, row.kind_set_at, row.stamp = kind, at, row.stamp + 1
    row.save()
    happening = Happening(
        kind="installation.set_up",
        object_kind="installation",
        object_id=_object_id("kind"),
        facts={"kind": kind},
    )
    record(actor=actor, happening=happening, at=at)
    selectors.forget()
    transaction.on_commit(selectors.forget)
    return True


def _in_words(kind: str) -> Promise:
    return {"demo": gettext_lazy("a demonstration"), "real": gettext_lazy("a real installation")}[kind]


def _object_id(name: str) -> UUID:
    """The same for the same name everywhere: what the journal's entries about it have in common."""
    return uuid5(NAMESPACE_OID, f"motcua setting {name}")
