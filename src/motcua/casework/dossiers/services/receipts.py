"""Form 01, the receipt of a dossier that was accepted or taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from motcua.casework.dossiers.forms import applicant_facts, case_name, form_of, procedure_of
from motcua.casework.dossiers.models import Dossier, OfficialDocument, PaperHandedIn
from motcua.casework.dossiers.rules.helpers import load_helpers
from motcua.casework.dossiers.services.linked_cases import receipt_facts
from motcua.casework.dossiers.services.papers import party
from motcua.casework.dossiers.services.paying import fees_of
from motcua.casework.fees.rules.ledger import balances
from motcua.casework.fees.selectors import list_entries_of, noted
from motcua.casework.forms.rules.summary import paper_values
from motcua.foundation.installation.selectors import get
from motcua.foundation.ui.formats import format_money
from motcua.foundation.worktime.moments import local
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.selectors import get_reception_unit


@dataclass(frozen=True, slots=True)
class Reception:
    """What form 01 says beside the dossier: the desk, its running number, who received which papers.

    papers: names of those that came as files. on_paper: what was handed in at the counter; its files are not listed.
    """

    unit: Unit
    number: int
    officer_id: UUID
    officer_name: str
    papers: Sequence[str]
    on_paper: Sequence[PaperHandedIn] = ()


def build_receipt(dossier: Dossier, reception: Reception, *, at: datetime) -> OfficialDocument:
    """Form 01 of an accepted dossier, not saved; its PDF is made by `render_form`."""
    number = f"{'TEST-' if dossier.is_test else ''}{reception.number}/{reception.unit.symbol}"
    return OfficialDocument(
        dossier=dossier,
        kind=OfficialDocument.Kind.RECEIPT,
        number=number,
        content=receipt_content(dossier, reception, number, at),
        made_at=at,
        made_by=reception.officer_id,
    )


def receipt_content(dossier: Dossier, reception: Reception, number: str, at: datetime) -> dict[str, Any]:
    """What form 01 says. Source: Circular 03/2025/TT-VPCP, form 01; fields of vietnam.md 1.5."""
    procedure = procedure_of(dossier)
    words = paper_values(form_of(dossier.version), dossier.answers, "vi")["words"]
    return {
        "procedure": procedure["name"]["vi"],
        "case": case_name(procedure, dossier.case, "vi"),
        "components": _received(reception),
        "sets": 1,
        "limit": procedure["limit"]["text"]["vi"],
        "return_way": words.get("result_by") or _usual_way(procedure),
        # The fees of the day of filing: that the desk answers the next day costs the applicant nothing.
        "fee": _fee_words(dossier),
        "book": "",
        "book_line": "",
        "lookup": {"url": f"{get('site.base_url')}/status/"},
        "test": dossier.is_test,
        **receipt_facts(dossier),
        **receipt_heading(dossier.agency, reception.unit, reception.officer_name),
        **receipt_particulars(dossier, number, at),
        **_elsewhere(dossier),
    }


def _elsewhere(dossier: Dossier) -> dict[str, str]:
    """Both agencies, where the counter that took it in is not that of the one that decides (decision 47)."""
    counter = dossier.counter if dossier.counter_id else None
    if not counter:
        return {}
    unit = get_reception_unit(counter)
    return {"desk": f"{unit.name} {counter.place_name}", "competent": dossier.agency.name}


# As form 01 lists what was handed in on paper.
SORTS = {"original": "Bản chính", "certified": "Bản sao chứng thực", "copy": "Bản sao"}


def _received(reception: Reception) -> list[dict[str, Any]]:
    """The papers that form 01 lists: each sort on paper, then what came as a file only."""
    listed = [{"name": it.name, "count": it.count, "form": SORTS[it.sort]} for it in reception.on_paper]
    names = {it.name for it in reception.on_paper}
    return listed + [
        {"name": name, "count": 1, "form": "Bản điện tử"} for name in reception.papers if name not in names
    ]


def receipt_heading(agency: Agency, unit: Unit, receiver: str) -> dict[str, str]:
    """What form 01 says of the desk."""
    return {
        "superior": agency.name.upper(),
        "agency": unit.name.upper(),
        "place": agency.place_name,
        "desk": f"{unit.name} {agency.place_name}",
        "receiver": receiver,
    }


def receipt_particulars(dossier: Dossier, number: str, at: datetime) -> dict[str, Any]:
    """What form 01 says of the very dossier; the rest is the same for all alike."""
    applicant, owner = dossier.applicant_facts, dossier.owner_facts
    helper = dossier.brought_by if dossier.brought_by_id else None
    came = applicant_facts(helper) if helper else applicant
    return {
        "number": number,
        "issued_on": local(at).date().isoformat(),
        "code": dossier.code,
        "applicant": party(owner or applicant),
        "mandatary": _mandatary(dossier, came),
        "received_at": _to_the_minute(dossier.accepted_at),
        "due_at": _to_the_minute(dossier.due_at),
        "submitter": came["full_name"],
    }


def _mandatary(dossier: Dossier, came: dict[str, str]) -> dict[str, str] | None:
    """Who acts for the applicant, or came to the counter for them, and by what."""
    if dossier.brought_by_id:
        helper, basis = (
            load_helpers(settings.PACKS / "vn")[dossier.brought["as"]],
            dossier.brought.get("basis", ""),
        )
        return {**party(came), "paper": ": ".join(filter(None, (helper.name["vi"], basis)))}
    owner = dossier.owner_facts
    return {**party(came), "paper": _authority(owner)} if owner else None


def _to_the_minute(moment: datetime | None) -> str:
    if moment is None:
        raise ValueError("form 01 is for dossiers that were accepted")
    return local(moment).replace(tzinfo=None).isoformat(timespec="minutes")


def _authority(owner: dict[str, str]) -> str:
    """By what the applicant stands for the owner; Vietnamese, as on the paper."""
    return (
        "Văn bản ủy quyền điện tử"
        if owner["kind"] == "person"
        else "Người đại diện hoặc được tổ chức ủy quyền"
    )


def _usual_way(procedure: Mapping[str, Any]) -> str:
    """How the result is received where the form does not ask."""
    way = procedure["result"].get("handed_over", {}).get("vi")
    return str(way or "Kho dữ liệu điện tử của cá nhân")


def _fee_words(dossier: Dossier) -> str:
    """The fees on form 01: "Không", an amount, the ground of an exemption, or that the province's resolution says it.

    What was paid before the receipt was printed is said.
    """
    due = balances(fees_of(dossier), noted(list_entries_of(dossier.id)))
    exempt = [it.line.exempt["vi"] for it in due if it.line.exempt]
    if any(it.open_vnd is None for it in due):
        words = "Theo nghị quyết của Hội đồng nhân dân tỉnh"
    elif total := sum(it.line.amount_vnd or 0 for it in due):
        words = format_money(total, "vi")
    else:
        words = f"Miễn: {exempt[0]}" if exempt else "Không"
    paid = sum(it.paid_vnd for it in due)
    return f"{words} (đã thu {format_money(paid, 'vi')})" if paid else words
