"""Errors that a person can act on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Something that was asked for cannot be done, and why.

    `code` is stable and meant for programs, `message` is translatable and meant for people (named
    placeholders are filled from `fields`), `status` is the HTTP status of the answer.
    """

    code: ClassVar[str] = "domain_error"
    message: ClassVar[str | Promise] = _("This cannot be done.")
    status: ClassVar[int] = 409

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.code, fields)

    def __str__(self) -> str:
        return str(self.message) % self.fields


class MemberRefused(DomainError):
    """One value of what was sent is missing or wrong. `field` names it; programs read it as `errors`, where that is
    the member's name in the body of an operation too."""

    status = 422

    def __init__(self, *, field: str, **fields: Any) -> None:
        super().__init__(field=field, **fields)
        self.fields["errors"] = [{"path": f"/{field}", "code": self.code, "detail": str(self)}]


class NotFound(DomainError):
    """The object does not exist, or the actor may not know that it does."""

    code = "not_found"
    message = _("There is nothing here under this address.")
    status = 404


class Refused(DomainError):
    """The actor is known and may not do this."""

    code = "refused"
    message = _("Your account does not have the right to do this.")
    status = 403
