"""What a file is, judged by its bytes alone: the name and the declared type are never believed.

The bytes are opened in the limited process only; here its findings become the errors that people read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from motcua.foundation.kernel.errors import DomainError, NotFound
from motcua.foundation.kernel.limited import Broken, Limited, Objection, Overrun

from . import errors
from .sniffing import HEAD_BYTES, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sniffing import KindCode

MB = 1024 * 1024
# An A2 sheet at 600 dpi; four times what a phone's camera makes. Opening more would take gigabytes.
MAX_MEGAPIXELS = 140
_EXAMINE = Limited("motcua.foundation.files.examination:examine")


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

_ARCHIVES = {
    "zip": _("a ZIP archive"),
    "rar": _("a RAR archive"),
    "7z": _("a 7-Zip archive"),
    "tar": _("a TAR archive"),
    "gzip": _("a GZIP archive"),
    "bzip2": _("a BZIP2 archive"),
    "xz": _("an XZ archive"),
    "zstd": _("a Zstandard archive"),
}
_OFFICE = {
    "word": _("a Word document"),
    "excel": _("an Excel workbook"),
    "powerpoint": _("a PowerPoint presentation"),
    "macros": _("an Office file with macros (small programs)"),
    "old_office": _("a document of an old version of Office"),
    "rtf": _("a text document (RTF)"),
}
_OTHERS = {
    "bmp": _("a BMP picture"),
    "gif": _("a GIF picture"),
    "heic": _("an HEIC photo"),
    "html": _("a web page"),
    "program": _("a program"),
    "svg": _("an SVG drawing"),
    "tiff": _("a TIFF picture"),
    "unknown": _("of a type that is not recognised"),
    "webp": _("a WebP picture"),
}
_NOUNS = _ARCHIVES | _OFFICE | _OTHERS
_HIDDEN = {
    "archive": _("an archive"),
    "html": _("a web page"),
    "second_pdf": _("a second PDF"),
    "leading_bytes": _("something before its beginning"),
}
_PLAIN: dict[str, type[DomainError]] = {
    "password": errors.PasswordProtectedFile,
    "encrypted": errors.EncryptedPdf,
    "unreadable": errors.UnreadableFile,
    "script": errors.PdfWithScript,
    "action": errors.PdfWithAction,
    "attachment": errors.PdfWithAttachment,
    "xfa": errors.PdfWithXfa,
    "media": errors.PdfWithMedia,
    "no_page": NotFound,
}


def identify(
    path: Path, *, allowed: Iterable[KindCode], max_bytes: Mapping[KindCode, int]
) -> tuple[Kind, bytes | None]:
    """The kind of the file at `path`, and its content without metadata when that differs from the file.

    `max_bytes`: the limit of each kind. Raises a FileRefused: FileTypeNotAllowed (archives, Office files, programs
    and the rest), FileTooLarge, AmbiguousFile, ActivePdf, PasswordProtectedFile, EncryptedPdf, PictureTooLarge above
    MAX_MEGAPIXELS, UnreadableFile when it cannot be opened or is cut off, TooCostly.
    """
    kinds = [code for code in KINDS if code in set(allowed)]
    limits = {code: max_bytes[code] for code in kinds}
    with path.open("rb") as file:
        code = sniff(file.read(HEAD_BYTES))
        with findings(claims=code, allowed=kinds):
            answer = _EXAMINE(file, allowed=kinds, max_bytes=limits, max_megapixels=MAX_MEGAPIXELS)
    # The process may have been taken over: what it calls clean is of an allowed kind by its first bytes at least.
    if code not in kinds or (answer.content and sniff(answer.content) != code):
        raise errors.UnreadableFile(kind=_labels(kinds))
    return KINDS[code], answer.content or None


@contextmanager
def findings(*, claims: KindCode | None = "pdf", allowed: Iterable[KindCode] = ("pdf",)) -> Iterator[None]:
    """Turn what the limited process found into a FileRefused (or NotFound). `claims`: the kind it set out to be."""
    kind = KINDS[claims].label if claims else ""
    try:
        yield
    except Objection as objection:
        raise _in_words(objection.code, objection.fields, list(allowed)) from None
    except Overrun:
        raise errors.TooCostly(kind=kind) from None
    except Broken:
        raise errors.UnreadableFile(kind=kind) from None


def _labels(codes: Iterable[KindCode]) -> str:
    return ", ".join(KINDS[code].label for code in codes)


def _in_words(code: str, fields: Mapping[str, Any], allowed: list[KindCode]) -> DomainError:
    """The error for a finding. What makes no sense comes from a process that a file has taken over."""
    try:
        refusal = _refusal(code, fields, allowed)
        str(refusal)  # its words need its fields
    except (LookupError, TypeError, ValueError):
        return errors.UnreadableFile(kind=_labels(allowed))
    return refusal


def _refusal(code: str, fields: Mapping[str, Any], allowed: list[KindCode]) -> DomainError:
    if code == "type":
        return _wrong_type(fields["found"], _labels(allowed))
    if code == "size":
        return errors.FileTooLarge(limit=megabytes(fields["limit"]), size=megabytes(fields["size"]))
    kind = KINDS[fields.get("kind", "pdf")].label
    if code == "ambiguous":
        return errors.AmbiguousFile(kind=kind, found=gettext(_HIDDEN[fields["found"]]))
    if code == "megapixels":
        return errors.PictureTooLarge(kind=kind, megapixels=fields["megapixels"], limit=MAX_MEGAPIXELS)
    return _PLAIN[code](kind=kind, action=fields.get("action", ""))


def _wrong_type(found: str, allowed: str) -> errors.FileTypeNotAllowed:
    refusal = errors.FileTypeNotAllowed
    if found in _ARCHIVES:
        refusal = errors.ArchiveNotAllowed
    elif found in _OFFICE:
        refusal = errors.OfficeFileNotAllowed
    elif found == "program":
        refusal = errors.ProgramNotAllowed
    noun = KINDS[cast("KindCode", found)].label if found in KINDS else gettext(_NOUNS[found])
    return refusal(found=noun, allowed=allowed)


def megabytes(size: int) -> str:
    """MB (1,048,576 bytes) as the reader's language writes numbers."""
    value = size / MB
    return number_format(value, 0 if value == int(value) else 1)
