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
    Transport.Kind.PAPERS.value: gettext_lazy("Papers that were handed in"),
    Transport.Kind.RESULT.value: gettext_lazy("The result"),
}


def paper_words(rows: Listed) -> list[str]:
    """Each paper of a parcel: "Giấy chứng sinh: 1 original"."""
    return [
        _("%(name)s: %(count)d × %(sort)s")
        % {"name": row["name"], "count": row["count"], "sort": SORTS.get(row["sort"], row["sort"])}
        for row in rows
    ]


def state_of(transport: Transport, now: datetime) -> tuple[str, str]:
    """The mark and the words of where a parcel is."""
    if transport.received_at:
        at = {"when": when(transport.received_at)}
        if transport.missing:
            return "look", _("arrived %(when)s, not complete") % at
        return "done", _("arrived %(when)s") % at
    if transport.due_at < now:
        return "overdue", _("not arrived, expected until %(when)s") % {"when": when(transport.due_at)}
    return "open", _("on its way, expected until %(when)s") % {"when": when(transport.due_at)}


def transport_row(transport: Transport, now: datetime) -> dict[str, Any]:
    """A parcel for the pages. `transport` with its agencies and slip."""
    carrier = carriers().get(transport.carrier)
    state, words = state_of(transport, now)
    return {
        "transport": transport,
        "kind": KINDS[transport.kind],
        "url": reverse("desk:transport", args=[transport.pk]),
        "slip": transport.slip.content["number"],
        "carrier": carrier.name if carrier else _("own messenger"),
        "state": state,
        "words": words,
        "papers": paper_words(transport.listed),
        "missing": paper_words(transport.missing),
    }


def transport_rows(transports: Iterable[Transport], now: datetime) -> list[dict[str, Any]]:
    return [transport_row(it, now) for it in transports]
