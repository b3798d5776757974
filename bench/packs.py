"""Packs: what the lint takes, of processor time. Needs no database; the nation's procedures need `MOTCUA_DATA`.

Usage: python -m bench.packs.
"""

from __future__ import annotations

import csv
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.ground import Figure


def figures() -> list[Figure]:
    """The pack vn, and every procedure that the national portal's files have."""
    from django.conf import settings

    from motcua.casework.packs.imported import lint_captured
    from motcua.casework.packs.linting import lint_path

    started = time.process_time()
    found = lint_path(settings.PACKS / "vn")
    figures = [
        Figure("Lint of packs/vn", time.process_time() - started, "s", 5, note=f"{len(found)} findings")
    ]
    data = Path(os.environ.get("MOTCUA_DATA", ""))
    if (data / "procedures_index.csv").is_file():
        rows = captured(data)
        started = time.process_time()
        said = Counter(it.level for it in lint_captured(iter(rows), settings.PACKS / "vn"))
        took = time.process_time() - started
        note = f"{len(rows)} procedures, {', '.join(f'{count} {level}' for level, count in said.items())}"
        figures.append(Figure("Lint of all imported procedures", took, "s", 20, note=note))
    return figures


def captured(data: Path) -> list[tuple[str, dict[str, Any]]]:
    """The rows of the portal's files by code, as an import keeps them."""
    rows: dict[str, dict[str, Any]] = {}
    with (data / "procedures_index.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["code"], {})["index"] = row
    for line in (data / "procedures_local.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows.setdefault(row["code"], {})["local"] = row
    return sorted(rows.items())


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.test")
    django.setup()
    for figure in figures():
        print(f"{figure.name}: {figure.words}")
