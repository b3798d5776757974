"""Why an answer is not taken, or a case not worked on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class NotAsked(DomainError):
    code = "not_asked"
    message = _("There is no result with this code that you could be asked about.")
    status = 404


class SurveyOver(DomainError):
    code = "survey_over"
    message = _("The time for this answer is over.")
    status = 410


class AnsweredAlready(DomainError):
    code = "answered_already"
    message = _("This was answered already. Each result is answered once, and the answer is not changed.")
    status = 409


class BadRating(DomainError):
    code = "bad_rating"
    message = _("Choose one of the three answers.")
    status = 422


class NoConsent(DomainError):
    code = "no_consent"
    message = _("Enter an answer only when the person has agreed to it.")
    status = 422


class HandledIt(DomainError):
    code = "handled_it"
    message = _("You had a hand in this dossier. Somebody else enters the answer and replies to it.")
    status = 403


class ChannelsRefused(DomainError):
    code = "channels_refused"
    message = _(
        "You wanted neither e-mails nor SMS. Allow one of them in your account, then you are asked again."
    )
    status = 409


class CaseMoved(DomainError):
    code = "case_moved"
    message = _("Somebody has worked on this case since the page was opened. Look at it again.")
    status = 409


class CannotDo(DomainError):
    code = "case_cannot"
    message = _("This cannot be done with the case as it stands.")
    status = 409


class NotYourCase(DomainError):
    code = "case_not_yours"
    message = _("Take the case on before you work on it; somebody else may have it now.")
    status = 409


class NoWords(DomainError):
    code = "no_words"
    message = _("Write it in a few words.")
    status = 422


class NoSuperior(DomainError):
    code = "no_superior"
    message = _("There is no agency above this one to pass the case on to.")
    status = 409
