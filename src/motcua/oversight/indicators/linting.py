"""The lint of a pack's measures and index, for `motcua pack lint` and the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from motcua.casework.packs.rules.findings import Fault, fault
from motcua.oversight.indicators.measures import INDEX, MEASURES
from motcua.oversight.indicators.rules.declared import lint_index, lint_measures, rows_of

FILES = (MEASURES, INDEX)


def lint(contents: Mapping[str, Any]) -> Iterator[Fault]:
    """The index is held against the measures beside it, if they are there."""
    if MEASURES in contents:
        for at, why in lint_measures(contents[MEASURES]):
            yield fault(MEASURES, at, "common-file", why=why)
    if INDEX in contents:
        rows = rows_of(contents[MEASURES]) if MEASURES in contents else None
        for at, why in lint_index(contents[INDEX], rows):
            yield fault(INDEX, at, "common-file", why=why)
