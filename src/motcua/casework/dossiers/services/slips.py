"""Papers of the acts of the law: form 03, the notice of stopping, the payment notice, the letter of refusal.

Each is a row whose content is fixed with the act; a job makes its PDF (`papers.render_form`). Numbers run per year.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.law import Ground, Law, load_law
from motcua.casework.dossiers.services.acting import Acting
from motcua.casework.dossiers.services.papers import party, test_series
from motcua.foundation.ui.formats import format_money
from motcua.registry.organisations.models import Unit
from motcua.registry.organisations.selectors import get_officer, get_reception_unit
from motcua.registry.organisations.services import next_number


class _Slip(NamedTuple):
    """Which document, from which series of numbers, and the type in the number."""

    kind: OfficialDocument.Kind
    series: str
    symbol: str


_KINDS = OfficialDocument.Kind
_FORM_03 = _Slip(_KINDS.REFUSAL, "form-03", "PTC")
_STOPPING = _Slip(_KINDS.STOPPING, "notice-stopping", "TB")
_PAYMENT = _Slip(_KINDS.PAYMENT, "notice-payment", "TBNT")


def law() -> Law:
    """The rules of the country's pack."""
    return load_law(settings.PACKS / "vn")


def refusal_slip(step: Acting, ground: Ground, reason: str) -> OfficialDocument:
    """Form 03, Phiếu từ chối tiếp nhận giải quyết hồ sơ. Source: Circular 03/2025/TT-VPCP, form 03; vietnam.md 1.5."""
    return _slip(step, _FORM_03, {"ground": ground.text["vi"], "reason": reason})


def stopping_notice(step: Acting, ground: Ground, reason: str) -> OfficialDocument:
    """Thông báo dừng giải quyết hồ sơ. Source: Circular 03/2025/TT-VPCP art. 7; vietnam.md 1.5."""
    return _slip(step, _STOPPING, {"ground": ground.text["vi"], "reason": reason})


def payment_notice(step: Acting, *, what: str, amount_vnd: int) -> OfficialDocument:
    """Thông báo thực hiện nghĩa vụ tài chính. Source: vietnam.md 1.2 (2, 4 -> 6); its layout is ours [M]."""
    return _slip(
        step,
        _PAYMENT,
        {"what": what, "amount_vnd": amount_vnd, "amount": format_money(amount_vnd, "vi")},
    )


def _slip(step: Acting, slip: _Slip, said: Mapping[str, Any]) -> OfficialDocument:
    dossier, unit = step.dossier, get_reception_unit(step.dossier.agency)
    year = str(timezone.localtime(step.at).year)
    series = f"{slip.series}{test_series(dossier)}"
    count = next_number(agency_id=dossier.agency_id, series=series, period=year)
    number = f"{'TEST-' if dossier.is_test else ''}{count}/{slip.symbol}-{unit.symbol}"
    officer = get_officer(step.actor.person).full_name if step.actor.is_officer else ""
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=slip.kind,
        edition=dossier.documents.filter(kind=slip.kind).count() + 1,
        number=number,
        content={**_heading(step, unit, number), **said, "officer": officer, "test": dossier.is_test},
        made_at=step.at,
        made_by=step.actor.person_id,
    )


def _heading(step: Acting, unit: Unit, number: str) -> dict[str, Any]:
    """What all of them say."""
    dossier: Dossier = step.dossier
    return {
        "superior": dossier.agency.name.upper(),
        "agency": unit.name.upper(),
        "number": number,
        "place": dossier.agency.place_name,
        "issued_on": timezone.localdate(step.at).isoformat(),
        "code": dossier.code or dossier.reference,
        "desk": f"{unit.name} {dossier.agency.place_name}",
        "applicant": party(dossier.owner_facts or dossier.applicant_facts),
        "submitter": dossier.applicant_facts["full_name"],
        "procedure": dossier.version.definition["procedure"]["name"]["vi"],
        "phone": unit.telephone,
    }
