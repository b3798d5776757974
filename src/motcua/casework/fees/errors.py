"""Why a payment could not be noted."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class ReceiptUsed(DomainError):
    """The receipt is noted for another dossier, or for this fee."""

    code = "receipt_used"
    message = _(
        "Receipt %(number)s of book %(book)s is noted already. Look at the number on the receipt again."
    )
    status = 409


class AlreadyCorrected(DomainError):
    code = "already_corrected"
    message = _("This entry was corrected meanwhile. Correct the entry that stands in its place.")
    status = 409


class MoreThanDue(DomainError):
    code = "more_than_due"
    message = _("This is more than is due. Enter the reason, or correct the amount.")
    status = 422


class FeeUnknown(DomainError):
    code = "fee_unknown"
    message = _("This fee is not due here.")
    status = 422


class AmountWrong(DomainError):
    code = "amount_wrong"
    message = _("Enter the amount in whole đồng, from 1 to 999,999,999,999.")
    status = 422


class ReceivedLater(DomainError):
    code = "received_later"
    message = _("Enter a day that is not in the future.")
    status = 422


class CorrectionWithoutReason(DomainError):
    code = "correction_without_reason"
    message = _("Enter what was wrong.")
    status = 422
