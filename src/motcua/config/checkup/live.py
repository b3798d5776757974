"""What rooms require before an installation goes live: the page /desk/checklist/ in one line."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from motcua.config.checkup.findings import Finding, fine, warn
from motcua.foundation.installation.contributions import State
from motcua.foundation.installation.selectors import checklist


def requirements(at: datetime) -> Finding | None:
    """The demonstration never goes live."""
    if settings.DEMO:
        return None
    missing = [requirement.key for requirement, standing in checklist(at) if standing.state is State.MISSING]
    if missing:
        return warn(
            f"Missing before this installation goes live: {', '.join(missing)}.",
            "See /desk/checklist/ for each, why, and where it is mended.",
        )
    return fine("Nothing is missing for going live.")
