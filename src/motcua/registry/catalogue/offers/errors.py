"""Why an offer or a decision is refused. `field`: of the page's form, "" for the whole."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class OfferError(DomainError):
    field: ClassVar[str] = ""
    status = 422


class LimitLonger(OfferError):
    code = "limit_longer"
    message = _("The published limit is %(published)s. An agency may shorten it, never lengthen it.")
    field = "limit"


class LimitSame(OfferError):
    code = "limit_same"
    message = _("The published limit is %(published)s already. Leave the limit empty.")
    field = "limit"


class LimitNotComparable(OfferError):
    code = "limit_not_comparable"
    message = _(
        "The published limit is %(published)s. Whether %(own)s is shorter depends on holidays: enter the limit "
        "in the same "
        "unit."
    )
    field = "limit"


class LimitNotPublished(OfferError):
    code = "limit_not_published"
    message = _("Nothing is published here for this procedure that a limit could shorten.")
    field = "limit"


class LimitUnreadable(OfferError):
    code = "limit_unreadable"
    message = _("Enter a limit such as 3wd (working days), 8wh (working hours), 20d (days) or 1m (months).")
    field = "limit"


class DecisionMissing(OfferError):
    code = "decision_missing"
    message = _("Enter the decision by which the limit or the fee differs from what is published.")
    field = "decision"


class ReasonMissing(OfferError):
    code = "reason_missing"
    message = _("Choose why the procedure is offered only in part. The reason is published.")
    field = "reason"


class ProactiveMissing(OfferError):
    code = "proactive_missing"
    message = _("Choose how far the agency acts by itself.")
    field = "proactive"


class FeeWrong(OfferError):
    code = "fee_wrong"
    message = _("Check the fee in line %(line)s: %(why)s")
    field = "fees"


class NotTheirProcedure(OfferError):
    code = "not_their_procedure"
    message = _("%(code)s is a procedure of its own of %(owner)s. Only agencies there can offer it.")


class NotAtThisLevel(OfferError):
    code = "not_at_this_level"
    message = _("%(code)s is not handled at this level of government.")


class OfferOverlaps(OfferError):
    code = "offer_overlaps"
    message = _(
        "%(code)s is offered there already from %(begins)s on. Change that offer, or begin on a later day."
    )
    field = "valid_from"


class EndsBeforeItBegins(OfferError):
    code = "ends_before_it_begins"
    message = _("Enter a last day after %(day)s, on which it begins.")
    field = "valid_to"


class ProcedureGone(OfferError):
    code = "procedure_gone"
    message = _("%(code)s is not in the catalogue, or was taken out of it.")
    field = "codes"


class OfferMoved(OfferError):
    code = "offer_moved"
    message = _("Somebody has changed this since the page was opened. Check it and send it again.")
    status = 409


class DecisionTaken(OfferError):
    code = "decision_taken"
    message = _("This decision is entered already.")
    field = "number"


class DecisionDates(OfferError):
    code = "decision_dates"
    message = _("Enter a day not before %(day)s, on which the decision was issued.")
    field = "due_on"


class CodesWrong(OfferError):
    code = "codes_wrong"
    message = _("Enter codes of procedures such as 1.001193; %(wrong)s is none.")
    field = "codes"


class NoProcedures(OfferError):
    code = "no_procedures"
    message = _("Enter at least one procedure.")
    field = "codes"


class NotOfferedHere(OfferError):
    code = "not_offered_here"
    message = _("%(agency)s does not offer this procedure at present.")
    status = 409
