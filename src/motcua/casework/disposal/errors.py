"""Why a list of disposition could not be changed or decided."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class ListClosed(DomainError):
    """It lies before the second person, or was decided."""

    code = "disposal_list_closed"
    message = _("The list lies before the second person or was decided already. Nothing was changed.")
    status = 409


class NothingToDispose(DomainError):
    code = "nothing_to_dispose"
    message = _("Nothing is left on the list.")
    status = 409


class KeepingUnexplained(DomainError):
    code = "keeping_unexplained"
    message = _("Enter why it is kept.")
    status = 422
