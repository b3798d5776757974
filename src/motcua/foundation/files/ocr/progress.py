"""A plug-in of OCRmyPDF, loaded by it in its own process: says after each page how many are done, on standard error."""

from __future__ import annotations

import sys
from typing import Any

from ocrmypdf import hookimpl

MARK = "motcua-pages"


class Pages:
    """What OCRmyPDF calls a progress bar. It has several; the one for recognition counts pages."""

    def __init__(self, *, total: float | None = None, desc: str | None = None, **_: Any) -> None:
        self._total, self._done, self._counts = int(total or 0), 0.0, desc == "OCR"

    def __enter__(self) -> Pages:
        self._tell()
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, n: float = 1, *, completed: float | None = None) -> None:
        """`n` more are done, or `completed` in all."""
        self._done = self._done + n if completed is None else completed
        self._tell()

    def _tell(self) -> None:
        if self._counts:
            sys.stderr.write(f"{MARK} {int(self._done)} {self._total}\n")
            sys.stderr.flush()


@hookimpl
def get_progressbar_class() -> type[Pages]:
    return Pages
