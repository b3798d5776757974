"""The certificate of disposition (biên bản tiêu hủy tài liệu): what was erased, by whose decision, with the digests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from motcua.casework.disposal.models import DisposalItem, DisposalList
from motcua.foundation.files.official import render_official
from motcua.foundation.kernel.retention import load_rules
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account

_TEMPLATE = settings.PACKS / "vn" / "forms" / "certificate-of-disposition.typ"
# The names of the classes as the paper has them, which is in the language of the state.
_CLASSES = {
    "dossier.file": "Hồ sơ đã trả kết quả",
    "dossier.unsuccessful": "Hồ sơ kết thúc không có kết quả",
    "document.over": "Giấy tờ không còn hiệu lực",
}


def make_certificate(disposal: DisposalList) -> bytes:
    """The PDF for a list that was carried out. Raises CannotRender."""
    done = disposal.done_at
    if not done:
        raise ValueError("only what was carried out has a certificate")
    with translation.override("vi"):
        return render_official(_TEMPLATE, _content(disposal), at=done)


def _content(disposal: DisposalList) -> dict[str, Any]:
    agency, proposal, rules = disposal.agency, disposal.proposal, load_rules(settings.RETENTION_FILE)
    items = list(disposal.items.order_by("thing", "pk"))
    erased = [it for it in items if it.result == DisposalItem.Result.ERASED]
    done = timezone.localtime(disposal.done_at)
    return {
        "superior": agency.parent.name if agency.parent else None,
        "agency": agency.name,
        "number": "",
        "place": agency.place_name.split(" ", 1)[-1],
        "done_on": done.date().isoformat(),
        "done_at": done.strftime("%Y-%m-%dT%H:%M"),
        "list": str(disposal.pk),
        "proposer": _name(proposal.proposed_by) if proposal else "",
        "approver": _name(proposal.decided_by) if proposal and proposal.decided_by else "",
        "reason": proposal.reason if proposal else "",
        "stayed": len(items) - len(erased),
        "schedule": [
            [
                _CLASSES[thing],
                f"{rules[thing].days or '–'} ngày",
                rules[thing].law.get("vi", rules[thing].source),
            ]
            for thing in _CLASSES
        ],
        "entries": [_entry(it) for it in erased],
    }


def _entry(item: DisposalItem) -> dict[str, Any]:
    return {
        "class": _CLASSES[item.thing],
        "label": item.label,
        "closed_on": item.closed_on.isoformat(),
        "digests": [str(digest) for digest in item.digests],
    }


def _name(account: Account) -> str:
    identity = identify(account)
    return (identity.display_name if identity else account.username) or ""
