"""What the limited process does before a scan is read: make one PDF of all its pages and look at each.

Called through `digitising`, never directly. JPEG data are taken over as they are; other pictures lose nothing.
"""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO

import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageStat

from motcua.foundation.files.pdf import check_pdf, opened
from motcua.foundation.files.pictures import clean_picture as clean_picture  # loads what pictures need
from motcua.foundation.files.sniffing import sniff
from motcua.foundation.kernel.lockdown import Objection

# A4, the long side, in PDF points: how large a picture is that does not say so, as a phone's never does.
_LONG_SIDE = 841.89
_POINTS_PER_INCH = 72
_LIKELY_DPI = (100, 1300)
# A4 at 700 dpi. More is made smaller: reading it would take gigabytes and tells nothing more.
_MOST_PIXELS = 48_000_000
_PREVIEW_WIDTH = 320
# Of 255. A page is dark when its paper is, and empty when hardly a point of it is darker than its paper.
_DARK, _INK, _LEAST_INK = 70, 48, 0.0003
_TURNED = {3: 180, 6: 90, 8: 270}
_ORIENTATION = 0x0112


def join(file: BinaryIO, *, sizes: list[int], most_pages: int) -> tuple[dict[str, Any], bytes]:
    """One PDF of the files that follow one another in `file`, with `sizes` bytes each, in their order.

    Returns `pages` and the numbers (from 1) of those that are `empty`. Raises Objection: `password`, `unreadable`,
    `signed` (`part`, from 1), `pages` (`count`), `dark` (`page`).
    """
    with pikepdf.new() as whole:
        for number, size in enumerate(sizes, start=1):
            _add(whole, file.read(size), number)
            if len(whole.pages) > most_pages:
                raise Objection("pages", count=len(whole.pages))
        output = io.BytesIO()
        whole.save(output)
    content = output.getvalue()
    return _looked_at(content), content


def _add(whole: pikepdf.Pdf, content: bytes, number: int) -> None:
    kind = sniff(content[:1024])
    try:
        if kind == "pdf":
            _add_pdf(whole, content, number)
        elif kind in {"jpeg", "png"}:
            _add_picture(whole, content)
        else:
            raise Objection("unreadable", part=number)
    except pikepdf.PasswordError:
        raise Objection("password", part=number) from None
    except (pikepdf.PdfError, OSError, SyntaxError, ValueError) as error:
        raise Objection("unreadable", part=number) from error


def _add_pdf(whole: pikepdf.Pdf, content: bytes, number: int) -> None:
    with pikepdf.open(io.BytesIO(content)) as part:
        if part.is_encrypted:
            raise Objection("password", part=number)
        form = part.Root.get("/AcroForm")
        # ISO 32000-1, table 219: bit 1 says that there are signatures.
        if isinstance(form, pikepdf.Dictionary) and int(form.get("/SigFlags", 0)) & 1:
            raise Objection("signed", part=number)
        if not part.pages:
            raise Objection("unreadable", part=number)
        whole.pages.extend(part.pages)


def _add_picture(whole: pikepdf.Pdf, content: bytes) -> None:
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        dpi = float(picture.info.get("dpi", (0, 0))[0])
        turn = picture.getexif().get(_ORIENTATION, 1)
        is_plain = picture.format == "JPEG" and picture.mode in {"RGB", "L"} and turn in {1, *_TURNED}
        if is_plain and picture.width * picture.height <= _MOST_PIXELS:
            picture.load()  # notices what is cut off
            image = _stream(whole, content, picture, "/DCTDecode")
        else:
            image, turn, dpi = _redrawn(whole, picture, dpi)
    _add_page(whole, image, turn=_TURNED.get(turn, 0), dpi=dpi)


def _redrawn(whole: pikepdf.Pdf, picture: Image.Image, dpi: float) -> tuple[pikepdf.Stream, int, float]:
    """Upright, on white, in grey or colour, no larger than what can be read."""
    before = max(picture.size)
    flat = ImageOps.exif_transpose(picture)
    if flat.mode not in {"1", "L", "RGB"}:
        ground = Image.new("RGBA", flat.size, "white")
        ground.alpha_composite(flat.convert("RGBA"))
        flat = ground.convert("RGB")
    elif flat.mode == "1":
        flat = flat.convert("L")
    if flat.width * flat.height > _MOST_PIXELS:
        flat = flat.resize(_fitting(flat.size))
    return (
        _stream(whole, zlib.compress(flat.tobytes()), flat, "/FlateDecode"),
        1,
        dpi * max(flat.size) / before,
    )


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    share = (_MOST_PIXELS / (size[0] * size[1])) ** 0.5
    return int(size[0] * share), int(size[1] * share)


def _stream(whole: pikepdf.Pdf, data: bytes, picture: Image.Image, packing: str) -> pikepdf.Stream:
    return pikepdf.Stream(
        whole,
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB,
        Filter=pikepdf.Name(packing),
    )


def _add_page(whole: pikepdf.Pdf, image: pikepdf.Stream, *, turn: int, dpi: float) -> None:
    """A page as large as the paper was: by the scanner's resolution, else as A4."""
    across, down = int(image.Width), int(image.Height)
    known = _LIKELY_DPI[0] <= dpi <= _LIKELY_DPI[1]
    scale = _POINTS_PER_INCH / dpi if known else _LONG_SIDE / max(across, down)
    width, height = round(across * scale, 2), round(down * scale, 2)
    whole.add_blank_page(page_size=(width, height))
    page = whole.pages[-1]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    page.Contents = pikepdf.Stream(whole, f"{width} 0 0 {height} 0 0 cm /Scan Do".encode())
    page.Rotate = turn


def _looked_at(content: bytes) -> dict[str, Any]:
    empty = []
    with opened(content) as document:
        for number in range(1, len(document) + 1):
            paper, ink = _tones(document[number - 1])
            if paper < _DARK:
                raise Objection("dark", page=number)
            if ink < _LEAST_INK:
                empty.append(number)
        return {"pages": len(document), "empty": empty}


def _tones(page: pdfium.PdfPage) -> tuple[float, float]:
    """How light the paper is (0 to 255), and the share of points that are clearly darker than it."""
    picture = (
        page.render(scale=_PREVIEW_WIDTH / max(page.get_width(), 1), grayscale=True).to_pil().convert("L")
    )
    paper = ImageStat.Stat(picture).median[0]
    darker = picture.histogram()[: max(int(paper) - _INK, 0)]
    return float(paper), sum(darker) / (picture.width * picture.height)


def read_pages(file: BinaryIO, *, most: int, check: bool = False) -> list[list[str]]:
    """The lines of each page's words, `most` at most in all, without blank ones. check: refuse what an
    upload is refused for. Raises Objection: `password`, `unreadable`, with `check` those of `check_pdf`."""
    pages, content = list[list[str]](), file.read()
    if check:
        check_pdf(content)
    with opened(content) as document:
        for index in range(len(document)):
            words = document[index].get_textpage().get_text_range() if most > 0 else ""
            lines = [line for it in words.splitlines() if (line := " ".join(it.split()))][: max(most, 0)]
            most -= len(lines)
            pages.append(lines)
    return pages


def find_emptiest(file: BinaryIO, *, boxes: list[list[float]]) -> int:
    """Which of the places (x0, y0, x1, y1 in points from the lower left) of the first page has least on it; of equals
    the first. Raises Objection: `password`, `unreadable`."""
    with opened(file.read()) as document:
        page = document[0]
        scale, height = _PREVIEW_WIDTH / max(page.get_width(), 1), page.get_height()
        picture = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    paper = int(ImageStat.Stat(picture).median[0])
    shares = []
    for x0, y0, x1, y1 in boxes:
        part = picture.crop(
            (int(x0 * scale), int((height - y1) * scale), int(x1 * scale), int((height - y0) * scale))
        )
        shares.append(
            round(sum(part.histogram()[: max(paper - _INK, 0)]) / max(part.width * part.height, 1), 3)
        )
    return shares.index(min(shares))
