"""Why something about a person's own data could not be done."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class AccountConflict(DomainError):
    """Two accounts claim one person: never merged by a program."""

    code = "account_conflict"
    message = _("There is another account for this person already.")
    status = 409


class LastWay(DomainError):
    code = "last_way"
    message = _("This is the only way in that is left. Add another one first.")
    status = 409


class FreshSignInNeeded(DomainError):
    code = "fresh_sign_in_needed"
    message = _("Sign in with your eID again first. That you did so counts for five minutes.")
    status = 403


class SameContact(DomainError):
    code = "same_contact"
    message = _("This is what we have already.")
    status = 422


class BadContact(DomainError):
    code = "bad_contact"
    message = _("Enter a mobile number such as 0912 345 678, or an e-mail address such as ten@example.vn.")
    status = 422


class ChannelMissing(DomainError):
    code = "channel_missing"
    message = _("No code can be sent by this way here. Change it with your eID and sign in again.")
    status = 409


class TooManyChanges(DomainError):
    code = "too_many_changes"
    message = _("Codes were asked for too often. Try again tomorrow, or ask at any counter.")
    status = 429


class NoOpenChange(DomainError):
    code = "no_open_change"
    message = _("The codes are not valid any more. Enter the new contact once more.")
    status = 409


class RequestOpen(DomainError):
    code = "request_open"
    message = _("You have asked for this already. It is being worked on.")
    status = 409


class AlreadyAnswered(DomainError):
    code = "already_answered"
    message = _("This request was answered or taken back meanwhile. Nothing was changed.")
    status = 409


class UnderHold(DomainError):
    code = "under_hold"
    message = _("A legal hold lies on this person: nothing may be erased. Refuse with this reason.")
    status = 409
