"""Questions of a form as HTML, written here: twenty-five of them by templates are a third of a page's calls.

components/field and components/_question_groups say what each shows.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from motcua.foundation.ui import icons
from motcua.foundation.ui.pieces import Piece, Pieces
from motcua.foundation.ui.rendering import text


def control_html(field: BoundField) -> str:
    """The control of a field, with the design system's class."""
    given = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"ds-input {given}".strip()})


def question_html(field: BoundField, *, preview: str = "", no_optional: bool = False) -> str:
    """One question: label, hint, errors, control. preview: safe HTML."""
    if field.is_hidden:
        return str(field)
    kind, errors = field.widget_type, errors_html(field)
    shown = f'class="question{" question--wrong" if errors else ""}"'
    if kind == "checkbox":
        label = f'<label for="{text(field.id_for_label)}">{text(field.label)}</label>'
        box = f'<div class="choice">{control_html(field)}{label}</div>'
        return f"<div {shown}>{errors}{box}{_hint(field)}</div>"
    optional = "" if field.field.required or no_optional else _optional()
    if field.use_fieldset:
        by = field.aria_describedby
        described = f' aria-describedby="{text(by)}"' if by else ""
        return (
            f'<fieldset {shown} id="{text(field.auto_id)}"{described}>'
            f"<legend>{text(field.label)}{optional}</legend>{_hint(field)}{errors}"
            f"{_choices(field) if kind in _CHOICES else field}{preview}</fieldset>"
        )
    lang = getattr(field.field, "lang", "")
    spoken = f' lang="{text(lang)}"' if lang else ""
    label = f"<span{spoken}>{text(field.label)}</span>" if lang else text(field.label)
    return (
        f'<div {shown}><label for="{text(field.id_for_label)}">{label}{optional}</label>'
        f"{_hint(field, spoken)}{errors}{_ticks(field)}{control_html(field)}{preview}</div>"
    )


_CHOICES = ("radioselect", "checkboxselectmultiple")


def errors_html(field: BoundField) -> str:
    """What is wrong with a field; "" for nothing."""
    errors = field.errors
    if not errors:
        return ""
    rows = "".join(f"<p>{icons.svg('triangle', '')}<span>{text(error)}</span></p>" for error in errors)
    return f'<div class="question__errors" id="{text(field.auto_id)}_error">{rows}</div>'


def _optional() -> str:
    words = _("(optional)")
    return f' <span class="optional">{words}</span>'


def _hint(field: BoundField, spoken: str = "") -> str:
    """The hint, and what explains more to who opens it."""
    hint, explanation = field.help_text, getattr(field.field, "explanation", "")
    found = f'<p class="hint" id="{text(field.auto_id)}_helptext"{spoken}>{hint}</p>' if hint else ""
    if explanation:
        more = _("More about this")
        found += (
            f'<details class="explained explained--hint"><summary>{more}'
            f'<span class="ds-sr-only">: {text(field.label)}</span></summary><p>{text(explanation)}</p></details>'
        )
    return found


def _choices(field: BoundField) -> str:
    rows = "".join(
        f'<div class="choice">{it.tag()}<label for="{text(it.id_for_label)}">{text(it.choice_label)}</label></div>'
        for it in field
    )
    return f'<div class="choices">{rows}</div>'


def _ticks(field: BoundField) -> str:
    ticks = getattr(field.field, "ticks", ())
    return render_to_string("components/ticks.html", {"items": ticks}) if ticks else ""


def groups_html(groups: Iterable[Pieces]) -> str:
    """The groups of a page."""
    return "".join(_group(it) for it in groups)


def _group(group: Pieces) -> str:
    hidden = " hidden" if group.is_hidden else ""
    lang = f' lang="{text(group.lang)}"' if group.lang else ""
    title = f"<h2 data-group{lang}{hidden}>{text(group.title)}</h2>" if group.title else ""
    hint = f'<p class="hint" data-group{hidden}>{text(group.hint)}</p>' if group.hint else ""
    return f"{title}{hint}\n{_pieces(group.pieces)}\n"


def _pieces(pieces: Iterable[Piece]) -> str:
    return "".join(_asked(it, _KINDS[it.kind](it)) for it in pieces)


def _asked(piece: Piece, html: str) -> str:
    """With the conditions under which it is asked, for the script, and its name for the server when it was not."""
    shown = piece.shown
    if not shown:
        return f"{html}\n"
    tests = f' data-asked-if="{text(shown.tests)}"' if shown.tests else ""
    hidden, disabled = (" hidden", "") if shown.is_hidden else ("", " disabled")
    unasked = f'<input type="hidden" name="unasked" value="{text(shown.key)}"{disabled}>'
    return f'<div class="asked"{tests}{hidden}>{unasked}\n{html}\n</div>'


def _field(piece: Piece) -> str:
    field, before, after = piece.bound, "", ""
    if items := getattr(field.field, "offers", ()):
        offers = {"id": field.auto_id, "items": items, "looked": getattr(field.field, "looked", "")}
        before = render_to_string("components/offers.html", offers)
    if example := getattr(field.field, "example", None):
        after = render_to_string("components/paper_example.html", {"example": example})
    return f"{before}{question_html(field)}{after}"


def _value(piece: Piece) -> str:
    hidden = "" if piece.text else " hidden"
    return (
        f'<dl class="facts" data-value="{text(piece.key)}"{hidden}><div><dt>{text(piece.label)}</dt>'
        f'<dd class="strong" aria-live="polite">{text(piece.text)}</dd></div></dl>'
    )


def _block(piece: Piece) -> str:
    return (
        f'<fieldset class="framed" id="{text(piece.id)}">{_legend(piece)}\n{_same(piece)}\n'
        f"{_pieces(piece.pieces)}\n{_remove(piece)}</fieldset>"
    )


def _list(piece: Piece) -> str:
    add = ""
    if piece.can_change:
        words = _("Add: %(name)s") % {"name": text(piece.item_label)}
        add = (
            f'<button class="ds-button" data-variant="secondary" name="add" value="{text(piece.key)}" '
            f'formaction="#{text(piece.next_id)}" formnovalidate>{words}</button>'
        )
    return (
        f'<fieldset class="framed framed--list" id="{text(piece.id)}">{_legend(piece)}{errors_html(piece.bound)}\n'
        f'<input type="hidden" name="{text(piece.key)}-count" value="{text(piece.text)}">\n'
        f"{_pieces(piece.pieces)}\n{add}</fieldset>"
    )


def _legend(piece: Piece) -> str:
    hint = f'<p class="hint">{text(piece.hint)}</p>' if piece.hint else ""
    return f"<legend>{text(piece.label)}{_optional() if piece.is_optional else ''}</legend>{hint}"


def _same(piece: Piece) -> str:
    """Buttons that fill in who was named before."""
    if not piece.same:
        return ""
    same = _("Same as %(name)s")
    buttons = "".join(
        f'<button class="ds-button" data-variant="secondary" name="same" value="{text(it.value)}" '
        f'formaction="#{text(piece.id)}" formnovalidate>{same % {"name": text(it.name)}}</button>'
        for it in piece.same
    )
    return f'<div class="framed__acts">{buttons}</div>'


def _remove(piece: Piece) -> str:
    if not piece.can_change:
        return ""
    remove = _("Remove")
    return (
        f'<button class="linklike" name="remove" value="{text(piece.key)}" formnovalidate>{remove}'
        f'<span class="ds-sr-only">: {text(piece.label)}</span></button>'
    )


_KINDS = {"field": _field, "value": _value, "block": _block, "list": _list}
