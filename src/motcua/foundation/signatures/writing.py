"""Writing: incremental updates that leave everything else of a PDF as it is, and files, whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class PlainWriter(IncrementalPdfFileWriter):
    """Leaves the metadata alone: pyHanko would rewrite them with its own time and in a form PDF/A forbids."""

    def _update_meta(self) -> None:
        pass


def write_file(path: Path, content: bytes) -> None:
    """Write a private file so that a reader sees the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    scratch.replace(path)
