"""Why something could not be done with a system client, or by one."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class ClientMoved(DomainError):
    code = "client_moved"
    message = _(
        "Somebody has changed this client since you opened the page. Nothing was changed. Look again."
    )
    status = 409


class ClientExists(DomainError):
    code = "client_exists"
    message = _(
        "This client is registered already. If you did not keep its secret, make a new one on the client's page."
    )
    status = 409


class ClientOver(DomainError):
    code = "client_over"
    message = _("This client was ended. Register a new one.")
    status = 409


class ClientReasonMissing(DomainError):
    code = "client_reason_missing"
    message = _("Write in one sentence why. The reason is kept in the journal.")
    status = 422


class TooLongOverlap(DomainError):
    code = "too_long_overlap"
    message = _("The old secret ends within %(days)d days at the latest.")
    status = 422


class UnknownScope(DomainError):
    code = "unknown_scope"
    message = _("There is no scope named %(scope)s.")
    status = 422


class BadRedirect(DomainError):
    code = "bad_redirect"
    message = _(
        "Enter whole addresses that begin with https:// (http:// only on this machine), without “#” and “*”."
    )
    status = 422


class TokenMissing(DomainError):
    code = "token_missing"
    message = _("Send an access token: Authorization: Bearer …")
    status = 401


class TokenRefused(DomainError):
    """Unknown, ended or revoked; or its client was suspended or ended."""

    code = "token_refused"
    message = _("This access token is not valid, or not any more. Get a new one.")
    status = 401


class TokenOfPerson(DomainError):
    code = "token_of_person"
    message = _("A person signed in for this token. This operation is not for them.")
    status = 403


class TokenOfClient(DomainError):
    code = "token_of_client"
    message = _("A program got this token in its own name. This operation is for people who signed in.")
    status = 403


class FactorMissing(DomainError):
    code = "second_factor_missing"
    message = _("This account has no second factor any more. Sign in on the pages and set one up.")
    status = 403


class NotActingAs(DomainError):
    code = "not_acting_as"
    message = _("You may not act for them, or not any more. GET /me says for whom you may.")
    status = 403


class ScopeMissing(DomainError):
    code = "scope_missing"
    message = _("The token does not have the scope %(scope)s.")
    status = 403


class TooManyCalls(DomainError):
    code = "too_many_calls"
    message = _("More than %(limit)d calls in one minute. Wait %(seconds)d seconds.")
    status = 429


class KeyMissing(DomainError):
    code = "key_missing"
    message = _("Send the header Idempotency-Key: 8 to 100 letters, digits, hyphens or underscores.")
    status = 400


class KeyReused(DomainError):
    code = "key_reused"
    message = _("This Idempotency-Key came with something else before. Take a new key for a new call.")
    status = 422


class MatchWrong(DomainError):
    """What was sent is no ETag of a dossier, so it is none that this one has now (RFC 9110, 13.1.1)."""

    code = "if_match_wrong"
    message = _("If-Match is not the ETag of a dossier. Read the dossier and send the ETag of that answer.")
    status = 412


class MatchMissing(DomainError):
    code = "if_match_missing"
    message = _("Send the header If-Match with the ETag that the dossier had when you read it.")
    status = 428
