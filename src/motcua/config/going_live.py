"""Checks of `motcua checkup` that a page shows, too, before an installation goes live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.config.checkup import machine, secrets, work
from motcua.config.checkup.findings import Check
from motcua.config.checkup.findings import State as Found
from motcua.foundation.installation.contributions import Requirement, Standing, State, register_requirement

_STATES = {Found.OK: State.DONE, Found.WARN: State.WARNING, Found.FAIL: State.MISSING}
_CHECKS: tuple[tuple[str, str | Promise, Check, str], ...] = (
    ("address", _("Address with https"), machine.base_url, "site"),
    ("demonstration", _("No demonstration"), machine.demonstration, ""),
    ("secrets", _("Secrets kept to their owner"), secrets.secret_files, ""),
    ("default_secrets", _("Secrets of its own"), secrets.own_secrets, ""),
    ("calendar", _("Days off of the coming months"), work.calendar, ""),
    ("worker", _("The worker"), work.worker, ""),
    ("sealing", _("Seals of the journal"), work.sealing, ""),
    ("backup", _("Backup"), machine.backup, ""),
)


def register() -> None:
    for order, (key, label, check, group) in enumerate(_CHECKS):
        register_requirement(Requirement(key, label, _looking(check, group), order=60 + order))


def _looking(check: Check, group: str) -> Callable[[datetime], Standing | None]:
    def look(at: datetime) -> Standing | None:
        finding = check(at)
        if finding is None:
            return None
        return Standing(_STATES[finding.state], f"{finding.says} {finding.mend}".strip(), group)

    return look
