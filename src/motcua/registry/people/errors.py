"""Why something about people could not be done."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError

PERSONAL_FAULTS = {
    "form": _("Enter the 12 digits of the personal number."),
    "province": _("Check the first three digits of the number: no province has them."),
    "sex": _("Check the fourth digit of the number: it stands for the other sex."),
    "birth_year": _(
        "Check the number and the date of birth: the fourth to sixth digits stand for another year."
    ),
}
TAX_FAULTS = {
    "form": _(
        "Enter the 10 digits of the tax code, with the three of the branch if there are any: 0100112437-001."
    ),
    "check": _("Check the tax code: its tenth digit does not fit the nine before it."),
    "branch": _("Check the last three digits of the tax code: branches begin with 001."),
}
CARD_FAULTS = {
    "not_a_card": _("This is not a citizen card's code."),
    "number": _(
        "The number in this code is no personal number, or it does not fit the birth date and sex beside it."
    ),
    "name": _("The name in this code cannot be read."),
    "date": _("A date in this code does not exist or lies in the future."),
    "sex": _("The code says neither “Nam” nor “Nữ”."),
}


class BadCardText(DomainError):
    code = "bad_card"
    message = _("%(reason)s")
    status = 422


class ImpossibleNumber(DomainError):
    """`field` names the answer, `reason` says what cannot be right."""

    code = "impossible_number"
    message = _("%(reason)s")
    status = 422


class NumberTaken(DomainError):
    code = "number_taken"
    message = _("Somebody else is entered under this number already. Find them by it.")
    status = 409


class LooksTheSame(DomainError):
    """Somebody of this name was born that day; `people` are their ids."""

    code = "looks_the_same"
    message = _(
        "Somebody of this name and date of birth is entered already. Look whether it is the same person."
    )
    status = 409


class CannotMerge(DomainError):
    code = "cannot_merge"
    message = _("%(reason)s")
    status = 409


class NotABirth(DomainError):
    code = "has_a_number"
    message = _("Only a newborn child waits for its number.")
    status = 409


class NoSuchAgent(DomainError):
    """Says the same whether the number or the name is wrong, so that nobody can be found out by guessing."""

    code = "no_such_agent"
    message = _(
        "Nobody with this number and name has signed in here yet. Check both, or ask the person to sign in once."
    )
    status = 422


class MandateToOneself(DomainError):
    code = "mandate_to_oneself"
    message = _("You cannot give a mandate to yourself. Enter the number of somebody else.")
    status = 422


class MandateOverlaps(DomainError):
    code = "mandate_overlaps"
    message = _("This person has a mandate for the same purpose in this time already. End it first.")
    status = 409


class NotTransferable(DomainError):
    code = "not_transferable"
    message = _(
        "Only the person concerned, or the legal representative of an organisation, gives a mandate. "
        "Who acts by a mandate cannot pass it on."
    )
    status = 403


class MandateOver(DomainError):
    code = "mandate_over"
    message = _("This mandate has ended.")
    status = 409


class MandateNotWhole(DomainError):
    code = "mandate_not_whole"
    message = _("%(reason)s")
    status = 422


class RepresentationOverlaps(DomainError):
    code = "representation_overlaps"
    message = _("This person represents the organisation in this time already.")
    status = 409


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


class ApplicantMismatch(DomainError):
    """Whether the number or the rest is wrong is not said: it would tell who has the number."""

    code = "applicant_mismatch"
    message = _("The applicant's number, name and date of birth do not belong together.")
    status = 422
