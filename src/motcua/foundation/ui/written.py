"""Rows of components, written here: by a template each takes ten times as long, and pages have dozens of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from motcua.foundation.ui import icons
from motcua.foundation.ui.rendering import text


def value_of(row: Any, name: str) -> Any:
    """As a template looks it up: "" for what a row does not have."""
    return row.get(name, "") if isinstance(row, Mapping) else getattr(row, name, "")


def said(value: Any) -> str:
    """As a template writes a value, numbers in the reader's way."""
    return text(localize(value))


def link_of(row: Any) -> str:
    """Its `url` with `url_text`, "" without one."""
    url = value_of(row, "url")
    if not url:
        return ""
    return f' <a class="ds-link" data-color="accent" href="{said(url)}">{said(value_of(row, "url_text"))}</a>'


def fact_rows(rows: Iterable[Any] | None) -> str:
    """Of components/fact_list."""
    return "".join(map(_fact, rows or ()))


def _fact(row: Any) -> str:
    half = ' class="facts__half"' if value_of(row, "half") else ""
    note = value_of(row, "note")
    noted = f'<span class="facts__note">{said(note)}</span>' if note else ""
    label, value = said(value_of(row, "label")), said(value_of(row, "value"))
    return f"<div{half}><dt>{label}</dt><dd>{value}{link_of(row)}{noted}</dd></div>"


def timeline_rows(items: Iterable[Any] | None) -> str:
    """Of components/timeline."""
    drawn = {"done": icons.svg("check"), "stopped": icons.svg("pause")}
    words = {"done": _("done"), "stopped": _("stopped"), "now": _("in progress")}
    next_words = _("still to come")
    return "".join(
        _event(it, drawn.get(value_of(it, "state"), ""), words.get(value_of(it, "state"), next_words))
        for it in items or ()
    )


def _event(item: Any, drawn: str, words: str) -> str:
    meta, note, link = value_of(item, "meta"), value_of(item, "note"), link_of(item)
    below = f'<p class="timeline__meta">{said(meta or "")}{link}</p>' if meta or link else ""
    below += f'<p class="timeline__note">{said(note)}</p>' if note else ""
    return (
        f'<li class="timeline__item timeline__item--{said(value_of(item, "state"))}">'
        f'<span class="timeline__mark" aria-hidden="true">{drawn}</span>'
        f'<div><p class="timeline__title">{said(value_of(item, "title"))}'
        f'<span class="ds-sr-only"> – {words}</span></p>{below}</div></li>'
    )
