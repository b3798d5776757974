"""Papers of the acts of the law: form 03, the notice of stopping, the payment notice, the letter of refusal.

Each is a row whose content is fixed with the act; a job makes its PDF (`papers.render_form`). Numbers run per year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from motcua.casework.dossiers.forms import procedure_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.law import Ground, Law, load_law
from motcua.casework.dossiers.services.acting import Acting
from motcua.casework.dossiers.services.papers import form_head, local_minute, next_form_number, party
from motcua.foundation.ui.formats import format_money
from motcua.registry.organisations.models import Unit
from motcua.registry.organisations.selectors import get_officer, get_reception_unit


class Slip(NamedTuple):
    """Which document, of which form its numbers are, and the type in the number."""

    kind: OfficialDocument.Kind
    form: str
    prefix: str


_KINDS = OfficialDocument.Kind
FORM_03 = Slip(_KINDS.REFUSAL, "03", "PTC-")
STOPPING = Slip(_KINDS.STOPPING, "stopping", "TB-")
PAYMENT = Slip(_KINDS.PAYMENT, "payment", "TBNT-")


def law() -> Law:
    """The rules of the country's pack."""
    return load_law(settings.PACKS / "vn")


def refusal_slip(step: Acting, ground: Ground, reason: str) -> OfficialDocument:
    """Form 03, Phiếu từ chối tiếp nhận giải quyết hồ sơ. Source: Circular 03/2025/TT-VPCP, form 03; vietnam.md 1.5."""
    return _slip(step, FORM_03, refusal_words(step.dossier, ground, reason))


def refusal_words(dossier: Dossier, ground: Ground, reason: str) -> dict[str, Any]:
    """What form 03 says beside what every slip says."""
    submitter = dossier.applicant_facts["full_name"]
    return {"ground": ground.text["vi"], "reason": reason, "submitter": submitter}


def stopping_notice(
    step: Acting, ground: Ground, reason: str, *, at_request: bool = False
) -> OfficialDocument:
    """Thông báo dừng giải quyết hồ sơ, by the one-stop unit. `at_request`: of the applicant.

    Source: Circular 03/2025/TT-VPCP art. 7; vietnam.md 1.5.
    """
    said = stopping_words(step.dossier, ground, reason, at=step.at, at_request=at_request)
    return _slip(step, STOPPING, said)


def stopping_words(
    dossier: Dossier, ground: Ground, reason: str, *, at: datetime, at_request: bool
) -> dict[str, Any]:
    """What a notice of stopping says beside what every slip says, and who signs it."""
    return {
        "ground": ground.text["vi"],
        "reason": reason,
        "at_request": at_request,
        "received_at": local_minute(dossier.accepted_at),
        "stopped_on": timezone.localdate(at).isoformat(),
    }


def payment_notice(step: Acting, *, what: str, amount_vnd: int, due_at: datetime) -> OfficialDocument:
    """Thông báo thực hiện nghĩa vụ tài chính. Source: vietnam.md 1.2 (2, 4 -> 6); its layout is ours [M]."""
    return _slip(step, PAYMENT, payment_words(what, amount_vnd, due_at))


def payment_words(what: str, amount_vnd: int, due_at: datetime) -> dict[str, Any]:
    """What a payment notice says beside what every slip says."""
    return {
        "what": what,
        "amount_vnd": amount_vnd,
        "amount": format_money(amount_vnd, "vi"),
        "pay_by": local_minute(due_at),
    }


def _slip(step: Acting, slip: Slip, said: Mapping[str, Any]) -> OfficialDocument:
    dossier, unit = step.dossier, get_reception_unit(step.dossier.agency)
    number = next_form_number(dossier, unit, form=slip.form, prefix=slip.prefix, at=step.at)
    content = slip_content(dossier, unit, number, officer=_officer(step), at=step.at) | dict(said)
    if slip is STOPPING:
        content["signer"] = stopping_signer(content["officer"])
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=slip.kind,
        edition=dossier.documents.filter(kind=slip.kind).count() + 1,
        number=number,
        content=content,
        made_at=step.at,
        made_by=step.actor.person_id,
    )


def slip_content(dossier: Dossier, unit: Unit, number: str, *, officer: str, at: datetime) -> dict[str, Any]:
    """What every slip says. `officer`: who signs it; "" where the applicant or the system did it."""
    return {
        **form_head(dossier, unit, number, at=at),
        "desk": f"{unit.name} {dossier.agency.place_name}",
        "phone": unit.telephone,
        "applicant": party(dossier.owner_facts or dossier.applicant_facts),
        "procedure": procedure_of(dossier)["name"]["vi"],
        "officer": officer,
    }


def stopping_signer(officer: str) -> dict[str, Any]:
    """Who signs a notice of stopping: the one-stop unit."""
    return {"lines": ["Bộ phận một cửa"], "name": officer}


def _officer(step: Acting) -> str:
    """Who signs it; "" where the applicant or the system did it."""
    return get_officer(step.actor.person).full_name if step.actor.is_officer else ""
