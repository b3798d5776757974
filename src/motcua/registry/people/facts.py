"""The pack's file about personal data: limits of requests, consents, who corrects what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

from motcua.foundation.installation.selectors import get
from motcua.foundation.kernel.retention import load_rules
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.organisations.selectors import get_calendar


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """`channel`: of messages, switched with it (""), `by_default`: in use until withdrawn."""

    purpose: str
    version: str
    channel: str
    by_default: bool
    name: str
    text: str


@lru_cache(maxsize=1)
def _pack() -> dict[str, Any]:
    path = settings.PACKS / "vn" / "personal_data.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _in_language(words: dict[str, str]) -> str:
    language = (get_language() or get("languages.default")).split("-")[0]
    return words.get(language) or words["vi"]


def due_of(kind: str, *, asked_at: datetime) -> datetime:
    """When a request of this kind is to be answered. Raises KeyError for a kind the pack does not know."""
    limits = {row["kind"]: row["limit"] for row in _pack()["requests"]}
    return due(asked_at, parse_limit(limits[kind]), get_calendar()).at


def contact_wait_hours() -> int:
    """How long a change of contact waits when the old address is lost, in whole hours."""
    return int(_pack()["contact_wait_hours"])


def contact_wait() -> timedelta:
    return timedelta(hours=contact_wait_hours())


def sources() -> list[tuple[str, str, str]]:
    """(code, name, where it is corrected) in the active language."""
    rows = _pack()["sources"]
    return [(row["code"], _in_language(row["names"]), _in_language(row["where"])) for row in rows]


def consent_terms() -> list[ConsentTerms]:
    return [
        ConsentTerms(
            row["purpose"],
            row["version"],
            row["channel"],
            row["by_default"],
            _in_language(row["names"]),
            _in_language(row["text"]),
        )
        for row in _pack()["consents"]
    ]


def kept_days(thing: str) -> int | None:
    """For how many days retention keeps a thing; None: nothing erases it. Raises KeyError."""
    return load_rules(settings.RETENTION_FILE)[thing].days
