"""What must be there before going live."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import Requirement, Standing, State, register_requirement
from motcua.registry.access.selectors import list_holders

_ENOUGH = 2


def register() -> None:
    register_requirement(Requirement("administrators", _("Administrators"), _administrators, order=20))


def _administrators(at: datetime) -> Standing:
    count = len({account for account, _right, path in list_holders("administrator") if path == "/"})
    if count < _ENOUGH:
        why = _(
            "There are {count} for the whole installation. With two, one can help the other to get in again."
        )
        return Standing(State.MISSING, format_lazy(why, count=count))
    return Standing(State.DONE, format_lazy(_("There are {count} for the whole installation."), count=count))
