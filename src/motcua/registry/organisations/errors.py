"""Why an act on agencies, units, posts or officers is refused. `field`: of the act's form, "" for the whole."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError


class OrganisationError(DomainError):
    field: ClassVar[str] = ""
    status = 422


class AgencyMoved(OrganisationError):
    code = "agency_moved"
    message = _("Somebody has changed this agency since the page was opened. Check it and confirm again.")
    status = 409


class AgencyEnded(OrganisationError):
    code = "agency_ended"
    message = _("%(name)s does not exist on %(day)s.")
    field = "on"


class WrongCode(OrganisationError):
    code = "wrong_code"
    message = _("Enter a code such as H44.25 or, in the older form, 000.00.25.H44.")
    field = "code"


class CodeTaken(OrganisationError):
    code = "code_taken"
    message = _("%(code)s belongs, or once belonged, to %(name)s. Codes are never given again.")
    field = "code"


class DayTooEarly(OrganisationError):
    code = "day_too_early"
    message = _("Enter a day after %(day)s, on which this began.")
    field = "on"


class DayNotCome(OrganisationError):
    """Open work is known for today, not for a day to come."""

    code = "day_not_come"
    message = _("Enter today or an earlier day. What is still open can only be checked on the day itself.")
    field = "on"


class NothingChanged(OrganisationError):
    code = "nothing_changed"
    message = _("Enter another name or another code.")


class HasOpenWork(OrganisationError):
    code = "has_open_work"
    message = _("%(name)s cannot end while it still has open work: %(work)s.")
    status = 409


class WrongSuccessors(OrganisationError):
    code = "wrong_successors"
    message = _("Choose other agencies: an agency cannot come after itself, and a split needs two at least.")
    field = "others"


class KeyTaken(OrganisationError):
    """It is not said whose it is: keys of other agencies are nobody's business."""

    code = "key_taken"
    message = _("This key signs for somebody else already. Enter the key of this officer or agency.")
    field = "signing_key"
    status = 409


class StillAdministers(OrganisationError):
    code = "still_administers"
    message = _(
        "%(name)s administers here. End that role first, on the page of the account: two people do that."
    )
    status = 409


class UnitCircle(OrganisationError):
    code = "unit_circle"
    message = _("%(name)s cannot lie below itself.")
    field = "parent"


class UnitElsewhere(OrganisationError):
    code = "unit_elsewhere"
    message = _("Choose a unit of the same agency.")
    field = "parent"


class UnitCodeTaken(OrganisationError):
    code = "unit_code_taken"
    message = _("This agency has a unit %(code)s already. Enter another code.")
    field = "code"


class StillInUse(OrganisationError):
    code = "still_in_use"
    message = _("%(name)s cannot end on this day: %(what)s are still there.")
    field = "on"
    status = 409


class PostTaken(OrganisationError):
    code = "post_taken"
    message = _("%(name)s holds this post in that time. End that first, or choose another post or day.")
    status = 409


class PostEnded(OrganisationError):
    code = "post_ended"
    message = _("This post does not exist on that day. Choose another post or day.")
    field = "post"


class OfficerBusy(OrganisationError):
    code = "officer_busy"
    message = _("%(name)s holds another post in that time: an officer holds one post at a time.")
    status = 409


class UsernameTaken(OrganisationError):
    code = "username_taken"
    message = _("There is an account %(username)s already. Enter another user name.")
    field = "username"


class WrongHours(OrganisationError):
    code = "wrong_hours"
    message = _("These opening hours contradict each other: each session must end after it begins, in order.")
