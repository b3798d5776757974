"""Scans and photos of a paper to one searchable PDF/A, with its words.

Pages are joined and looked at in the limited process; reading is done by an outside program that is an extra
(`adapters/ocrmypdf`). Takes seconds for each page: for jobs. Source: ISO 19005-2 level B; Circular 01/2023/TT-VPCP
art. 8, Circular 02/2019/TT-BNV (at least 200 dpi, colour, the size of the original).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.limited import Broken, Limited, Objection, Overrun

from . import digitising_errors as errors
from .adapters import ocrmypdf
from .content import findings
from .previews import Box

MB = 1024 * 1024
MOST_PAGES = 100
MOST_LINES = 5_000
_JOIN = Limited(
    "motcua.foundation.files.ocr.joining:join",
    cpu_seconds=120,
    wall_seconds=300,
    memory_bytes=2048 * MB,
    answer_bytes=256 * MB,
)
_PLACE = Limited("motcua.foundation.files.ocr.joining:find_emptiest", cpu_seconds=20, wall_seconds=60)
_READ = Limited("motcua.foundation.files.ocr.joining:read_pages", cpu_seconds=20, wall_seconds=60)

# Told as (pages done, pages in all).
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Digitised:
    """pdf: searchable PDF/A-2b. pages: how many. words: whether any were recognised. empty: blank pages, from 1."""

    pdf: bytes
    pages: int
    words: bool
    empty: tuple[int, ...] = ()


def digitise(parts: Sequence[bytes], *, told: Told) -> Digitised:
    """One searchable PDF/A of scans and photos (JPEG, PNG, PDF), in their order; pages are straightened and turned.

    parts: each as large as an upload may be; at most MOST_PAGES pages in all. told: called as pages are done, from
    this thread. Pages that hold text already keep it as it is. About 6 s of processor time for each page.
    Raises a DigitisingFailed: NoReader, UnreadableScan, LockedScan, SignedScan, TooManyPages, TooDark, EmptyScan,
    TooSlow, NotDigitised.
    """
    joined, found = _joined(parts)
    told(0, found["pages"])
    if len(found["empty"]) == found["pages"]:
        raise errors.EmptyScan
    pdf = ocrmypdf.read(joined, pages=found["pages"], told=told)
    return Digitised(pdf, found["pages"], _has_words(pdf), tuple(found["empty"]))


def _has_words(pdf: bytes) -> bool:
    """Whether any were recognised. What the program wrote is a stranger's again: it may have been taken over.

    Raises NotDigitised.
    """
    try:
        with findings():
            return any(_READ(pdf, most=1, check=True).value)
    except DomainError:
        raise errors.NotDigitised from None


def page_lines(pdf: bytes) -> list[list[str]]:
    """The lines of the words of each page of a PDF, at most MOST_LINES in all. Raises UnreadableFile."""
    with findings():
        pages: list[list[str]] = _READ(pdf, most=MOST_LINES).value
        return [[str(line) for line in page] for page in pages]


def missing() -> tuple[str, ...]:
    """Which programs or languages this machine lacks for `digitise`; see `adapters.ocrmypdf.missing`."""
    return ocrmypdf.missing()


def emptiest(pdf: bytes, boxes: Sequence[Box]) -> int:
    """Which of these places of the first page hides least, if something stands there. Raises UnreadableFile."""
    with findings():
        index = int(_PLACE(pdf, boxes=[list(box) for box in boxes]).value)
    return index if 0 <= index < len(boxes) else 0


def _joined(parts: Sequence[bytes]) -> tuple[bytes, dict[str, Any]]:
    try:
        answer = _JOIN(b"".join(parts), sizes=[len(part) for part in parts], most_pages=MOST_PAGES)
    except Objection as objection:
        raise _in_words(objection) from None
    except Overrun:
        raise errors.TooSlow from None
    except Broken:
        raise errors.UnreadableScan(part=1) from None
    found = answer.value
    # The process may have been taken over by what it opened.
    if not isinstance(found.get("pages"), int) or not 0 < found["pages"] <= MOST_PAGES:
        raise errors.UnreadableScan(part=1)
    return answer.content, {"pages": found["pages"], "empty": [int(page) for page in found.get("empty", [])]}


def _in_words(objection: Objection) -> errors.DigitisingFailed:
    known: dict[str, type[errors.DigitisingFailed]] = {
        "password": errors.LockedScan,
        "signed": errors.SignedScan,
        "unreadable": errors.UnreadableScan,
        "dark": errors.TooDark,
        "pages": errors.TooManyPages,
    }
    fields = {name: int(value) for name, value in objection.fields.items() if isinstance(value, int)}
    if objection.code == "pages":
        fields["limit"] = MOST_PAGES
    return known.get(objection.code, errors.NotDigitised)(**{"part": 1, "page": 1, "count": 0} | fields)
