from __future__ import annotations

import io

import pytest
import typst
from PIL import Image, ImageChops

from motcua.foundation.files.errors import UnreadableFile
from motcua.foundation.files.previews import page_count, page_png
from motcua.foundation.kernel.errors import NotFound

INDIGO = (0x2C, 0x4A, 0x7C)
RED = (255, 0, 0)


def sheet(source: str) -> bytes:
    return typst.compile(source.encode(), format="pdf", ignore_system_fonts=True)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def pixels_of(image: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """The bounding box of everything in this colour."""
    red, green, blue = ImageChops.difference(image, Image.new("RGB", image.size, colour)).split()
    distance = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return distance.point(lambda value: 255 if value == 0 else 0).getbbox()


def test_counts_pages(pdf):
    assert page_count(pdf) == 1
    assert page_count(sheet("#pagebreak()\n#pagebreak()")) == 3


def test_draws_the_page_at_the_width_asked_for(pdf):
    assert picture(page_png(pdf, width=300)).size == (300, 600)


def test_counts_from_the_end_with_negative_numbers():
    two = sheet('#set page(width: 50pt, height: 50pt)\n#pagebreak()\n#set page(fill: rgb("ff0000"))')
    assert picture(page_png(two, page=-1, width=50)).getpixel((25, 25)) == RED
    assert picture(page_png(two, page=0, width=50)).getpixel((25, 25)) == (255, 255, 255)


def test_a_page_like_a_ribbon_does_not_fill_the_memory():
    ribbon = sheet("#set page(width: 2pt, height: 10000pt, margin: 0pt)\n")
    assert picture(page_png(ribbon, width=1000)).height <= 12_000


def test_refuses_a_page_that_is_not_there(pdf):
    for page in (1, -2):
        with pytest.raises(NotFound):
            page_png(pdf, page=page)


def test_refuses_what_is_no_pdf():
    with pytest.raises(UnreadableFile):
        page_count(b"hello")
