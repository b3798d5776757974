"""Paper on its way, as plain data for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers.models import PaperSort, Transport
from motcua.casework.dossiers.services.returning import carriers
from motcua.casework.dossiers.services.transporting import Listed
from motcua.casework.dossiers.web.words import when

SORTS = {
    PaperSort.ORIGINAL.value: gettext_lazy("original"),
    PaperSort.CERTIFIED.value: gettext_lazy("certified copy"),
    PaperSort.COPY.value: gettext_lazy("copy"),
}
KINDS = {
    Transport.Kind.PAPERS.value: gettext_lazy("Papers"),
    Transport.Kind.RESULT.value: gettext_lazy("Result"),
}


def paper_words(rows: Listed) -> list[str]:
    """Each paper of a parcel: "Giấy chứng sinh: 1 original"."""
    return [
        _("%(name)s: %(count)d × %(sort)s")
        % {"name": row["name"], "count": row["count"], "sort": SORTS.get(row["sort"], row["sort"])}
        for row in rows
    ]


def state_of(transport: Transport, now: datetime) -> dict[str, str]:
    """Where a parcel is, in a mark (`state`, `words`), and the moment that belongs to it (`under`)."""
    if received := transport.received_at:
        if transport.missing:
            return {"state": "look", "words": _("not complete"), "under": when(received)}
        return {"state": "done", "words": _("arrived"), "under": when(received)}
    expected = _("expected until %(when)s") % {"when": when(transport.due_at)}
    if transport.due_at < now:
        return {"state": "overdue", "words": _("not arrived"), "under": expected}
    return {"state": "open", "words": _("on its way"), "under": expected}


def transport_row(transport: Transport, now: datetime) -> dict[str, Any]:
    """A parcel for the pages. `transport` with its agencies and slip."""
    carrier = carriers().get(transport.carrier)
    return state_of(transport, now) | {
        "transport": transport,
        "kind": KINDS[transport.kind],
        "url": reverse("desk:transport", args=[transport.pk]),
        "slip": transport.slip.content["number"],
        "carrier": carrier.name if carrier else _("own messenger"),
        "papers": paper_words(transport.listed),
        "missing": paper_words(transport.missing),
    }


def transport_rows(transports: Iterable[Transport], now: datetime) -> list[dict[str, Any]]:
    return [transport_row(it, now) for it in transports]
