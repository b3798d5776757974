"""The catalogue of result codes: what published procedures issue, and the codes of `result_codes.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from motcua.casework.warehouse.errors import BadKind
from motcua.casework.warehouse.rules.kinds import problem_of
from motcua.registry.catalogue.models import ProcedureVersion

Names = Mapping[str, str]


def known_kinds() -> dict[str, Names]:
    """Result code -> its names by language, by Vietnamese name. One query."""
    found: dict[str, Names] = dict(_listed(settings.RESULT_CODES_FILE))
    versions = ProcedureVersion.objects.filter(valid_to=None)
    for results in versions.values_list("definition__procedure__results", flat=True):
        for result in results or ():
            found[result["code"]] = result["name"]
    return dict(sorted(found.items(), key=lambda it: (it[1]["vi"], it[0])))


def check_kind(code: str) -> None:
    """Raises BadKind with the reason: malformed, or in no list."""
    if problem := problem_of(code, frozenset(known_kinds())):
        raise BadKind(problem, code)


@lru_cache(maxsize=2)
def _listed(path: Path) -> dict[str, Names]:
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["results"]
    return {row["code"]: row["name"] for row in rows}
