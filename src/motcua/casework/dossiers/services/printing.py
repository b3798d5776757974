"""The one-stop forms as PDFs: facts in, bytes out. No rows are read or written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.conf import settings

from motcua.foundation.files.official import qr_svg, render_official

Paper = Literal["", "a4", "a5"]
SECOND_LANGUAGES = ("en", "de")

# Template of each, below packs/vn/forms; what it takes is said at its beginning.
FORMS: dict[str, str] = {
    "receipt": "form-01",
    "supplement": "form-02",
    "refusal": "form-03",
    "apology": "form-04",
    "control": "form-05",
    "register": "form-06",
    "stopping": "notice-of-stopping",
    "payment": "notice-of-payment",
    "handover": "hand-over-slip",
    "return": "return-slip",
    # A result: its print of record is made and signed as one.
    "letter": "refusal",
}
# Filled in by hand, and of no dossier yet.
BLANK = {"sheet": "intake-sheet"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a form is printed. `second`: a language beside the Vietnamese, one of SECOND_LANGUAGES, or none; `paper`: ""
    for the size the law names."""

    second: str = ""
    paper: Paper = ""


PLAIN = Look()


def look_of(second: str, paper: str) -> Look:
    """A look as somebody asked for it; what is not offered is left out."""
    sizes: dict[str, Paper] = {"a4": "a4", "a5": "a5"}
    return Look(second if second in SECOND_LANGUAGES else "", sizes.get(paper, ""))


def print_form(form: str, facts: Mapping[str, Any], *, at: datetime, look: Look = PLAIN) -> bytes:
    """The PDF (PDF/A-2a, PDF/UA-1) of a form, one of FORMS or BLANK, filled with its facts as its template lists them.

    facts: `lookup: {url}` gets its QR code here. at: aware, of the document; the same call gives the same bytes.
    Raises CannotRender. Source: Circular 03/2025/TT-VPCP, forms 01-06 and the notice of stopping (art. 7).
    """
    content = dict(facts)
    if lookup := content.get("lookup"):
        code = content.get("code", "")
        address = f"{lookup['url']}?code={code}" if code else lookup["url"]
        content["lookup"] = {**lookup, "qr": qr_svg(address)}
    if look.second:
        content["second"] = look.second
    if look.paper:
        content["paper"] = look.paper
    return render_official(settings.PACKS / "vn" / "forms" / f"{(FORMS | BLANK)[form]}.typ", content, at=at)
