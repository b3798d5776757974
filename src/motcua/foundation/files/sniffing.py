"""What a file is by its bytes. Runs in the limited process only."""

from __future__ import annotations

import re
import tarfile
import zipfile
from typing import BinaryIO, Literal

import puremagic

KindCode = Literal["pdf", "jpeg", "png"]

HEAD_BYTES = 4096
BLANK = b"\xef\xbb\xbf \t\r\n\0"

_RAR, _SEVEN_ZIP = b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"
_SOUGHT = (_RAR, _SEVEN_ZIP)
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (_RAR, "rar"),
    (_SEVEN_ZIP, "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xfe\xed\xfa\xce", "program"),
    (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"{\\rtf", "rtf"),
)
_OFFICE_PARTS = {
    "word/document.xml": "word",
    "xl/workbook.xml": "excel",
    "ppt/presentation.xml": "powerpoint",
}
_MEDIA_TYPES = {
    "application/msword": "old_office",
    "application/rtf": "rtf",
    "application/vnd.microsoft.portable-executable": "program",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/heif": "heic",
    "image/svg+xml": "svg",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "text/html": "html",
}
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|iframe|svg|object|embed)\b|<\?php\b", re.I)
_END_OF_DIRECTORY, _DIRECTORY_ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_LONGEST_ZIP_COMMENT = 65_535


def sniff(head: bytes) -> KindCode | None:
    """The kind that the first bytes claim."""
    if head.lstrip(BLANK).startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return None


def describe(file: BinaryIO, head: bytes) -> str:
    """A code for what a file is that is none of the kinds; "unknown" when nothing tells."""
    if zipfile.is_zipfile(file) or head.startswith(b"PK\x03\x04"):
        return _describe_zip(file)
    for signature, code in _SIGNATURES:
        if head.startswith(signature):
            return code
    if head[257:262] == b"ustar":
        return "tar"
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # version 2 returns an empty list instead
        matches = []
    codes = (_MEDIA_TYPES.get(match.mime_type) for match in matches)
    return next((known for known in codes if known), "") or ("html" if has_markup(head) else "unknown")


def _describe_zip(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "zip"  # damaged, but it set out to be one
    if any(part.rpartition("/")[2] == "vbaProject.bin" for part in parts):
        return "macros"
    return next((code for part, code in _OFFICE_PARTS.items() if part in parts), "zip")


def has_markup(head: bytes) -> bool:
    """Whether a browser that guesses could take the first 1,024 bytes for a web page (WHATWG MIME Sniffing)."""
    return bool(_MARKUP.search(head[:1024]))


def is_archive_too(content: bytes) -> bool:
    """Whether an unpacker finds an archive in a file that begins as something else.

    ZIP from the end, TAR by its first block; RAR and 7-Zip wherever their signature stands, as behind a program that
    unpacks itself. By chance that one stands in a file of 10 MB once in 10 million times.
    """
    return (
        any(signature in content for signature in _SOUGHT) or _begins_as_tar(content) or _ends_as_zip(content)
    )


def _begins_as_tar(content: bytes) -> bool:
    """By the magic, or by the checksum alone as in archives older than POSIX.1-1988."""
    if content[257:262] == b"ustar":
        return True
    try:
        tarfile.TarInfo.frombuf(content[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


def _ends_as_zip(content: bytes) -> bool:
    """An unpacker looks from the end (APPNOTE.TXT 4.3.16)."""
    found = content.rfind(_END_OF_DIRECTORY, max(0, len(content) - _LONGEST_ZIP_COMMENT - 22))
    return found >= 0 and content.rfind(_DIRECTORY_ENTRY, 0, found) >= 0
