"""Search of the catalogue: everyday questions against the pack and the national portal's index. In the database of
`MOTCUA_VAR`; rolled back.

Usage: MOTCUA_DATA=FOLDER MOTCUA_MAKE_SECRETS=1 python -m bench.catalogue, after `motcua migrate`. Without the folder
with procedures_index.csv the pack's own procedures are searched, and the note says so.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from bench.ground import Figure


def figures() -> list[Figure]:
    """What was measured, in processor time; what was loaded is taken back."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from motcua.casework.packs.evaluating import evaluate
    from motcua.casework.packs.services import load_pack
    from motcua.foundation.kernel.actors import SYSTEM
    from motcua.registry.catalogue.finding import findable
    from motcua.registry.catalogue.importing import Order, import_files

    index = Path(os.environ.get("MOTCUA_DATA", "")) / "procedures_index.csv"
    now, pack = timezone.now(), settings.PACKS / "vn"
    with transaction.atomic():
        load_pack(actor=SYSTEM, path=pack, at=now)
        if index.is_file():
            import_files(actor=SYSTEM, order=Order([index]), at=now)
        began = time.process_time()
        note = f"{len(findable().facts)} procedures"
        built = time.process_time() - began
        score = evaluate(pack / "tests" / "questions.csv")
        transaction.set_rollback(True)
    return [
        Figure("Index of the catalogue, built by a process", built, "s", 1.5, note=note),
        Figure("Search of the catalogue, p95 of processor time", score.p95, "ms", 30, note=note),
    ]


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.base")
    django.setup()
    for figure in figures():
        print(f"{figure.name}: {figure.words}")
