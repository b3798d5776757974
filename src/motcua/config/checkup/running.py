"""The list of checks, and running them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from motcua.config.checkup import database, journal, live, machine, outside, secrets, work
from motcua.config.checkup.findings import Check, Finding, State

# In the order in which they are shown. Further ones are added here.
CHECKS: Mapping[str, Check] = {
    "database": database.reachable,
    "database version": database.version,
    "migrations": database.migrations,
    "journal rights": journal.rights,
    "journal triggers": journal.triggers,
    "commit times": database.commit_times,
    "extensions": database.extensions,
    "clock": database.clock,
    "disk": machine.disk,
    "files folder": machine.files_folder,
    "files": machine.files_intact,
    "fonts": machine.fonts,
    "static files": machine.static_files,
    "secrets": secrets.secret_files,
    "certificates": secrets.certificates,
    "trust list": secrets.trust_list,
    "calendar": work.calendar,
    "worker": work.worker,
    "jobs": work.jobs,
    "sealing": work.sealing,
    "time stamps on seals": work.stamping,
    "journal verification": journal.verification,
    "journal heads": journal.heads_file,
    "consumers": work.following,
    "frozen figures": work.frozen_days,
    "virus scanner": outside.virus_scanner,
    "scans": outside.scans,
    "time-stamp authority": outside.time_stamps,
    "mail": outside.mail,
    "SMS": outside.sms,
    "address": machine.base_url,
    "debug": machine.debug,
    "secrets of its own": secrets.own_secrets,
    "going live": live.requirements,
    "demonstration": machine.demonstration,
    "backup": machine.backup,
}
# Left out when the database does not answer: each would wait for it again.
_ASK_DATABASE = frozenset({
    "database version", "migrations", "journal rights", "commit times", "extensions", "clock", "files", "worker",
    "jobs", "sealing", "time stamps on seals", "consumers", "journal triggers", "journal verification", "journal heads",
    "going live", "frozen figures",
})  # fmt: skip
_REACHED = Finding(State.OK, "")


@dataclass(frozen=True, slots=True)
class Report:
    """findings: by name, in order. blind: names of checks that could not be carried out, with the error's kind."""

    findings: Mapping[str, Finding]
    blind: Mapping[str, str]

    @property
    def status(self) -> int:
        """0: nothing fails; 1: something does; 2: otherwise, but not everything could be looked at."""
        if any(finding.state is State.FAIL for finding in self.findings.values()):
            return 1
        return 2 if self.blind else 0


def run_checks(checks: Mapping[str, Check] = CHECKS, *, at: datetime) -> Report:
    """Run every check. One that breaks does not stop the others; what it said may hold a secret, so only the
    error's kind is kept. What asks a database that does not answer is left out: that is one finding already.
    """
    findings: dict[str, Finding] = {}
    blind: dict[str, str] = {}
    for name, check in checks.items():
        reached = findings.get("database", _REACHED).state is not State.FAIL
        if not reached and name in _ASK_DATABASE:
            continue
        try:
            finding = check(at)
        except Exception as problem:
            blind[name] = type(problem).__name__
        else:
            if finding:
                findings[name] = finding
    return Report(findings, blind)
