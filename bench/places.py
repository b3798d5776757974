"""Places: how long the nation takes to load, its agencies, and a search. In the database of `MOTCUA_VAR`; rolled back.

Usage: MOTCUA_MAKE_SECRETS=1 python -m bench.places, after `motcua migrate`. Figures count what is missing: on a fresh
database everything.
"""

from __future__ import annotations

import os
import time
from statistics import quantiles

from bench.ground import Figure

# As typed: whole names, beginnings, former names, typing errors.
QUERIES = (
    *("phuong ky son", "xa lam thao phu tho", "thi tran thanh ba", "huyen lam thao", "P.1 Q.3", "truc bach"),
    *(
        "hoan kiem",
        "cua dong",
        "tan",
        "hoa binh",
        "ea kar dak lak",
        "kyson",
        "phuogn ky son",
        "lam thaoo",
        "zzzz",
    ),
)
ROUNDS = 10


def figures() -> list[Figure]:
    """What was measured; what was loaded is taken back."""
    from django.db import transaction
    from django.utils import timezone

    from motcua.registry.organisations.nation import load_nation
    from motcua.registry.places.selectors import search_places
    from motcua.registry.places.services import load_places

    now, found = timezone.now(), []
    with transaction.atomic():
        started = time.perf_counter()
        places = load_places(at=now)
        found.append(Figure("Loading places", time.perf_counter() - started, "s", 5, note=str(places)))
        started = time.perf_counter()
        agencies = load_nation(at=now)
        found.append(
            Figure(
                "Loading the agencies of the nation",
                time.perf_counter() - started,
                "s",
                5,
                note=str(agencies),
            )
        )
        took = []
        for query in QUERIES * ROUNDS:
            started = time.perf_counter()
            search_places(query, at=timezone.localdate(now))
            took.append(1000 * (time.perf_counter() - started))
        cuts = quantiles(took, n=100)
        found += [Figure("Search of places, p95", cuts[94], "ms", 30, note=f"median {cuts[49]:.1f} ms")]
        transaction.set_rollback(True)
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.base")
    django.setup()
    for figure in figures():
        print(f"{figure.name}: {figure.words}")
