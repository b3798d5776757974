"""Icons, state tags and formats; loaded in every template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.foundation.kernel.text import mask_number
from motcua.foundation.ui import formats, icons, written
from motcua.foundation.ui.questions import control_html, groups_html, question_html

register = template.Library()

# State -> (shape, colour of the design system). Shape and word carry the meaning; colour only repeats it.
STATES = {
    "done": ("check", "accent"),
    "overdue": ("triangle", "son"),
    "soon": ("clock-half", "nghe"),
    "stopped": ("pause", "cham"),
    "open": ("ring", "neutral"),
    "look": ("exclamation-ring", "nghe"),
}


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "check" %}`; with a label it is read aloud, without one it stands beside a word."""
    return mark_safe(icons.svg(name, escape(label)))  # noqa: S308  own drawings, escaped label


@register.simple_tag
def state_icon(state: str) -> SafeString:
    """The shape of a state, alone; a word must stand beside it."""
    return icon(STATES[state][0])


@register.simple_tag
def crest(label: str = "") -> SafeString:
    """motcua's mark; decoration unless labelled."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return mark_safe(f'<svg class="crest" viewBox="0 0 48 48" {said}>{icons.CREST}</svg>')  # noqa: S308


@register.simple_tag
def fact_rows(rows: Iterable[Any] | None) -> SafeString:
    """The rows of components/fact_list."""
    return mark_safe(written.fact_rows(rows))  # noqa: S308  each value is escaped


@register.simple_tag
def timeline_rows(items: Iterable[Any] | None) -> SafeString:
    """The rows of components/timeline."""
    return mark_safe(written.timeline_rows(items))  # noqa: S308  each value is escaped


@register.simple_tag
def answer_rows(rows: Iterable[Any] | None) -> SafeString:
    """The rows of a group of components/answers."""
    return mark_safe("".join(map(_answer, rows or ())))  # noqa: S308  each value is escaped


def _answer(row: Any) -> str:
    label, value, state, source = (
        written.value_of(row, name) for name in ("label", "value", "state", "source")
    )
    known = mark(state, source) if state else written.said(source)
    return (
        f"<div><dt>{written.said(label)}</dt><dd>{written.said(value)}{written.link_of(row)}</dd>"
        f'<dd class="answers__source">{known}</dd></div>'
    )


@register.simple_tag
def seal() -> SafeString:
    """The ring with the flower that stands on a result card."""
    return mark_safe(f'<svg class="seal" viewBox="0 0 48 48" aria-hidden="true">{icons.SEAL}</svg>')  # noqa: S308


@register.simple_tag
def tag(state: str, text: str) -> SafeString:
    """A state as shape, word and colour: `{% tag "soon" "Today 11:30" %}`."""
    shape, colour = STATES[state]
    return format_html('<span class="ds-tag" data-color="{}">{}{}</span>', colour, icon(shape), text)


@register.simple_tag
def mark(state: str, text: str) -> SafeString:
    """A state in running text or a table cell: shape and word without a background."""
    drawn, said = icons.svg(STATES[state][0]), conditional_escape(text)
    return mark_safe(f'<span class="mark mark--{state}">{drawn}{said}</span>')  # noqa: S308  a known state


@register.simple_tag
def inbox_body(groups: Iterable[Mapping[str, Any]], choose: object = False) -> SafeString:
    """The rows of components/inbox_table, written here: twenty by a template are a third of the page's time."""
    return mark_safe("".join(_inbox_group(group, is_choice=bool(choose)) for group in groups))  # noqa: S308


def _inbox_group(group: Mapping[str, Any], *, is_choice: bool) -> str:
    title, count, note = (conditional_escape(group.get(name, "")) for name in ("title", "count", "note"))
    said = f' <span class="inbox__note">{note}</span>' if note else ""
    label = _("Choose %(code)s") if is_choice else ""
    rows = "".join(_inbox_row(row, label) for row in group["rows"])
    return (
        f'<tbody><tr class="inbox__group"><th colspan="{6 + is_choice}" scope="rowgroup">{title} '
        f'<span class="figures">{count}</span>{said}</th></tr>{rows}</tbody>'
    )


def _inbox_row(row: Mapping[str, Any], label: str) -> str:
    """`label`: of the box to choose the row; "" without one."""
    names = ("url", "procedure", "applicant", "task", "code", "source")
    url, procedure, applicant, task, code, source = (conditional_escape(row.get(name, "")) for name in names)
    box, checked = "", " checked" if row.get("checked") else ""
    if label:
        value, words = (
            escape(row.get("value") or row.get("id", "")),
            escape(label % {"code": row.get("code", "")}),
        )
        box = (
            f'<td class="inbox__box"><input class="ds-input" type="checkbox" name="chosen" value="{value}" '
            f'aria-label="{words}"{checked}></td>'
        )
    notes = "".join(f"<br>{mark(note['state'], note['text'])}" for note in row.get("notes", ()))
    chosen, state = ' class="is-chosen"' if checked else "", mark(row["state"], row["due"])
    return (
        f"<tr data-row{chosen}>{box}<td>{state}{notes}</td>"
        f'<td><a href="{url}">{procedure}</a></td><td>{applicant}</td><td>{task}</td>'
        f'<td class="figures">{code}</td><td>{source}</td></tr>'
    )


@register.filter
def spoken_digits(value: object) -> SafeString:
    """A telephone number or code: seen as it is, read aloud figure by figure instead of as one large number."""
    text = str(value)
    return format_html(
        '<span class="figures" aria-hidden="true">{}</span><span class="ds-sr-only">{}</span>',
        text,
        " ".join(char for char in text if char.isalnum() or char == "+"),
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form control of a bound field, with the design system's class."""
    return mark_safe(control_html(field))  # noqa: S308  as Django writes it


@register.simple_tag
def question(field: BoundField, preview: str, no_optional: object) -> SafeString:
    """One question of a form; for components/field."""
    html = question_html(field, preview=conditional_escape(preview), no_optional=bool(no_optional))
    return mark_safe(html)  # noqa: S308  each part is escaped


@register.simple_tag
def questions(groups: Iterable[Any]) -> SafeString:
    """The questions of a page in their groups; for components/_question_groups."""
    return mark_safe(groups_html(groups))  # noqa: S308  each part is escaped


@register.filter
def viet_date(value: date | datetime | None, parts: str = "") -> str:
    """ "thứ Ba 10/03/2026" in the active language; `parts`: "short" without year, "plain" without weekday."""
    if value is None:
        return ""
    moment = _local(value)
    return formats.format_date(moment, _language(), weekday=parts != "plain", year=parts != "short")


@register.filter
def viet_time(value: datetime | None) -> str:
    """24-hour clock, local time: "9:40"."""
    moment = _local(value) if value else None
    return formats.format_time(moment, _language()) if isinstance(moment, datetime) else ""


@register.filter
def viet_datetime(value: datetime | None, parts: str = "") -> str:
    """ "9:40, thứ Hai 02/03/2026"; `parts` as for `viet_date`."""
    moment = _local(value) if value else None
    if not isinstance(moment, datetime):
        return ""
    return formats.format_datetime(moment, _language(), weekday=parts != "plain", year=parts != "short")


@register.filter
def money_vnd(amount_vnd: int | None) -> str:
    """ "24.000 đ"; "" for None."""
    return "" if amount_vnd is None else formats.format_money(int(amount_vnd), _language())


@register.filter
def number(value: int | None) -> str:
    """ "1.284"; "" for None."""
    return "" if value is None else formats.format_number(int(value), _language())


@register.filter
def file_size(size_bytes: int | None) -> str:
    """ "182 KB", "1,4 MB"; "" for None."""
    return "" if size_bytes is None else formats.format_size(int(size_bytes), _language())


@register.filter
def masked(value: Any) -> SafeString:
    """A personal number with its first three digits; a screen reader hears "hidden" instead of stars."""
    text = str(value or "")
    if not text:
        return mark_safe("")
    return format_html(
        '<span class="figures"><span aria-hidden="true">{}</span>'
        '<span class="ds-sr-only">{} {}</span></span>',
        mask_number(text),
        text[:3],
        _("hidden"),
    )


@register.filter
def due_words(due: datetime | None, now: datetime | None = None) -> str:
    """How a due moment reads from now: "1 day overdue", "today 17:00", else its date and time.

    Calendar days only; working time is the business of `worktime`.
    """
    if due is None:
        return ""
    local, here = timezone.localtime(due), timezone.localtime(now)
    time = formats.format_time(local, _language())
    days = (here.date() - local.date()).days
    if local < here and days:
        return ngettext("%(count)s day overdue", "%(count)s days overdue", days) % {"count": days}
    if local < here:
        return _("overdue since %(time)s") % {"time": time}
    if days == 0:
        return _("today %(time)s") % {"time": time}
    return formats.format_datetime(local, _language(), year=False)


@register.filter
def due_state(due: datetime | None, now: datetime | None = None) -> str:
    """The state that goes with `due_words`: "overdue", "soon" (today) or "open"."""
    if due is None:
        return "open"
    local, here = timezone.localtime(due), timezone.localtime(now)
    if local < here:
        return "overdue"
    return "soon" if local.date() == here.date() else "open"
