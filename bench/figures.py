"""Figures: how far they are behind the journal, how long a replay and a tile take. In the database of the benchmark."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from bench.ground import Figure

ANSWERS, ROUNDS = 40, 40
_WAIT, _PAUSE, _MILLION = 10.0, 0.005, 1_000_000


def behind(answers: int = ANSWERS) -> list[Figure]:
    """From the commit of an entry to the sum that counts it, with the follower at work beside."""
    from django.db import transaction
    from django.utils import timezone

    from motcua.foundation.journal.services import Happening, record
    from motcua.foundation.kernel.actors import ANONYMOUS
    from motcua.oversight.indicators.models import Measured

    rows = Measured.objects.filter(accepted_at__isnull=False, rating=0)
    took = []
    for dossier in list(rows.values_list("pk", flat=True)[:answers]):
        counted, now = _answered(), timezone.now()
        facts = {"rating": 3, "way": "link", "reasons": list[str]()}
        happening = Happening("survey.answered", "dossier", dossier, facts=facts)
        with transaction.atomic():
            record(actor=ANONYMOUS, happening=happening, at=now)
        begun = time.perf_counter()
        while _answered() == counted:
            if time.perf_counter() - begun > _WAIT:
                raise RuntimeError("The follower does not count what was answered.")
            time.sleep(_PAUSE)
        took.append(time.perf_counter() - begun)
    if not took:
        raise RuntimeError("No dossier is there whose answer could be counted.")
    note = f"{len(took)} answers, median {_share(took, 0.5):.2f} s"
    return [Figure("Journal to indicator, 95 of 100", _share(took, 0.95), "s", 2, note=note)]


def _answered() -> int:
    from django.db.models import Sum

    from motcua.oversight.indicators.models import DayTally

    return DayTally.objects.filter(scope="/").aggregate(total=Sum("rated"))["total"] or 0


def figures() -> list[Figure]:
    """Replay, then tiles over all that was counted by it; nothing else is at work."""
    return [*_replay(), *_tiles()]


def _replay() -> list[Figure]:
    from motcua.foundation.journal.models import Entry
    from motcua.foundation.kernel.actors import SYSTEM
    from motcua.oversight.indicators.rules.following import KINDS
    from motcua.oversight.indicators.services import recompute

    entries = Entry.objects.filter(kind__in=KINDS, object_kind="dossier").count()
    begun = time.perf_counter()
    _position, letters = recompute(actor=SYSTEM)[:2]
    took = time.perf_counter() - begun
    if letters:
        raise RuntimeError(f"{letters} entries could not be counted.")
    note = f"{entries:,} entries in {took:.1f} s"
    return [
        Figure("Replay of the indicators", took / entries * _MILLION, "s a million entries", 300, note=note)
    ]


def _tiles() -> list[Figure]:
    from django.utils import timezone

    from motcua.oversight.indicators.measuring import figures as measured
    from motcua.oversight.indicators.measuring import figures_of
    from motcua.oversight.indicators.tallying import Days, stock_now
    from motcua.registry.organisations.models import Agency, valid_on

    now = timezone.now()
    today = timezone.localdate(now)
    year = Days(today - timedelta(days=730), today + timedelta(days=1))
    top = Agency.objects.filter(valid_on(today), level="province").values_list("path", flat=True)[0]
    below = list(Agency.objects.filter(valid_on(today), parent__path=top).values_list("path", flat=True))
    asked: dict[str, Callable[[], object]] = {
        "all measures of a province": lambda: measured(top, year),
        "what stands open": lambda: stock_now([top], at=now),
        f"a measure of {len(below)} agencies": lambda: figures_of(below, year, codes=["on_time_rate"]),
    }
    return [
        Figure(f"Tiles: {name}, 95 of 100", _share(_times(ask), 0.95) * 1000, "ms", 100)
        for name, ask in asked.items()
    ]


def _times(ask: Callable[[], object]) -> list[float]:
    ask()
    took = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        took.append(time.perf_counter() - begun)
    return took


def _share(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]
