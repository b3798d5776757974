"""Why an evaluation could not be given or published."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class PeriodNotOver(DomainError):
    code = "period_not_over"
    status = 409
    message = _("Figures are published once the period is over.")


class FrozenBefore(DomainError):
    code = "frozen_before"
    status = 409
    message = _("The figures of this period were published before. Published figures stay as they are.")


class NotFollowedYet(DomainError):
    code = "not_followed_yet"
    status = 409
    message = _("The evaluation has not followed the journal to its end yet: %(lag)s entries are missing.")
