"""Absences and delegations in words, for pages. No queries of its own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.foundation.kernel.actors import Delegated
from motcua.foundation.ui import formats
from motcua.registry.organisations.delegation.selectors import Signer, Unattended, delegation_signing
from motcua.registry.organisations.models import Absence, Delegation
from motcua.registry.organisations.rules.delegation import position, signature_lines

AUTHORITIES: dict[str, Promise] = {
    "KT": gettext_lazy("KT. – a deputy signs for the head"),
    "TL": gettext_lazy("TL. – the head of a unit signs by order of the head"),
    "TUQ": gettext_lazy("TUQ. – an officer signs by authorisation"),
    "Q": gettext_lazy("Q. – a deputy is acting head"),
}
RIGHTS: dict[str, Promise] = {
    "leader": gettext_lazy("Sign results, return drafts"),
    "specialist": gettext_lazy("Check and draft"),
    "reception": gettext_lazy("Receive dossiers, return results"),
}


def day_words(day: date) -> str:
    return formats.format_date(day, (get_language() or "vi").split("-")[0], weekday=False)


def last_day_words(ends: date) -> str:
    """The last day of a half-open period."""
    return day_words(ends - timedelta(days=1))


def period_words(begins: date, ends: date | None) -> str:
    if ends is None:
        return _("from %(day)s until revoked") % {"day": day_words(begins)}
    return _("%(first)s to %(last)s") % {"first": day_words(begins), "last": last_day_words(ends)}


def absence_row(absence: Absence, today: date) -> dict[str, Any]:
    """`state` of the design system; `withdraw_url` "" when it cannot be withdrawn any more."""
    if absence.withdrawn_at:
        state, words = "open", _("withdrawn")
    elif absence.valid_to <= today:
        state, words = "done", _("over")
    elif absence.valid_from > today:
        state, words = "soon", _("to come")
    else:
        state, words = "stopped", _("away")
    is_open = not absence.withdrawn_at and absence.valid_to > today
    return {
        "period": period_words(absence.valid_from, absence.valid_to),
        "reason": absence.reason,
        "state": state,
        "words": words,
        "withdraw_url": reverse("delegations:withdraw", args=[absence.pk]) if is_open else "",
    }


def delegation_row(one: Delegation, today: date, current: Collection[UUID]) -> dict[str, Any]:
    """`current`: ids of those in force; what should be and is not has lapsed with a post or a right."""
    state, words = _state(one, today, current)
    agency = one.delegator_post.unit.agency
    return {
        "id": one.pk,
        "delegate": one.delegate.full_name,
        "delegator": one.delegator.full_name,
        "position": position(delegation_signing(one)),
        "agency": agency.name,
        "right": RIGHTS.get(one.right, one.right),
        "limit": ", ".join(one.procedures),
        "period": period_words(one.valid_from, one.valid_to),
        "basis": _basis(one),
        "state": state,
        "words": words,
        "reason": one.revoked_reason,
        "can_end": state in {"done", "soon", "overdue"},
    }


def _state(one: Delegation, today: date, current: Collection[UUID]) -> tuple[str, str]:
    if one.revoked_at:
        return "stopped", _("revoked")
    if one.valid_to and one.valid_to <= today:
        return "open", _("ended")
    if one.valid_from > today:
        return "soon", _("to come")
    if one.pk in current:
        return "done", _("in force")
    return "overdue", _("lapsed: a post or the right changed hands")


def _basis(one: Delegation) -> str:
    if not one.basis_day:
        return ""
    return _("%(number)s of %(day)s") % {"number": one.basis_number, "day": day_words(one.basis_day)}


def preview_of(one: Delegation) -> dict[str, Any]:
    """What will be printed, and in one sentence what it means."""
    words = {
        "delegate": one.delegate.full_name,
        "head": f"{one.delegator_post.title} {one.delegator.full_name}",
        "period": period_words(one.valid_from, one.valid_to),
    }
    sentence = _("%(delegate)s signs for %(head)s: %(period)s.") % words
    if one.procedures:
        sentence += " " + _("Only for the procedures %(codes)s.") % {"codes": ", ".join(one.procedures)}
    return {
        "sentence": sentence,
        "lines": signature_lines(delegation_signing(one)),
        "name": one.delegate.full_name,
    }


def unattended_items(rows: list[Unattended]) -> list[dict[str, str]]:
    """For components/call_out: who is away with nobody in their place."""
    return [
        {
            "title": f"{row.title} {row.name}, {row.agency}",
            "note": _("Away until %(day)s, and nobody signs in their place.")
            % {"day": last_day_words(row.back)},
        }
        for row in rows
    ]


def lent_words(lent: Delegated) -> str:
    """ "KT. Chủ tịch, until 12/03/2026" for who acts under a delegation."""
    as_whom = f"{lent.authority}. {lent.title}"
    if lent.until is None:
        return _("%(as_whom)s, until revoked") % {"as_whom": as_whom}
    return _("%(as_whom)s, until %(day)s") % {"as_whom": as_whom, "day": last_day_words(lent.until)}


def signer_words(signer: Signer | None) -> dict[str, str]:
    """Who will sign, for who drafts: {text, warning}."""
    if not signer:
        return {"text": "", "warning": _("Nobody in this agency may sign. Tell the administrator.")}
    text = f"{signer.name}, {signer.position}"
    if not signer.absent_until:
        return {"text": text, "warning": ""}
    warning = _(
        "%(who)s is away until %(day)s, and nobody signs in their place. Tell them or the administrator."
    )
    return {
        "text": text,
        "warning": warning % {"who": text, "day": last_day_words(signer.absent_until)},
    }
