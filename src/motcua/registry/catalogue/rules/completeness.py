"""Whether a procedure is public with all its parts. Pure.

Source: Decision 766/QĐ-TTg, I.3 (vietnam.md 4): steps, documents, time, fee, result, form, legal basis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = ("steps", "documents", "time", "fee", "result", "form", "legal_basis")
# The stand-in where an imported procedure names no result (casework.packs.rules.captured).
_NO_RESULT = "KQ.Z00.000000"


def missing_parts(definition: Mapping[str, Any] | None) -> list[str]:
    """Of PARTS those that a published definition lacks, in their order; all of them where nothing is published.

    Of an imported procedure the portal's file has no steps: those shown are ours and do not count.
    """
    if not definition:
        return list(PARTS)
    procedure = definition["procedure"]
    has = {
        "steps": bool(procedure.get("steps")) and not procedure.get("captured"),
        "documents": bool(procedure.get("components")),
        "time": bool(procedure["limit"].get("value")) and procedure["limit"].get("is_stated", True),
        "fee": any(
            "amount_vnd" in it or it.get("source") != "not stated" for it in procedure.get("fees", ())
        ),
        "result": any(it.get("code") != _NO_RESULT for it in procedure.get("results", ())),
        "form": bool(definition.get("form")),
        "legal_basis": bool(procedure.get("legal_basis")),
    }
    return [part for part in PARTS if not has[part]]
