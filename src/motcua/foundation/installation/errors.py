from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class BadValue(DomainError):
    """A value that a setting cannot have. `reason` says what to enter."""

    code = "bad_value"
    message = _("%(reason)s")
    status = 422

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason=reason)


class BadSettings(DomainError):
    """Several values of a group, each with its reason by the setting's key. Nothing was changed."""

    code = "bad_settings"
    message = _("Some of the values cannot be used. Nothing was changed.")
    status = 422

    def __init__(self, problems: Mapping[str, str | Promise]) -> None:
        self.problems = dict(problems)
        super().__init__()


class StaleSettings(DomainError):
    code = "stale_settings"
    message = _(
        "Somebody else changed these settings meanwhile. What you entered is kept: compare, then save again."
    )


class SetByOperator(DomainError):
    code = "set_by_operator"
    message = _("The operator has set this in the environment of the server, so it cannot be changed here.")


class NoReasonGiven(DomainError):
    code = "no_reason_given"
    message = _("Enter why this is changed, with the decision or schedule it follows.")
    status = 422


class TrialFailed(DomainError):
    """What was tried did not work. `reason`: our words, never the other side's whole answer."""

    code = "trial_failed"
    message = _("%(reason)s")

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason=reason)


class OtherKind(DomainError):
    """Demonstration and real installation are never mixed in one database."""

    code = "other_kind"
    message = _("This database holds %(there)s. It cannot become %(asked)s: use another database.")
