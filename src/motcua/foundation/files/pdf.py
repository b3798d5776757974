"""Opening a PDF with pdfium, which is not thread safe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2.raw import FPDF_ERR_PASSWORD

from .errors import PasswordProtectedFile, UnreadableFile

_LOCK = threading.Lock()


@contextmanager
def opened(source: bytes | Path) -> Iterator[pdfium.PdfDocument]:
    """The document, while this process's only use of pdfium. Raises PasswordProtectedFile, UnreadableFile."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as error:
            locked = error.err_code == FPDF_ERR_PASSWORD
            raise (PasswordProtectedFile if locked else UnreadableFile)(kind="PDF") from error
        try:
            yield document
        except pdfium.PdfiumError as error:
            raise UnreadableFile(kind="PDF") from error
        finally:
            document.close()
