"""Form controls without templates where there is nothing to lay out: a page of forty questions has a hundred inputs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape

_KINDS = (
    "input", "text", "number", "email", "url", "password", "hidden", "file", "date", "datetime", "time", "checkbox",
    "color", "search", "tel",
)  # fmt: skip
# All of them are Django's input.html and nothing else.
_INPUTS = frozenset(f"django/forms/widgets/{kind}.html" for kind in _KINDS)
# An input too, unless it is to stand inside its label.
_OPTIONS = frozenset(f"django/forms/widgets/{kind}_option.html" for kind in ("radio", "checkbox", "input"))
_SELECT = "django/forms/widgets/select.html"


class Renderer(TemplatesSetting):
    """Django's, with inputs and lists written as its own templates write them."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget", {})
        if template_name in _INPUTS or (template_name in _OPTIONS and not widget.get("wrap_label")):
            return _input(widget)
        if template_name == _SELECT:
            return _select(widget)
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{text(value)}"'
    kind, name, attrs = text(widget["type"]), text(widget["name"]), attributes(widget["attrs"])
    return f'<input type="{kind}" name="{name}"{said}{attrs}>'


def attributes(attrs: Mapping[str, Any]) -> str:
    """As Django's attrs.html writes them, each after a space."""
    return "".join(
        f" {text(name)}" if it is True else f' {text(name)}="{text(it)}"'
        for name, it in attrs.items()
        if it is not False
    )


def _select(widget: Mapping[str, Any]) -> str:
    """As Django's select.html, select_option.html and attrs.html write it."""
    rows = []
    for group, options, _index in widget["optgroups"]:
        written = [
            f'  <option value="{text(str(it["value"]))}"{attributes(it["attrs"])}>{text(it["label"])}</option>\n'
            for it in options
        ]
        rows += [f'  <optgroup label="{text(group)}">\n', *written, "  </optgroup>\n"] if group else written
    name, attrs = text(widget["name"]), attributes(widget["attrs"])
    return f'<select name="{name}"{attrs}>\n{"".join(rows)}</select>'


def text(value: object) -> str:
    """Escaped as a template does it; a number as it is, which an attribute wants."""
    if type(value) is str:
        # Django's own escape, without asking of each of a thousand texts whether it is one to translate.
        return escape(value)
    return conditional_escape(value if isinstance(value, str) else str(value))
