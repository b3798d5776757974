"""Whether a procedure's template compiles with the answers of its example. Costs a good part of a second each."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typst

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.summary import paper_values
from motcua.casework.packs.rules.findings import Fault, fault
from motcua.casework.packs.rules.template_lint import FILE
from motcua.foundation.files.fonts import fonts
from motcua.foundation.files.official import PACKAGES, qr_svg

_LINE = re.compile(re.escape(FILE) + r":(\d+)")
_QR = "https://example.invalid"


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
    given = paper_values(form, example["answers"], "vi", example.get("names"), date(2026, 12, 31))
    data = given | _around() | example.get("result", {})
    data["verify"] = {**_around()["verify"], **data["verify"]}
    try:
        _compile(template, data)
    except typst.TypstError as error:
        line = _LINE.search(error.diagnostic)
        yield fault(FILE, (int(line[1]) if line else 1,), "template-broken", why=error.message)


def _compile(template: str, data: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        path.write_text(template, encoding="utf-8")
        typst.compile(
            path,
            root=path.parent,
            font_paths=fonts(),
            ignore_system_fonts=True,
            package_path=PACKAGES,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False), "language": "vi"},
        )


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
