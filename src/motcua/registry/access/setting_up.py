"""What must be there before going live."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import Requirement, Standing, State, register_requirement
from motcua.registry.access.selectors import list_holders, list_without_factor

_ENOUGH = 2


def register() -> None:
    register_requirement(
        Requirement("administrators", _("Administrators"), _administrators, order=20),
        Requirement("second-factors", _("Second factors"), _second_factors, order=20),
    )


def _administrators(at: datetime) -> Standing:
    held = list_holders("administrator", on=timezone.localdate(at))
    count = len({account for account, _right, path in held if path == "/"})
    if count < _ENOUGH:
        why = _(
            "There are {count} for the whole installation. With two, one can help the other to get in again."
        )
        return Standing(State.MISSING, format_lazy(why, count=count))
    return Standing(State.DONE, format_lazy(_("There are {count} for the whole installation."), count=count))


def _second_factors(at: datetime) -> Standing:
    lacking = list_without_factor(on=timezone.localdate(at))
    if not lacking:
        return Standing(
            State.DONE, _("Everybody with a role has a second factor."), url_name="console:accounts"
        )
    administrators = sum(lacking.values())
    why = _("{count} with a role have no second factor yet, {administrators} of them administer.")
    state = State.MISSING if administrators else State.WARNING
    words = format_lazy(why, count=len(lacking), administrators=administrators)
    return Standing(state, words, url_name="console:accounts")
