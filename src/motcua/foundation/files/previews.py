"""Pages of a PDF as pictures and as words, read in the limited process."""

from __future__ import annotations

from dataclasses import dataclass

from motcua.foundation.kernel.limited import Limited

from .content import findings

Box = tuple[float, float, float, float]
_COUNT = Limited("motcua.foundation.files.examination:count_pages")
_SHAPE = Limited("motcua.foundation.files.examination:page_shape")
_READ = Limited("motcua.foundation.files.examination:read_lines")
_DRAW = Limited("motcua.foundation.files.examination:draw_page")


def page_count(pdf: bytes) -> int:
    """Number of pages. Raises UnreadableFile."""
    with findings():
        return int(_COUNT(pdf).value)


@dataclass(frozen=True, slots=True)
class Shape:
    """A page's size in PDF points. is_upright: neither turned nor cut out of a larger sheet."""

    width: float
    height: float
    is_upright: bool


def page_shape(pdf: bytes, *, page: int = 0) -> Shape:
    """The shape of a page (from 0, negative from the end). Raises UnreadableFile, and NotFound without that page."""
    with findings():
        found = _SHAPE(pdf, page=page).value
    return Shape(found["width"], found["height"], is_upright=not found["turned"])


def page_png(pdf: bytes, *, page: int = 0, width: int = 1000) -> bytes:
    """One page as PNG, `width` pixels wide (narrower when it would be higher than 12,000 pixels).

    page: from 0, negative counts from the end. Stamps of signatures are drawn. Raises UnreadableFile (TooCostly
    when drawing takes over 5 s of CPU), and NotFound when there is no such page.
    """
    with findings():
        return _DRAW(pdf, page=page, width=width).content


def text_lines(pdf: bytes, *, most: int) -> list[str]:
    """The lines of the words of a PDF, at most `most`; none of a scan, which is a picture. Raises UnreadableFile."""
    with findings():
        return [str(line) for line in _READ(pdf, most=most).value]
