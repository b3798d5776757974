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


class Renderer(TemplatesSetting):
    """Django's, with inputs written as its own template writes them."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget", {})
        if template_name in _INPUTS or (template_name in _OPTIONS and not widget.get("wrap_label")):
            return _input(widget)
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{_text(value)}"'
    kind, name, attrs = _text(widget["type"]), _text(widget["name"]), attributes(widget["attrs"])
    return f'<input type="{kind}" name="{name}"{said}{attrs}>'


def attributes(attrs: Mapping[str, Any]) -> str:
    """As Django's attrs.html writes them, each after a space."""
    return "".join(
        f" {_text(name)}" if it is True else f' {_text(name)}="{_text(it)}"'
        for name, it in attrs.items()
        if it is not False
    )


def option(value: object, attrs: Mapping[str, Any], label: object) -> str:
    """As Django's select_option.html writes it."""
    return f'<option value="{_text(value)}"{attributes(attrs)}>{_text(label)}</option>'


def _text(value: object) -> str:
    if type(value) is str:
        # Django's own escape, without asking of each of a thousand texts whether it is one to translate.
        return escape(value)
    return conditional_escape(value if isinstance(value, str) else str(value))
