"""Why a note, a version of a draft or a consignment could not be what was asked for."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class TrackingWrong(DomainError):
    """Not what this carrier's numbers look like."""

    code = "tracking_wrong"
    message = _("Enter the tracking number as this carrier writes it, for example %(example)s.")
    status = 422


class TrackingMistyped(DomainError):
    """A number of UPU S10 with another check digit than its own."""

    code = "tracking_mistyped"
    message = _("The check digit of this tracking number is wrong. Compare it with the receipt of the post.")
    status = 422


class NoSuchCarrier(DomainError):
    code = "no_such_carrier"
    message = _("Choose who carries the result.")
    status = 422


class WrongOutcomeDay(DomainError):
    """`field`: on."""

    code = "wrong_outcome_day"
    message = _("Enter a day from the one on which it was sent until today.")
    status = 422


class NothingToRestore(DomainError):
    """The version is the current one."""

    code = "nothing_to_restore"
    message = _("This is the current version of the draft already.")
    status = 409


class DraftOutdated(DomainError):
    code = "draft_outdated"
    message = _("What was declared has changed since this version was made. Draft the result anew.")
    status = 409


class NoteMissing(DomainError):
    code = "note_missing"
    message = _("Write the note.")
    status = 422


class NoSuchColleague(DomainError):
    code = "no_such_colleague"
    message = _("Choose a unit or an officer of the agency that decides.")
    status = 422


class NoteStruck(DomainError):
    """A note that is no longer the one that counts."""

    code = "note_struck"
    message = _("This note was struck out or corrected meanwhile. Look at the notes again.")
    status = 409


class ReturnReasonMissing(DomainError):
    """`field`: reason."""

    code = "return_reason_missing"
    message = _("Enter why the carrier brought it back, as it stands on the envelope.")
    status = 422
