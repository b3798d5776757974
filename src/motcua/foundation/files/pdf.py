"""Opening a PDF, and what in one is not taken. Runs in the limited process only."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pypdfium2.raw import FPDF_ERR_PASSWORD

from motcua.foundation.kernel.lockdown import Objection

_HEADER = re.compile(rb"(?:\A|[\r\n])[\xef\xbb\xbf \t\0]*%PDF-\d")
# Actions that reach out of the document (ISO 32000-2, table 201).
_ACTIONS = {"/Launch": "Launch", "/SubmitForm": "SubmitForm", "/ImportData": "ImportData"}
_MEDIA = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
# Every name that `_judge` asks for. Looked for in the written object first: fifty times as fast as walking it.
_SUSPICIOUS = re.compile(
    rb"/(?:JS|JavaScript|Launch|SubmitForm|ImportData|EmbeddedFiles|EF|FileAttachment|GoToE|XFA"
    rb"|RichMedia|RichMediaExecute|Screen|Movie|Sound|3D|Rendition)(?![^\s()<>\[\]{}/%])"
)
_SCRIPTS, _MEDIA_ACTIONS = {"/JavaScript"}, {"/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}


def _warm_up() -> None:
    """qpdf looks for its source of random numbers at the first encrypted file; in the limited process too late."""
    sample = io.BytesIO()
    pikepdf.Pdf.new().save(sample, encryption=pikepdf.Encryption(owner="", user=""))
    pikepdf.open(sample).close()


_warm_up()


@contextmanager
def opened(content: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document. Raises Objection: `password`, `unreadable`."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = error.err_code == FPDF_ERR_PASSWORD
        raise Objection("password" if locked else "unreadable", kind="pdf") from error
    try:
        yield document
    except pdfium.PdfiumError as error:
        raise Objection("unreadable", kind="pdf") from error
    finally:
        document.close()


def check_pdf(content: bytes) -> None:
    """Open it in two readers, and look at every object.

    Raises Objection: `password`, `encrypted` (opens without one), `unreadable`, `ambiguous` (several PDFs in one),
    `script`, `action`, `attachment`, `xfa`, `media`.
    """
    # pdfium repairs what it can; a file cut off in transfer would lose pages without a word. The mark
    # stands in the last 1,024 bytes (ISO 32000-1 7.5.5 and Adobe's implementation note 18).
    if b"%%EOF" not in content[-1024:]:
        raise Objection("unreadable", kind="pdf")
    if content.count(b"%PDF-") > 1 and len(_HEADER.findall(content)) > 1:
        raise Objection("ambiguous", kind="pdf", found="second_pdf")
    with opened(content) as document:
        if len(document) == 0:
            raise Objection("unreadable", kind="pdf")
        document[0].close()
    try:
        with pikepdf.open(io.BytesIO(content)) as parsed:
            # ISO 19005 (PDF/A) forbids it; a scanner that does not decrypt sees nothing.
            if parsed.is_encrypted:
                raise Objection("encrypted", kind="pdf")
            for thing in parsed.objects:
                written = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
                if isinstance(written, pikepdf.Object) and _SUSPICIOUS.search(written.unparse(resolved=True)):
                    _look_through(written)
    except pikepdf.PasswordError as error:
        raise Objection("password", kind="pdf") from error
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError) as error:
        raise Objection("unreadable", kind="pdf") from error


def _look_through(thing: Any) -> None:
    """One indirect object and all that is written directly in it."""
    rest = [thing]
    while rest:
        current = rest.pop()
        if isinstance(current, pikepdf.Array):
            rest += [item for item in current if _is_container(item)]
        elif isinstance(current, pikepdf.Dictionary):
            _judge(current)
            rest += [item for _, item in current.items() if _is_container(item)]


def _is_container(item: Any) -> bool:
    return isinstance(item, pikepdf.Array | pikepdf.Dictionary) and not item.is_indirect


def _judge(thing: pikepdf.Dictionary) -> None:
    keys = thing.keys()
    action = _name(thing, "/S") if "/S" in keys and _name(thing, "/Type") != "/StructElem" else ""
    subtype = _name(thing, "/Subtype") if "/Subtype" in keys else ""
    if "/JS" in keys or "/JavaScript" in keys or action in _SCRIPTS:
        raise Objection("script")
    if action in _ACTIONS:
        raise Objection("action", action=_ACTIONS[action])
    if "/EmbeddedFiles" in keys or "/EF" in keys or subtype == "/FileAttachment" or action == "/GoToE":
        raise Objection("attachment")
    if "/XFA" in keys:
        raise Objection("xfa")
    if subtype in _MEDIA or action in _MEDIA_ACTIONS:
        raise Objection("media")


def _name(thing: pikepdf.Dictionary, key: str) -> str:
    value = thing.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
