"""Why something could not be done at the counter: taking in, paper sheets, paper on its way."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class CounterMissing(DomainError):
    """The officer does not receive at the agency of their post."""

    code = "counter_missing"
    message = _("You take in dossiers at your own counter only, with the right to receive them there.")
    status = 403


class NotThisCounter(DomainError):
    """`agency`: the name of the one that decides."""

    code = "not_this_counter"
    message = _("%(agency)s decides on this dossier: it is handed in there.")
    status = 409


class BasisMissing(DomainError):
    """Somebody came for another, and nothing says by which right."""

    code = "basis_missing"
    message = _("Say how the helper stands to the person, or which mandate they hold.")
    status = 422


class HelperIsApplicant(DomainError):
    """Entered as who came instead of themselves. The words name the choice of the intake page."""

    code = "helper_is_applicant"
    message = _("This is the applicant. Choose “Nobody: the person came themselves”.")
    status = 422


class CounterDraftMissing(DomainError):
    """Thrown away, of another counter, or never there."""

    code = "counter_draft_missing"
    message = _(
        "This form is not kept at your counter: it was thrown away, or it belongs to another counter."
    )
    status = 404


class MandateNotHeld(DomainError):
    code = "mandate_not_held"
    message = _("This mandate does not count, or not for this procedure. Ask the helper for another one.")
    status = 409


class TickRefused(DomainError):
    """A paper that the procedure does not ask for, or no possible number of it."""

    code = "tick_refused"
    message = _("Enter how many of each paper were handed in, from 0 to 99.")
    status = 422


class NotYet(DomainError):
    """The moment it came in lies ahead."""

    code = "not_yet"
    message = _("Enter when the dossier came in: that cannot be later than now.")
    status = 422


class NothingToSend(DomainError):
    """Chosen for a parcel, but another officer was faster, or there is no paper of it."""

    code = "nothing_to_send"
    message = _(
        "Choose 1 to %(limit)s dossiers of which there is paper to send. Another officer may have sent it."
    )
    status = 409


class TooManySheets(DomainError):
    code = "too_many_sheets"
    message = _("Print from 1 to %(limit)d sheets at once.")
    status = 422


class SheetVoidReason(DomainError):
    code = "sheet_void_reason"
    message = _("Enter why the sheet is void in at most %(limit)d characters.")
    status = 422


class SheetVoid(DomainError):
    code = "sheet_void"
    message = _(
        "Sheet %(code)s was made void: %(reason)s. Take that back on the list of sheets if it was a mistake."
    )
    status = 409


class ReceivedBefore(DomainError):
    code = "received_before"
    message = _("%(name)s noted already that this paper arrived.")
    status = 409


class NoSuchSheet(DomainError):
    code = "no_such_sheet"
    message = _(
        "No sheet of your counters has this code. Enter it as it is printed, for example P-7K4M-2QXD-9R."
    )
    status = 422


class CameTooEarly(DomainError):
    """`issued`: when the sheet was printed, in words."""

    code = "came_too_early"
    message = _("The papers cannot have come in before the sheet was printed: %(issued)s.")
    status = 422


class LateReasonMissing(DomainError):
    code = "late_reason_missing"
    message = _("Enter in words why the papers were not entered when they came in.")
    status = 422


class SheetOfAnotherProcedure(DomainError):
    """`procedure`: the code of the one the sheet was printed for."""

    code = "sheet_of_another_procedure"
    message = _("This sheet was printed for procedure %(procedure)s.")
    status = 422


class SheetEntered(DomainError):
    """Entered once, or being entered: by the first, which is told where it lies."""

    code = "sheet_entered"
    message = _("Sheet %(code)s is entered already, or somebody is entering it.")
    status = 409
