"""What a file is, judged by its bytes alone: the name and the declared type are never believed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import puremagic
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from PIL import Image, UnidentifiedImageError

from .errors import FileTypeNotAllowed, PictureTooLarge, UnreadableFile
from .pdf import opened

KindCode = Literal["pdf", "jpeg", "png"]

# An A2 sheet at 600 dpi; four times what a phone's camera makes. Opening more would take gigabytes.
MAX_MEGAPIXELS = 140
_HEAD_BYTES = 4096
_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of file that can be taken. `suffixes`: the usual one first."""

    label: str
    media_type: str
    suffixes: tuple[str, ...]


KINDS: dict[KindCode, Kind] = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",)),
    "jpeg": Kind("JPEG", "image/jpeg", (".jpg", ".jpeg")),
    "png": Kind("PNG", "image/png", (".png",)),
}

_OFFICE_PARTS = {
    "word/document.xml": _("a Word document"),
    "xl/workbook.xml": _("an Excel workbook"),
    "ppt/presentation.xml": _("a PowerPoint presentation"),
}
_NAMES = {
    "application/msword": _("a document of an old version of Office"),
    "application/rtf": _("a text document (RTF)"),
    "application/vnd.microsoft.portable-executable": _("a program"),
    "application/vnd.rar": _("a RAR archive"),
    "application/x-7z-compressed": _("a 7-Zip archive"),
    "image/bmp": _("a BMP picture"),
    "image/gif": _("a GIF picture"),
    "image/heic": _("an HEIC photo"),
    "image/heif": _("an HEIC photo"),
    "image/svg+xml": _("an SVG drawing"),
    "image/tiff": _("a TIFF picture"),
    "image/webp": _("a WebP picture"),
    "text/html": _("a web page"),
}


def identify(path: Path, *, allowed: Iterable[KindCode]) -> Kind:
    """The kind of the file at `path`, after opening it as that kind.

    Raises FileTypeNotAllowed when it is none of `allowed`; UnreadableFile when it cannot be opened or is cut
    off, PasswordProtectedFile when only a password opens it, PictureTooLarge above MAX_MEGAPIXELS.
    Opening a PDF takes the process-wide lock of pdfium.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    code = _sniff(head)
    if code is None or code not in allowed:
        found = KINDS[code].label if code else gettext(_describe(path, head))
        labels = ", ".join(kind.label for known, kind in KINDS.items() if known in allowed)
        raise FileTypeNotAllowed(found=found, allowed=labels)
    if code == "pdf":
        _open_pdf(path)
    else:
        _open_picture(path, KINDS[code].label)
    return KINDS[code]


def _sniff(head: bytes) -> KindCode | None:
    if head.lstrip(_BLANK).startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return None


def _describe(path: Path, head: bytes) -> str:
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                parts = set(archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            parts = set()  # damaged, but it set out to be one
        return next((name for part, name in _OFFICE_PARTS.items() if part in parts), _("a ZIP archive"))
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # version 2 returns an empty list instead
        matches = []
    names = (_NAMES.get(match.mime_type) for match in matches)
    return next((name for name in names if name), _("of a type that is not recognised"))


def _open_pdf(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 1024))
        # pdfium repairs what it can; a file cut off in transfer would lose pages without a word. The mark
        # stands in the last 1,024 bytes (ISO 32000-1 7.5.5 and Adobe's implementation note 18).
        if b"%%EOF" not in file.read():
            raise UnreadableFile(kind=KINDS["pdf"].label)
    with opened(path) as document:
        if len(document) == 0:
            raise UnreadableFile(kind=KINDS["pdf"].label)
        document[0].close()


def _open_picture(path: Path, label: str) -> None:
    try:
        with Image.open(path, formats=[label]) as picture:
            megapixels = picture.width * picture.height / 1_000_000
            if megapixels > MAX_MEGAPIXELS:
                raise PictureTooLarge(kind=label, megapixels=round(megapixels), limit=MAX_MEGAPIXELS)
            if label == "JPEG":
                # Decoded at an eighth: reads all bytes, so that a cut-off photo is noticed, in little memory.
                picture.draft("RGB", (max(1, picture.width // 8), max(1, picture.height // 8)))
                picture.load()
            else:
                picture.verify()
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(kind=label, megapixels="> 179", limit=MAX_MEGAPIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnreadableFile(kind=label) from error
