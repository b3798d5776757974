"""Why a paper cannot be digitised, its values not be confirmed, or no electronic copy be certified."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class NothingToDigitise(DomainError):
    """There is no file of one's own: nothing was handed in electronically, or it comes from where it is digital."""

    code = "nothing_to_digitise"
    message = _(
        "There is no scan or photo of this paper. Scan it or take a photo, hand that in, then digitise it."
    )
    status = 422


class NotDigitisedYet(DomainError):
    code = "not_digitised_yet"
    message = _("The paper is not digitised yet. Digitise it first.")


class PaperChanged(DomainError):
    """Files were added or taken out since the paper was digitised."""

    code = "paper_changed"
    message = _(
        "Files of this paper were added or taken out since it was digitised. Digitise it once more, then go on."
    )


class ConfirmedMeanwhile(DomainError):
    code = "values_confirmed_meanwhile"
    message = _(
        "A colleague has confirmed values of this paper meanwhile. What you typed is still here: look at both, "
        "then confirm again."
    )


class WrongValues(DomainError):
    """`faults`: field -> code of `rules.extracting.value_fault`."""

    code = "values_wrong"
    message = _("Correct the values that are marked, then confirm again.")
    status = 422


class NotCompared(DomainError):
    code = "copy_not_compared"
    message = _("Compare every page with the paper, then tick that you have done so.")
    status = 422


class WrongCopiedFrom(DomainError):
    code = "copy_from_missing"
    message = _("Choose whether the paper before you is the original or a certified copy.")
    status = 422


class PaperNotConfirmed(DomainError):
    code = "paper_not_confirmed"
    message = _(
        "Only a paper that was handed in with an accepted dossier can be put into its owner's documents."
    )
    status = 409
