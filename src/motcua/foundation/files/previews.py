"""Pages of a PDF as pictures."""

from __future__ import annotations

import io

from motcua.foundation.kernel.errors import NotFound

from .pdf import opened

Box = tuple[float, float, float, float]
_HIGHEST = 12_000


def page_count(pdf: bytes) -> int:
    """Number of pages. Raises UnreadableFile."""
    with opened(pdf) as document:
        return len(document)


def page_png(pdf: bytes, *, page: int = 0, width: int = 1000) -> bytes:
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
    output = io.BytesIO()
    picture.save(output, "PNG", compress_level=4)
    return output.getvalue()
