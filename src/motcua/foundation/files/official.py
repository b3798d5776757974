"""Official papers: typst templates to PDF/A-2a and PDF/UA-1, and QR codes.

A template is a `.typ` file anywhere; it can read the files of its own folder, and imports the shared parts as
`#import "@motcua/official:1.0.0": *`, found in `typst/` beside this module wherever motcua is installed.
Data reach it only as JSON values (`data` of that package): they are printed, never evaluated as markup.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.utils import timezone

from .errors import CannotRender
from .fonts import fonts, printable
from .previews import Box

PACKAGES = Path(__file__).parent / "typst"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

Paper = Literal["a4", "a5"]
Side = Literal["left", "right"]

# Millimetres: width of the sheet, margins left, right and bottom, as the typst package sets them.
_SHEETS: dict[Paper, tuple[float, float, float, float]] = {"a4": (210, 30, 20, 20), "a5": (148, 15, 10, 10)}
_GUTTER, _STAMP, _NAME = 4.0, 20.0, 10.0
_POINTS_PER_MM = 72 / 25.4

TEST_MARK = "HỒ SƠ THỬ NGHIỆM · TEST"
# Over the page, so that no background hides it; typst takes it for an artifact, which screen readers pass over,
# hence the number of such a paper begins with TEST as well.
_MARKED = (
    '#set page(foreground: rotate(-35deg, text(font: "Tinos", size: 24pt, weight: "bold", '
    f'fill: rgb("#c0392b").transparentize(60%), "{TEST_MARK}")))\n#include {{name}}\n'
)


@dataclass(slots=True)
class _Press:
    """A compiler that keeps its template parsed. typst refuses a second thread, hence the lock."""

    compiler: typst.Compiler
    lock: threading.Lock = field(default_factory=threading.Lock)


def render_official(template: Path, data: Mapping[str, Any], *, at: datetime, language: str = "vi") -> bytes:
    """The PDF of `template` filled with `data`: PDF/A-2a, PDF/UA-1, only fonts of FONTS_DIR, all embedded.

    data: str, int, float, bool, None, date, aware datetime (arrives as local ISO 8601, `2026-03-02T14:05`),
    mappings and sequences of these. Text is cleaned, and a character that the fonts lack becomes "□".
    at: aware; the date of the document. The same template, data and instant give the same bytes.
    language: BCP 47, of the document as a whole.
    A true value `test` in data prints TEST_MARK across every page.
    Raises CannotRender. Source: ISO 19005-2 level A, ISO 14289-1; Decree 30/2020/NĐ-CP for the looks.
    """
    inputs = {"data": json.dumps(_plain(data), ensure_ascii=False), "language": language}
    try:
        if data.get("test"):
            return _render_marked(template.resolve(), inputs, at)
        press = _press(template.resolve(), fonts())
        with press.lock:
            pdf = press.compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=int(at.timestamp())
            )
    except typst.TypstError as error:
        raise CannotRender(template=template.name, reason=error.message) from error
    if not isinstance(pdf, bytes):
        raise CannotRender(template=template.name, reason="no document")
    return pdf


def render_picture(template: Path, data: Mapping[str, Any], *, pixels_per_inch: int) -> bytes:
    """The only page of `template` filled with `data`, as PNG. Raises CannotRender, also for more pages than one."""
    inputs = {"data": json.dumps(_plain(data), ensure_ascii=False)}
    press = _press(template.resolve(), fonts())
    try:
        with press.lock:
            picture = press.compiler.compile(format="png", sys_inputs=inputs, ppi=pixels_per_inch)
    except typst.TypstError as error:
        raise CannotRender(template=template.name, reason=error.message) from error
    if not isinstance(picture, bytes):
        raise CannotRender(template=template.name, reason="not one page")
    return picture


def _render_marked(template: Path, inputs: dict[str, str], at: datetime) -> bytes:
    """The paper of a test, under its mark. Seldom, hence with a compiler of its own."""
    compiler = typst.Compiler(
        input=_MARKED.format(name=json.dumps(template.name)).encode(),
        root=template.parent,
        font_paths=fonts(),
        ignore_system_fonts=True,
        package_path=PACKAGES,
        package_cache_path=PACKAGES,
        sys_inputs=inputs,
    )
    pdf = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp()))
    if not isinstance(pdf, bytes):
        raise CannotRender(template=template.name, reason="no document")
    return pdf


def signature_box(paper: Paper, side: Side = "right") -> Box:
    """Where the stamp of a signature stands on the last page, in points from its bottom left.

    It is the space between title and name that `sign-off` of the typst package leaves.
    """
    width, left, right, bottom = _SHEETS[paper]
    column = (width - left - right - _GUTTER) / 2
    x0 = left if side == "left" else width - right - column
    y0 = bottom + _NAME
    x0, y0, x1, y1 = (mm * _POINTS_PER_MM for mm in (x0, y0, x0 + column, y0 + _STAMP))
    return x0, y0, x1, y1


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004, error correction M, with its quiet zone) as SVG without a size of its own.

    For pages, inline; for templates, as a value of `data` that the function `qr` of the typst package draws.
    """
    output = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        output, kind="svg", xmldecl=False, nl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return output.getvalue().decode()


@lru_cache(maxsize=64)
def _press(template: Path, faces: typst.Fonts) -> _Press:
    try:
        source = template.read_text(encoding="utf-8")
    except OSError as error:
        raise CannotRender(template=template.name, reason=str(error)) from error
    if "@preview/" in source:
        raise CannotRender(template=template.name, reason="packages from the internet are not used")
    compiler = typst.Compiler(
        input=template,
        root=template.parent,
        font_paths=faces,
        ignore_system_fonts=True,
        package_path=PACKAGES,
        package_cache_path=PACKAGES,
    )
    return _Press(compiler)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    raise TypeError(f"A template cannot print {type(value).__name__}.")
