"""Why a person could not be entered or found."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class ApplicantMismatch(DomainError):
    """Whether the number or the rest is wrong is not said: it would tell who has the number."""

    code = "applicant_mismatch"
    message = _("The applicant's number, name and date of birth do not belong together.")
    status = 422
