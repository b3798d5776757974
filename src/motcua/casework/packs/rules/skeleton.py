"""The files a draft of a new procedure begins with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .draft_files import PROCEDURE, yaml_text
from .texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class New:
    """A procedure that has no version yet. Names by language; `level` as "commune"."""

    code: str
    names: Mapping[str, str]
    sector: str = ""
    level: str = "commune"


def new_files(new: New) -> dict[str, str]:
    """A procedure.yaml with every key that is needed; what is empty the check names. Form and process are shared."""
    empty = dict.fromkeys(LANGUAGES, "")
    procedure: dict[str, Any] = {
        "code": new.code,
        "name": empty | dict(new.names),
        "lead": empty,
        "everyday_words": {language: [] for language in LANGUAGES},
        "sector": new.sector,
        "level": new.level,
        "valid_from": "",
        "publication": {"decision": ""},
        "who_may_apply": {"text": empty, "source": ""},
        "legal_basis": [],
        "limit": {"value": "", "text": empty},
        "fees": [],
        "channels": ["online", "counter", "post"],
        "results": [],
        "components": [],
        "steps": [],
        "result": {"language": "vi"},
    }
    return {PROCEDURE: yaml_text(procedure)}
