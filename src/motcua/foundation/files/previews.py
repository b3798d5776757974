"""Pages of a PDF as pictures, with the place of a signature to come marked on them."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from motcua.foundation.kernel.errors import NotFound

from .fonts import font_file
from .pdf import opened

Box = tuple[float, float, float, float]

_INDIGO = (0x2C, 0x4A, 0x7C)
_HIGHEST = 12_000


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a signature will stand. `box`: (x0, y0, x1, y1) in PDF points from the bottom left."""

    box: Box
    label: str


def page_count(pdf: bytes) -> int:
    """Number of pages. Raises UnreadableFile."""
    with opened(pdf) as document:
        return len(document)


def page_png(pdf: bytes, *, page: int = 0, width: int = 1000, mark: Mark | None = None) -> bytes:
    """One page as PNG, `width` pixels wide (narrower when it would be higher than 12,000 pixels).

    page: from 0, negative counts from the end. Stamps of signatures are drawn. Raises UnreadableFile, and
    NotFound when there is no such page.
    """
    with opened(pdf) as document:
        index = page if page >= 0 else len(document) + page
        if not 0 <= index < len(document):
            raise NotFound
        document.init_forms()
        sheet = document[index]
        left, bottom, right, top = sheet.get_cropbox()
        scale = min(width / (right - left), _HIGHEST / (top - bottom))
        picture = sheet.render(scale=scale).to_pil().convert("RGB")
    if mark:
        x0, y0, x1, y1 = mark.box
        _draw(
            picture,
            ((x0 - left) * scale, (top - y1) * scale, (x1 - left) * scale, (top - y0) * scale),
            mark.label,
        )
    output = io.BytesIO()
    picture.save(output, "PNG", compress_level=4)
    return output.getvalue()


def _draw(picture: Image.Image, box: Box, label: str) -> None:
    """A dashed rectangle (pixels from the top left) with the label in its middle, as large as fits."""
    canvas = ImageDraw.Draw(picture)
    left, top, right, bottom = box
    stroke = max(2, picture.width // 400)
    for start in range(0, round(right - left), stroke * 7):
        end = min(left + start + stroke * 4, right)
        for y in (top, bottom):
            canvas.line((left + start, y, end, y), fill=_INDIGO, width=stroke)
    for start in range(0, round(bottom - top), stroke * 7):
        end = min(top + start + stroke * 4, bottom)
        for x in (left, right):
            canvas.line((x, top + start, x, end), fill=_INDIGO, width=stroke)
    size = min((bottom - top) / 3, picture.width / 40)
    wide = canvas.textlength(label, font=_face(size))
    face = _face(min(size, size * 0.9 * (right - left) / wide)) if wide else _face(size)
    canvas.text(((left + right) / 2, (top + bottom) / 2), label, font=face, fill=_INDIGO, anchor="mm")


def _face(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file("400Regular"), max(6, size))
