"""The national portal's files: how long they take to import, and again. In the database of `MOTCUA_VAR`; rolled back.

Usage: MOTCUA_DATA=FOLDER MOTCUA_MAKE_SECRETS=1 python -m bench.importing, after `motcua migrate`. Without the files
nothing is measured. Both figures are with publishing the versions for the general form.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from bench.ground import Figure

FILES = ("procedures_local.jsonl", "procedures_index.csv")


def figures() -> list[Figure]:
    """What was measured; what was imported is taken back."""
    from django.db import transaction

    paths = [Path(os.environ.get("MOTCUA_DATA", "/nowhere")) / name for name in FILES]
    if not all(path.exists() for path in paths):
        return []
    with transaction.atomic():
        found = [
            _import("Importing the portal's files", paths, 60),
            _import("Importing them again", paths[::-1], 15),
        ]
        transaction.set_rollback(True)
    return found


def _import(name: str, paths: list[Path], goal: float) -> Figure:
    from django.utils import timezone

    from motcua.casework.packs.captured import publish_captured
    from motcua.foundation.kernel.actors import SYSTEM
    from motcua.registry.catalogue.importing import Order, import_files

    now, started, cpu = timezone.now(), time.perf_counter(), time.process_time()
    report = import_files(actor=SYSTEM, order=Order(paths), at=now)
    published = publish_captured(actor=SYSTEM, codes=set(report.touched), at=now)
    took, used = time.perf_counter() - started, time.process_time() - cpu
    note = f"{report.created} new, {report.changed} changed, {published} versions; {used:.1f} s of Python"
    return Figure(name, took, "s", goal, note=note)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.base")
    django.setup()
    for figure in figures():
        print(f"{figure.name}: {figure.words}")
