"""Why something about accounts and roles cannot be done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class Slow(DomainError):
    code = "too_many_tries"
    message = _("This failed too often. Try again in %(seconds)s seconds.")
    status = 429


class AskedTooOften(DomainError):
    code = "asked_too_often"
    message = _("This was asked too often from your address. Ask again in %(seconds)s seconds.")
    status = 429


class BadInvitation(DomainError):
    """The same words for a code that never was, was used, or is too old: who guesses learns nothing."""

    code = "bad_invitation"
    message = _("This code is not valid. It may have been used, or its time is over. Ask for a new one.")
    status = 400


class BadPassword(DomainError):
    code = "bad_password"
    message = _("The password is not right.")
    status = 400


class NotYours(DomainError):
    code = "needs_another_person"
    message = _("Somebody else has to do this: neither who proposed it nor whom it concerns may decide it.")
    status = 403


class Decided(DomainError):
    code = "already_decided"
    message = _("This was decided already, or its time is over.")


class AlreadyProposed(DomainError):
    code = "already_proposed"
    message = _("This is proposed already and waits for an approval.")


class ChangedMeanwhile(DomainError):
    code = "changed_meanwhile"
    message = _("Somebody changed this while you were looking at it. Look again and repeat what you wanted.")


class NoReasonGiven(DomainError):
    code = "no_reason"
    message = _("Say why, in a few words.")
    status = 400


class UnknownRight(DomainError):
    code = "unknown_right"
    message = _("There is no such right.")
    status = 400


class DossiersEverywhere(DomainError):
    code = "dossiers_everywhere"
    message = _("A role for handling dossiers is held at an agency, never at all of them.")
    status = 400


class AlreadyGranted(DomainError):
    code = "already_granted"
    message = _("The officer has this role there already, in the same period.")


class BadPeriod(DomainError):
    code = "bad_period"
    message = _("The last day lies before the first.")
    status = 400


class LastFactor(DomainError):
    code = "last_factor"
    message = _("This is your only second factor. Add another one first.")


class LastAdministrator(DomainError):
    code = "last_administrator"
    message = _("There would be no administrator left for all agencies.")


class WasReset(DomainError):
    code = "was_reset"
    message = _(
        "Two people replaced the second factor. Until the officer has enrolled a new one, only their code lets in."
    )


class StillAtWork(DomainError):
    code = "still_at_work"
    message = _("What you sent has arrived and is being worked on. Look at this page again in a moment.")
    status = 409
