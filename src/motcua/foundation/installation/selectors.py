"""What is set. Asked for often: a process keeps the values and looks once a second whether a stamp has changed."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error, models

from motcua.foundation.installation import contributions
from motcua.foundation.installation.contributions import Declaration, Requirement, Standing, State
from motcua.foundation.installation.hiding import digest, show
from motcua.foundation.installation.models import Installation, Setting, TrialRun

_FRESH_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Source(StrEnum):
    OPERATOR = "operator"
    CHOSEN = "chosen"
    USUAL = "usual"


@dataclass(slots=True)
class _Known:
    """What this process knows. `values`: chosen ones, secrets still hidden."""

    stamp: int | None = None
    kind: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    asked_at: float = -math.inf


_known = _Known()


def get(key: str) -> Any:
    """The value of a setting in its proper type: the operator's, else the chosen one, else the usual one.

    At most one query a second in a process. Raises KeyError for a key that nobody declared.
    """
    declared = contributions.declaration(key)
    chosen = None if is_fixed(declared) else _current().values.get(key)
    if chosen is not None and declared.kind == "secret":
        chosen = show(chosen)
    return declared.usual() if chosen is None else chosen


def is_chosen(key: str) -> bool:
    """Whether an administrator's value holds."""
    return source_of(contributions.declaration(key)) is Source.CHOSEN


def is_fixed(declared: Declaration) -> bool:
    """Whether the operator has set it in the environment."""
    return declared.env in settings.OPERATOR_VARIABLES


def source_of(declared: Declaration) -> Source:
    if is_fixed(declared):
        return Source.OPERATOR
    return Source.CHOSEN if _current().values.get(declared.key) is not None else Source.USUAL


def kind() -> str:
    """ "demo", "real", or "" while this database was not set up."""
    return _current().kind


def is_demonstration() -> bool:
    """Asked of the database itself, never of what was kept: it lets people in without a password."""
    return Installation.objects.filter(kind=Installation.Kind.DEMO).exists()


def forget() -> None:
    """Look at the database at the next question. Called after a change, in its transaction."""
    _known.asked_at = -math.inf


def assume(values: dict[str, Any], *, kind: str = "") -> None:
    """Take these for the chosen values without asking the database, until `forget`. For tests."""
    _known.stamp, _known.kind, _known.values, _known.asked_at = None, kind, values, math.inf


def _current() -> _Known:
    now = time.monotonic()
    if now - _known.asked_at >= _FRESH_SECONDS:
        _known.asked_at = now
        try:
            _refresh()
        except Error as error:
            # A page about a database that is down needs its name and colours, too.
            _log.warning("settings_not_read %s", type(error).__name__)
    return _known


def _refresh() -> None:
    row = Installation.objects.values_list("stamp", "kind").first()
    stamp, kind = row or (None, "")
    if stamp is None or stamp != _known.stamp:
        _known.values = dict(Setting.objects.filter(value__isnull=False).values_list("key", "value"))
    _known.stamp, _known.kind = stamp, kind


@dataclass(frozen=True, slots=True)
class Described:
    """A setting as a page shows it. `value`: None for a secret; `is_set` says whether there is one."""

    declaration: Declaration
    value: Any
    is_set: bool
    source: Source
    changed_at: datetime | None = None
    changed_by: UUID | None = None
    reason: str = ""


def describe(group_code: str) -> list[Described]:
    """The settings of a group, in one query."""
    declared = contributions.declarations(group_code)
    rows = {row.key: row for row in Setting.objects.filter(key__in=[it.key for it in declared])}
    return [_described(it, rows.get(it.key)) for it in declared]


def _described(declared: Declaration, row: Setting | None) -> Described:
    value = get(declared.key)
    return Described(
        declaration=declared,
        value=None if declared.kind == "secret" else value,
        is_set=value not in (None, "", []),
        source=source_of(declared),
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else None,
        reason=row.reason if row else "",
    )


def group_version(group_code: str) -> int:
    """Grows with every change in the group."""
    keys = [it.key for it in contributions.declarations(group_code)]
    total = Setting.objects.filter(key__in=keys).aggregate(total=models.Sum("version"))["total"]
    return int(total or 0)


def fingerprint(group_code: str) -> str:
    """Of the values that hold in a group, the operator's included: whether what was tried still stands."""
    return digest({it.key: get(it.key) for it in contributions.declarations(group_code)})


def has_worked(trial_key: str) -> TrialRun | None:
    """The last run of a trial, if it succeeded with the settings that hold now."""
    tried, run = (
        contributions.trial(trial_key),
        TrialRun.objects.filter(trial=trial_key, succeeded=True).first(),
    )
    return run if tried and run and run.fingerprint == fingerprint(tried.group) else None


def list_runs(group_code: str) -> dict[str, TrialRun]:
    """The last run of each trial of a group, by the trial's key."""
    keys = [it.key for it in contributions.trials(group_code)]
    return {run.trial: run for run in TrialRun.objects.filter(trial__in=keys)}


def checklist(at: datetime) -> list[tuple[Requirement, Standing]]:
    """Every requirement that applies here and how it stands; one that cannot be looked at counts as missing."""
    return [(it, found) for it in contributions.requirements() if (found := _stands(it, at))]


def _stands(requirement: Requirement, at: datetime) -> Standing | None:
    try:
        return requirement.look(at)
    except (OSError, ValueError, LookupError) as error:
        _log.warning("requirement_not_looked_at %s %s", requirement.key, type(error).__name__)
        return Standing(State.MISSING, f"{requirement.key}: {type(error).__name__}")
