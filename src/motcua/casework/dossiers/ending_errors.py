"""What an act on a dossier asks for that takes a reason and no ground of a list."""

from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.errors import GroundMissing


class ReasonMissing(GroundMissing):
    """Of an act that takes a reason and no ground."""

    message = _("Write the reason: the applicant reads it, and may complain about it.")


class RequestMissing(GroundMissing):
    """Of a withdrawal at the counter."""

    message = _("Name the applicant’s written request as the reason, for example “Request of 10/03/2026”.")
