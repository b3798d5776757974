"""Why a version cannot be changed, reviewed or published."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from motcua.casework.packs.rules.findings import Finding
from motcua.foundation.kernel.errors import DomainError


class StaleDraft(DomainError):
    code = "version_draft_changed"
    message = _("Somebody changed this draft meanwhile, or decided on it. What stands now is shown.")


class WrongState(DomainError):
    code = "version_draft_state"
    message = _("This is not possible in the draft's present state. What stands now is shown.")


class NoSuchVersion(DomainError):
    code = "version_unknown"
    message = _("There is no such version of this procedure.")
    status = 404


class ProcedureExists(DomainError):
    code = "procedure_exists"
    message = _("A procedure with this code is published. Begin a draft from its version.")
    status = 422


class HasErrors(DomainError):
    """`findings`: the errors."""

    code = "version_has_errors"
    message = _("The check found errors (%(count)s). Correct them first; each is named with its file and line.")
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(count=len(findings))
        self.findings = findings


class NothingChanged(DomainError):
    code = "version_unchanged"
    message = _("Nothing differs from the version that is in force. Change something first.")
    status = 422


class NoNote(DomainError):
    code = "version_unexplained"
    message = _("Enter what changes and why, for whoever reviews it.")
    status = 422


class NothingAskedFor(DomainError):
    code = "version_sent_back_unexplained"
    message = _("Enter what the author is to change.")
    status = 422


class ReviewedByEditor(DomainError):
    code = "version_needs_another"
    message = _("You changed this draft yourself. Somebody else reviews it.")
    status = 403


class BaseChanged(DomainError):
    code = "version_base_changed"
    message = _(
        "Another version was published since this draft was begun, or will be in force on that day. Take it as the new "
        "base, look at what differs, and send the draft to review again."
    )


class DayIsOver(DomainError):
    code = "version_day_over"
    message = _(
        "%(day)s has passed. Choose a day from today on, or enter why it counts from a day that has passed."
    )
    status = 422


class DayTooEarly(DomainError):
    code = "version_day_too_early"
    message = _("The version in force began on %(day)s. A new one cannot count from an earlier day.")
    status = 422
