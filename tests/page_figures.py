"""Pages of figures, each where there is something to see, and where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse


def figure_pages(agency: str, period: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(name, address, query) for who leads an agency."""
    whole = {"agency": agency, "period": period}
    overview, dossiers, tiles = (
        reverse("figures:overview"),
        reverse("figures:dossiers"),
        reverse("figures:map"),
    )
    yield "leader figures", overview, whole
    yield "leader figures dark", overview, whole
    yield "leader figures of nothing", overview, {**whole, "period": "2020"}
    yield "leader figures found", overview, {**whole, "words": "uy ban"}
    yield "leader figures as known", overview, {**whole, "known_on": "2026-03-02"}
    yield "leader figures of no day", overview, {"on": "1999-01-01", "kind": "week", "known_on": "x"}
    for code, by in (("received", "channel"), ("received", "procedure"), ("on_time_rate", "agency")):
        yield f"leader figure {code} {by}", reverse("figures:measure", args=[code]), {**whole, "by": by}
    yield "leader figure without parts", reverse("figures:measure", args=["complete_rate"]), whole
    yield "leader figure dark", reverse("figures:measure", args=["on_time_rate"]), whole
    yield "leader index", reverse("figures:index"), whole
    yield "leader map", tiles, whole
    yield "leader map dark", tiles, whole
    yield "leader map as a table", tiles, {**whole, "view": "table"}
    yield "leader behind", dossiers, {**whole, "count": "received"}
    yield "leader behind what is late", dossiers, {**whole, "stock": "late"}
    yield "leader behind nothing", dossiers, {**whole, "count": "received", "words": "zzz"}
