"""Why something with a document or a share could not be done."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError, MemberRefused


class NotShareable(DomainError):
    """One of the documents is not theirs to share, or there is none."""

    code = "not_shareable"
    message = _("Choose at least one of your documents.")
    status = 422


class BadShare(MemberRefused):
    """`field` says where: purpose, ends_at, most_looks."""

    code = "bad_share"
    message = _("%(words)s")


class ShareClosed(DomainError):
    """Ended, revoked, used up, or never was: who has a code learns no more."""

    code = "share_closed"
    message = _("Nothing can be seen with this code.")
    status = 404


class EndedBefore(DomainError):
    code = "document_ended_before"
    message = _("This document was revoked or replaced before. Nothing was changed.")
    status = 409


class EndingIncomplete(DomainError):
    code = "document_ending_incomplete"
    message = _("Enter the reason and the decision it rests on.")
    status = 422


class NoSuchReplacement(DomainError):
    code = "no_such_replacement"
    message = _(
        "Enter the number of a document of the same kind and owner; none in force has the number %(number)s."
    )
    status = 422


class BadKind(DomainError):
    """`problem`: malformed, or unknown to the catalogue."""

    code = "bad_result_code"
    status = 422

    def __init__(self, problem: str, kind: str) -> None:
        super().__init__(problem=problem, kind=kind)

    def __str__(self) -> str:
        words = {
            "malformed": _(
                "%(kind)s is no result code. Enter one like KQ.G15.000031: KQ, the agency, six digits."
            ),
            "unknown": _("No kind of result has the code %(kind)s here. Choose one of the list."),
        }
        return str(words[self.fields["problem"]]) % self.fields


class BadPaper(DomainError):
    """`field` says where: number, name, issuer, issued_on, valid_to."""

    code = "bad_paper"
    message = _("%(words)s")
    status = 422


class KeptBefore(DomainError):
    code = "kept_before"
    message = _("Their warehouse already has a document of this kind with the number %(number)s.")
    status = 409
