"""Why a request to be called back cannot be made or worked on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class BadPhone(DomainError):
    code = "bad_phone"
    message = _("Enter a telephone number such as 0912 345 678.")
    status = 422


class NoName(DomainError):
    code = "no_name"
    message = _("Enter the name to ask for.")
    status = 422


class NoDesk(DomainError):
    code = "no_desk"
    message = _("Choose the commune or ward whose counter is to call you.")
    status = 422


class TooManyCalls(DomainError):
    code = "too_many_calls"
    message = _("%(limit)d calls to this number wait already. Cancel one before you ask for another.")
    status = 409


class CallClosed(DomainError):
    code = "call_closed"
    message = _("This request is closed already: the person was called, or cancelled it.")
    status = 409


class NotYours(DomainError):
    code = "call_not_yours"
    message = _("Take the request on before you note what came of it; somebody else may have it now.")
    status = 409


class NoOutcome(DomainError):
    code = "no_outcome"
    message = _("Write in a few words what was said or done.")
    status = 422


class SameDesk(DomainError):
    code = "same_desk"
    message = _("Choose another agency; the request lies with this one.")
    status = 422
