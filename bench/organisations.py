"""A tree of 3,500 agencies: entering it from a file, showing it, asking what lies below.

`python -m bench.organisations` makes them in the database of the settings, inside a transaction that is taken back.
Source of the goals: issue "Who is who, and the doors", speed.
"""

from __future__ import annotations

import os
import time
from typing import Any

from bench.ground import Figure

AGENCIES, PROVINCES, TESTS = 3_500, 34, 1_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.base")
    import django

    django.setup()
    for figure in figures():
        print(f"{figure.name}: {figure.words}")


def figures() -> list[Figure]:
    """What was measured; the agencies are taken back."""
    from django.db import transaction

    with transaction.atomic():
        found = [Figure(name, value, "ms", goal) for name, value, goal in measure()]
        transaction.set_rollback(True)
    return found


def tree_file(agencies: int = AGENCIES) -> bytes:
    """A made-up nation as a file of agencies: provinces X01 to X34, and communes below them."""
    lines = ["kind,code,name,level,superior"]
    lines += [f"agency,X{number:02d},Tỉnh Mẫu {number},province," for number in range(1, PROVINCES + 1)]
    for number in range(agencies - PROVINCES):
        above = f"X{number % PROVINCES + 1:02d}"
        lines.append(f"agency,{above}.{number:05d},Xã Mẫu {number},commune,{above}")
    return "\n".join(lines).encode()


def measure() -> list[tuple[str, float, int]]:
    """What, milliseconds, goal in milliseconds."""
    from django.db import connection
    from django.utils import timezone

    from motcua.foundation.kernel.actors import SYSTEM
    from motcua.registry.access.policies import within
    from motcua.registry.organisations.models import Agency
    from motcua.registry.organisations.selectors.tree import list_level, search_agencies
    from motcua.registry.organisations.services import load_file

    now = timezone.now()
    today, content = timezone.localdate(now), tree_file()

    def load() -> None:
        loaded = load_file(actor=SYSTEM, content=content, name="tree.csv", dry_run=False, at=now)
        if loaded.problems:
            raise RuntimeError(str(loaded.problems[:3]))

    def is_below() -> None:
        for number in range(TESTS):
            path = f"/X{number % PROVINCES + 1:02d}/X{number % PROVINCES + 1:02d}.{number:05d}/"
            Agency.objects.filter(within("path", (path,))).exists()

    entered = _took(load)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_organisations_agency")
    search_agencies(("/",), "mau 77", at=today)
    one = Agency.objects.get(code="X01")
    return [
        (f"Entering {AGENCIES:,} agencies from a file", entered, 5_000),
        ("Showing one level of the tree", _took(lambda: list_level(("/",), one, at=today)), 50),
        (
            "Searching all agencies, names folded before",
            _took(lambda: search_agencies(("/",), "mau 77", at=today)),
            100,
        ),
        ("Subtree test in the database", _took(is_below) / TESTS, 1),
    ]


def _took(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
