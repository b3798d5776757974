from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class SendingFailed(Exception):
    """A message was not taken. `code` is stable and says nothing personal; `permanent`: trying again is useless."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class CannotRetryMessage(DomainError):
    code = "cannot_retry_message"
    message = _("Only a message that failed and still has its address can be sent again.")
