"""Why an absence or a delegation cannot be entered, in words for who enters it."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.registry.organisations.rules.delegation import Problem

# Problem -> (the field of the form that it is about, what to do).
PROBLEMS: dict[Problem, tuple[str, Promise]] = {
    "same_person": ("delegate", _("Choose another officer: nobody can delegate to themself.")),
    "other_agency": ("delegate", _("Choose an officer of the same agency.")),
    "not_head": ("authority", _("Only the head can delegate. This post is not entered as that of a head.")),
    "not_held": (
        "right",
        _(
            "Only a right of one's own can be delegated. What was delegated to somebody cannot be passed on"
            " (Decree 30/2020/NĐ-CP, article 13)."
        ),
    ),
    "not_lendable": ("right", _("This right cannot be delegated.")),
    "not_a_deputy": ("delegate", _("Choose a deputy of the head: only deputies sign with “KT.” or “Q.”.")),
    "not_a_unit_head": (
        "delegate",
        _("Choose the head of a unit of the agency: only they sign by order (“TL.”)."),
    ),
    "by_administrator": ("authority", _("An acting head (“Q.”) is appointed. An administrator enters it.")),
    "end_missing": ("last_day", _("Enter the last day: an authorisation (“TUQ.”) is for a limited time.")),
    "basis_missing": (
        "basis_number",
        _("Enter number and day of the document that this rests on. Only “KT.” needs none."),
    ),
    "period_ends_first": ("last_day", _("The period ends before it begins. Enter a later last day.")),
    "period_past": ("first_day", _("Enter today or a later day: nothing can be delegated for the past.")),
}


class CannotDelegate(DomainError):
    """`field` is the question of the form that must be answered otherwise."""

    code: ClassVar[str] = "cannot_delegate"
    message = "%(reason)s"
    status: ClassVar[int] = 422

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.field, reason = PROBLEMS[problem]
        super().__init__(reason=reason)


class DelegatedAlready(DomainError):
    code = "delegated_already"
    message = _(
        "For some of these days this right is delegated to this officer already. Revoke that delegation, or choose"
        " other days."
    )
    status = 409


class DelegationEnded(DomainError):
    """The right was lent, and is not any more."""

    code = "delegation_ended"
    message = _("The delegation under which you would act has ended or was revoked. Nothing was done.")
    status = 403


class NotInForce(DomainError):
    code = "delegation_not_in_force"
    message = _("This delegation has ended or was revoked already.")
    status = 409


class RevokeReasonMissing(DomainError):
    code = "revoke_reason_missing"
    message = _("Write in one sentence why it is revoked.")
    status = 422


class AwayAlready(DomainError):
    code = "away_already"
    message = _("An absence is entered for some of these days already. Withdraw it, or choose other days.")
    status = 409


class AbsencePast(DomainError):
    code = "absence_past"
    message = _("Enter a last day that is not past: what is over helps nobody.")
    status = 422


class AbsenceEndsFirst(DomainError):
    code = "absence_ends_first"
    message = _("The absence ends before it begins. Enter a later last day.")
    status = 422


class AbsenceOver(DomainError):
    code = "absence_over"
    message = _("This absence is over or was withdrawn already.")
    status = 409
