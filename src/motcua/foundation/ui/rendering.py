"""Form controls without templates where there is nothing to lay out: a page of forty questions has a hundred inputs."""

from __future__ import annotations

from collections.abc import Mapping
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


class Renderer(TemplatesSetting):
    """Django's, with inputs written as its own template writes them."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name in _INPUTS:
            return _input(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{_text(value)}"'
    attrs = "".join(
        f" {_text(name)}" if it is True else f' {_text(name)}="{_text(it)}"'
        for name, it in widget["attrs"].items()
        if it is not False
    )
    return f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{said}{attrs}>'


def _text(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
