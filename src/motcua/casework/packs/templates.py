"""Whether a procedure's template compiles with the answers of its example. Costs a good part of a second each."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.summary import paper_values
from motcua.casework.packs.rules.examples import lint_example
from motcua.casework.packs.rules.findings import Fault, fault
from motcua.casework.packs.rules.template_lint import FILE
from motcua.foundation.files.errors import CannotRender
from motcua.foundation.files.official import qr_svg, render_official

_LINE = re.compile(re.escape(FILE) + r":(\d+)")
_QR = "https://example.invalid"
_AT = datetime(2026, 12, 31, tzinfo=UTC)


def lint_compiled(parts: Mapping[str, Any]) -> Iterator[Fault]:
    """What typst says to a template. parts: of the right shape; without an example there is nothing to compile with.

    The template reads nothing but the files of typst's own packages here; its author is trusted not to run for ever.
    """
    example, template = parts.get("example"), parts.get("template")
    if not example or not template or not parts.get("form"):
        return
    try:
        form = parse_form(parts["form"])
    except BadForm:
        return  # told where the form is
    if any(lint_example(parts)):
        return  # told where the example is
    given = paper_values(form, example["answers"], "vi", example.get("names"), _AT.date())
    data = given | _around() | example.get("result", {})
    if isinstance(data["verify"], Mapping):
        data["verify"] = {**_around()["verify"], **data["verify"], "qr": qr_svg(_QR)}
    try:
        _render(template, data)
    except CannotRender as error:
        line = _LINE.search(str(getattr(error.__cause__, "diagnostic", "")))
        why = error.fields["reason"]
        yield fault(FILE, (int(line[1]) if line else 1,), "template-broken", why=why)


def _render(template: str, data: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(template, encoding="utf-8")
        render_official(path, data, at=_AT)


def _around() -> dict[str, Any]:
    """What the dossier gives beside the answers, where the example says nothing of it."""
    return {
        "number": "1/2026",
        "agency": "Ủy ban nhân dân xã",
        "registered_on": "2026-03-10",
        "signer": {
            "lines": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
            "title": "Chủ tịch",
            "name": "Nguyễn Văn Mẫu",
        },
        "verify": {"url": "example.invalid/verify", "code": "0000-0000-00", "qr": qr_svg(_QR)},
    }
