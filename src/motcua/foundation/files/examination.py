"""What the limited process does with a file: say what it is, clean it, draw it.

Called through `content` and `previews`, never directly: a hostile file may take over the process it is opened in.
"""

from __future__ import annotations

import codecs
import io
from typing import Any, BinaryIO

from motcua.foundation.kernel.lockdown import Objection

from .pdf import check_pdf, opened
from .pictures import clean_picture
from .sniffing import HEAD_BYTES, KindCode, describe, has_markup, is_archive_too, sniff

# Codecs are modules, too: loaded now, while modules can be.
for _codec in ("ascii", "cp437", "latin-1", "pdfdoc", "utf-8", "utf-16", "utf-16-be", "utf-16-le"):
    codecs.lookup(_codec)

_HIGHEST_PIXELS = 12_000


def examine(
    file: BinaryIO, *, allowed: list[KindCode], max_bytes: dict[str, int], max_megapixels: float
) -> tuple[dict[str, Any], bytes]:
    """The kind of a file that can be kept, and its content where it had to be cleaned (else no bytes).

    Raises Objection: `type` (`found`: a code of `sniffing.describe` or a kind), `size`, `ambiguous`, and those of
    `check_pdf` and `clean_picture`.
    """
    head = file.read(HEAD_BYTES)
    kind = sniff(head)
    if kind is None:
        # An archive may hold a PDF near its beginning.
        if b"%PDF-" in head[:1024] and not head.startswith(b"PK"):
            raise Objection("ambiguous", kind="pdf", found="leading_bytes")
        raise Objection("type", found=describe(file, head))
    if kind not in allowed:
        raise Objection("type", found=kind)
    size = file.seek(0, io.SEEK_END)
    if size > max_bytes[kind]:
        raise Objection("size", limit=max_bytes[kind], size=size)
    file.seek(0)
    content = file.read()
    if is_archive_too(content):
        raise Objection("ambiguous", kind=kind, found="archive")
    if has_markup(head):
        raise Objection("ambiguous", kind=kind, found="html")
    if kind == "pdf":
        check_pdf(content)
        return {"kind": kind}, b""
    cleaned = clean_picture(content, kind, max_megapixels=max_megapixels)
    return {"kind": kind}, b"" if cleaned == content else cleaned


def count_pages(file: BinaryIO) -> int:
    """Raises Objection: `password`, `unreadable`."""
    with opened(file.read()) as document:
        return len(document)


def page_shape(file: BinaryIO, *, page: int) -> dict[str, float]:
    """Width, height (PDF points) and rotation (degrees) of a page. Raises Objection: `password`, `unreadable`,
    `no_page`."""
    with opened(file.read()) as document:
        index = page if page >= 0 else len(document) + page
        if not 0 <= index < len(document):
            raise Objection("no_page")
        sheet = document[index]
        left, bottom, right, top = sheet.get_cropbox()
        origin = float(left != 0 or bottom != 0)
        return {"width": right - left, "height": top - bottom, "turned": float(sheet.get_rotation()) + origin}


def read_lines(file: BinaryIO, *, most: int) -> list[str]:
    """The lines of the words of all pages, `most` at most, without those that are blank. Raises Objection: `password`,
    `unreadable`."""
    lines: list[str] = []
    with opened(file.read()) as document:
        for index in range(len(document)):
            words = document[index].get_textpage().get_text_range()
            lines += [line for it in words.splitlines() if (line := " ".join(it.split()))]
            if len(lines) >= most:
                break
    return lines[:most]


def draw_page(file: BinaryIO, *, page: int, width: int) -> tuple[None, bytes]:
    """One page as PNG. Raises Objection: `password`, `unreadable`, `no_page`."""
    with opened(file.read()) as document:
        index = page if page >= 0 else len(document) + page
        if not 0 <= index < len(document):
            raise Objection("no_page")
        document.init_forms()
        sheet = document[index]
        left, bottom, right, top = sheet.get_cropbox()
        scale = min(width / (right - left), _HIGHEST_PIXELS / (top - bottom))
        picture = sheet.render(scale=scale).to_pil().convert("RGB")
    output = io.BytesIO()
    picture.save(output, "PNG", compress_level=4)
    return None, output.getvalue()
