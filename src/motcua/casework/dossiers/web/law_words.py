"""What pages say of the acts of the law: how a dossier ended, what is to be paid, was corrected, can be done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.forms import form_of, procedure_of
from motcua.casework.dossiers.models import Dossier, Ending, SupplementRequest
from motcua.casework.dossiers.rules.law import suspension_law
from motcua.casework.dossiers.rules.states import ACTS, ENDED, Status
from motcua.casework.dossiers.services.ending import find_ending
from motcua.casework.dossiers.services.slips import law
from motcua.casework.dossiers.services.waiting import find_payment
from motcua.casework.dossiers.web.words import language
from motcua.casework.forms.rules.definition import Field
from motcua.casework.forms.rules.summary import value_words
from motcua.casework.process.models import Token
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.text import mask_number
from motcua.foundation.ui.formats import format_datetime, format_money
from motcua.registry.catalogue.rules.texts import in_language

_LISTS = {"refused": "refusal", "withdrawn": "withdrawal", "stopped": "stopping"}


def ground_words(ending: Ending, dossier: Dossier) -> str:
    """Why it ended, by the pack's list or the special law."""
    if ending.kind == Ending.Kind.SILENCE:
        return _("Nobody had decided in time: the law did")
    if ending.kind == Ending.Kind.SUSPENDED:
        named = suspension_law(procedure_of(dossier))
        return in_language(named, language()) if named else ""
    found = law().ground(_LISTS[ending.kind], ending.ground)
    return in_language(found.text, language()) if found else ending.ground


def law_context(dossier: Dossier) -> dict[str, Any]:
    """How the dossier ended or what it waits for to be paid, for both doors. At most one query."""
    if Status(dossier.status) in ENDED:
        return {"ending": _ending(dossier, find_ending(dossier))}
    if payment := find_payment(dossier):
        amount = format_money(payment.amount_vnd, language())
        until = format_datetime(timezone.localtime(payment.due_at), language()) if payment.due_at else ""
        said = {"what": payment.what, "amount": amount, "document": payment.document, "until": until}
        return {"payment": said | {"is_over": bool(payment.due_at and payment.due_at < timezone.now())}}
    return {}


def _ending(dossier: Dossier, ending: Ending | None) -> dict[str, Any]:
    """None: the law decided by silence, before that was kept as an ending."""
    titles = {
        "refused": _("This dossier was refused at reception"),
        "withdrawn": _("This dossier was withdrawn"),
        "stopped": _("This dossier was stopped"),
        "suspended": _("This dossier is suspended"),
        "silence": _("This dossier was stopped"),
    }
    ground = ground_words(ending, dossier) if ending else _("Nobody had decided in time: the law did")
    return {
        "title": titles[ending.kind if ending else "stopped"],
        "said": f"{ground} {ending.reason}".strip() if ending else ground,
        "document": ending.document if ending else None,
    }


# Pages of acts, in the order in which they are offered.
_OFFERED = (
    "correct", "draft-refusal", "request-payment", "confirm-payment", "transfer", "refuse", "withdraw", "suspend",
    "resume", "recall-stop", "stop",
)  # fmt: skip


def law_links(dossier: Dossier, allowed: Collection[str], task: Token | None) -> list[dict[str, str]]:
    """Links to the acts of the law among those that the actor may do now. `task`: the one that is shown."""
    words = {
        "correct": _("Correct a slip in what was declared"),
        "draft-refusal": _("Draft a letter of refusal"),
        "request-payment": _("Ask the applicant to pay"),
        "confirm-payment": _("Confirm the payment"),
        "transfer": _("Transfer to the competent agency"),
        "refuse": _("Refuse at reception"),
        "withdraw": _("Withdraw at the applicant’s request"),
        "suspend": _("Suspend the dossier"),
        "resume": _("Resume the dossier"),
        "recall-stop": _("Take back the stop"),
        "stop": _("Stop the dossier"),
    }
    query = f"?task={task.pk}" if task else ""
    offered = [code for code in _OFFERED if code in allowed]
    return [
        {
            "text": words[code],
            "url": reverse("desk:correct", args=[dossier.id]) + query
            if code == "correct"
            else reverse("desk:law", args=[dossier.id, code]) + (query if ACTS[code].needs else ""),
        }
        for code in offered
    ]


def correction_words(dossier: Dossier, entry: Entry) -> str:
    """What stood there, what stands there now, and why, numbers masked; "" for another entry."""
    detail = getattr(entry, "detail", None)
    if entry.kind != "dossier.data_corrected" or not detail:
        return ""
    asked = form_of(dossier.version).fields[str(entry.facts["field"])]
    values = detail.values
    return _("%(field)s: %(before)s → %(after)s. %(reason)s") % {
        "field": in_language(asked.label, language()),
        "before": _said(asked, values.get("before"), dossier.answers),
        "after": _said(asked, values.get("after"), dossier.answers),
        "reason": values.get("reason", ""),
    }


def _said(asked: Field, value: Any, answers: Mapping[str, Any]) -> str:
    """A value as a person reads it, part by part."""
    if value is None:
        return "–"
    if asked.kind == "personal_number":
        return mask_number(str(value))
    if asked.kind == "repeated" and isinstance(value, list):
        return "; ".join(_parts(asked, it) for it in value)
    if asked.fields and isinstance(value, Mapping):
        return _parts(asked, value)
    return value_words(asked, {**answers, asked.name: value}, language(), {})


def _parts(asked: Field, value: Mapping[str, Any]) -> str:
    return ", ".join(_said(part, value[part.name], value) for part in asked.fields if part.name in value)


def until_words(supplement: SupplementRequest | None) -> str:
    """Until when what is missing may be brought."""
    if not supplement or not supplement.due_at:
        return ""
    when = format_datetime(timezone.localtime(supplement.due_at), language())
    return _("It can be brought until %(when)s; then the dossier is closed.") % {"when": when}
