"""A made-up process with everything acts must cope with, in place of the procedure's own."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.settings import setting_of
from motcua.casework.process.models import Instance, Token
from motcua.casework.process.services import publish_definition, start_process

WORDS = {"vi": "Bước", "en": "Step", "de": "Schritt"}


def step(name: str, role: str, act: str, *outcomes: tuple[str, str], **keys: Any) -> dict[str, Any]:
    """Outcomes: (name, target); one named "back" is a return."""
    rows = [
        {"name": it, "label": WORDS, "to": to, **({"back": True} if it == "back" else {})}
        for it, to in outcomes
    ]
    lane = keys.pop("lane", "office")
    return {
        "name": name, "title": {"vi": name, "en": name, "de": name}, "lane": lane, "role": role, "act": act,
        "limit_hours": 2, "outcomes": rows, **keys,
    }  # fmt: skip


LANES = {
    "office": {"vi": "UBND xã", "en": "Commune", "de": "Gemeinde"},
    "desk": {"title": {"vi": "Một cửa", "en": "Desk", "de": "Schalter"}, "unit": "one_stop_desk"},
    "province": {
        "title": {"vi": "Sở", "en": "Department", "de": "Amt"},
        "agency": {"unit_of_province": "construction"},
    },
}
PARALLEL = {
    "code": "1.001193",
    "start": "reception",
    "lanes": LANES,
    "steps": [
        step("reception", "reception", "accept", ("accept", "ask"), lane="desk"),
        {"name": "ask", "kind": "parallel", "to": ["visit", "check", "construction"]},
        step("visit", "specialist", "complete-task", ("done", "asked")),
        step("check", "specialist", "complete-task", ("done", "asked"), checks=[WORDS]),
        step("construction", "specialist", "give-opinion", ("given", "asked"), lane="province"),
        {"name": "asked", "kind": "parallel", "to": ["draft"]},
        step("draft", "specialist", "complete-task", ("submit", "signing"), ("refuse", "review")),
        step(
            "review", "leader", "complete-task", ("agree", "signing"), ("back", "draft"),
            timers=[{"name": "late", "after": "1wd", "to": "draft", "interrupts": True}],
        ),
        step("signing", "leader", "sign", ("sign", "returning"), ("back", "draft")),
        step("returning", "reception", "return-result", ("returned", "end")),
    ],
}  # fmt: skip


def run_by(dossier: Dossier, content: dict[str, Any]) -> None:
    """Let a submitted dossier run by another process from its start."""
    Token.objects.filter(subject=dossier.id).delete()
    Instance.objects.filter(subject=dossier.id).delete()
    digest = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    definition = publish_definition(code=dossier.procedure_code, digest=digest, content=content)
    at = dossier.submitted_at
    start_process(definition=definition, subject=dossier.id, setting=setting_of(dossier, at), at=at)
