"""What must be there before going live: agencies, and in each who works at the desk and who signs."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import Requirement, Standing, State, register_requirement
from motcua.foundation.signatures.keeping import list_keys
from motcua.registry.access.selectors import list_holders
from motcua.registry.organisations.models import Agency, Officer, valid_on


def register() -> None:
    register_requirement(
        Requirement("agencies", _("Agencies"), _agencies, order=21),
        Requirement("staff", _("Officers at every commune's desk, and who signs"), _staff, order=22),
    )


def _agencies(at: datetime) -> Standing:
    count = _open(at).count()
    if not count:
        return Standing(State.MISSING, _("None is entered."))
    return Standing(State.DONE, format_lazy(_("{count} are entered."), count=count))


def _staff(at: datetime) -> Standing | None:
    communes = list(_open(at).filter(level="commune").order_by("sort_key").values_list("path", "place_name"))
    if not communes:
        return None
    desks, leaders = _paths("reception"), _paths("leader", _who_can_sign(at))
    lacking = [name for path, name in communes if not (_covers(desks, path) and _covers(leaders, path))]
    if not lacking:
        return Standing(State.DONE, _("Every commune has an officer at the desk and a leader who can sign."))
    why = _(
        "{count} of {all} communes lack an officer at the desk, or a leader with a valid certificate: {first} …"
    )
    state = State.MISSING if len(lacking) == len(communes) else State.WARNING
    return Standing(
        state, format_lazy(why, count=len(lacking), all=len(communes), first=", ".join(lacking[:3]))
    )


def _open(at: datetime) -> QuerySet[Agency]:
    day = timezone.localdate(at)
    return Agency.objects.filter(valid_on(day))


def _who_can_sign(at: datetime) -> set[object]:
    """Accounts of officers whose key is here and valid."""
    keys = [it.key_ref for it in list_keys() if not it.problem and it.valid_to and it.valid_to > at]
    return set(Officer.objects.filter(signing_key__in=keys).values_list("account_id", flat=True))


def _paths(right: str, among: set[object] | None = None) -> set[str]:
    return {path for account, _right, path in list_holders(right) if among is None or account in among}


def _covers(held: set[str], path: str) -> bool:
    """Whether somebody holds it at this agency or above."""
    parts = path.strip("/").split("/")
    return any("/" + "/".join(parts[:depth]) + "/" in held for depth in range(1, len(parts) + 1))
