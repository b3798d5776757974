"""Why something about alerts cannot be done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class AlertMoved(DomainError):
    code = "alert_moved"
    message = _("Somebody else has acted on this alert meanwhile. Look at it again.")
    status = 409


class AlertOver(DomainError):
    code = "alert_over"
    message = _("This alert is over already.")
    status = 409


class NoReason(DomainError):
    code = "alert_reason"
    message = _("Write in a few words why.")
    status = 422


class WrongEnd(DomainError):
    code = "alert_silence_end"
    message = _("Choose an end between now and seven days from now.")
    status = 422


class NoColleague(DomainError):
    code = "alert_colleague"
    message = _("Choose a colleague who may act on this alert.")
    status = 422


class RuleMoved(DomainError):
    code = "alert_rule_moved"
    message = _("Somebody else has changed this rule meanwhile. Look at it again.")
    status = 409


class WrongBounds(DomainError):
    code = "alert_bounds"
    message = _("These numbers do not fit together: %(fields)s.")
    status = 422
