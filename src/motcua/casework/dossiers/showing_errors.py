"""Why a helper cannot see a screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class WrongShowingCode(DomainError):
    """No open showing has this code: wrong, used, too old, or ended."""

    code = "wrong_showing_code"
    message = _("Enter the eight digits the person reads out now; these open nothing.")
    status = 422


class ShowingEnded(DomainError):
    """It is over, or another helper's."""

    code = "showing_ended"
    message = _("The person does not show their screen to you any more.")
    status = 410
