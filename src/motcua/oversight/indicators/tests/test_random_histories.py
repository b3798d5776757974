"""However the journal is followed, the tallies equal a naive count of it in plain Python, to the last unit."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from motcua.foundation.journal.consuming import hand_over_again, set_back
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.journal.models import ConsumerPosition, DeadLetter, Entry
from motcua.foundation.journal.selectors import last_position
from motcua.oversight.indicators.booking import TABLES
from motcua.oversight.indicators.consumers import CONSUMER, NAME, handle_all
from motcua.oversight.indicators.models import StockFlow, StockNow
from motcua.oversight.indicators.recounting import check
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.tests.factories import rows, tallies
from motcua.oversight.indicators.tests.histories import FIRST, entries, sealed

pytestmark = pytest.mark.django_db
EXAMPLES = 300 if os.environ.get("MOTCUA_NIGHTLY") else 12


class _Killed(Exception):
    pass


class _Undone(Exception):
    pass


class Following:
    """A follower that is killed, meets entries it cannot handle, and is set back."""

    def __init__(self, random: Random, numbered: dict[int, Entry], *, start: int) -> None:
        self.random, self.numbered, self.start = random, numbered, start
        ConsumerPosition.objects.update_or_create(name=NAME, defaults={"position": start})

    def run(self, *, broken: Sequence[int]) -> None:
        """All entries; `broken` become dead letters, which are handled some time later."""
        position, last = self.start, self.start + len(self.numbered)
        turned = False
        while position < last:
            end = min(last, position + self.random.randrange(1, 9))
            self._step([it for it in range(position + 1, end + 1) if it not in broken])
            for it in set(range(position + 1, end + 1)) & set(broken):
                DeadLetter.objects.create(
                    consumer=NAME, position=it, entry_id=self.numbered[it].id, reason="x", tries=5,
                    first_at=FIRST, last_at=FIRST,
                )  # fmt: skip
            position = end
            ConsumerPosition.objects.filter(name=NAME).update(position=position)
            if self.random.random() < 0.2:
                self.handle_letters(most=1)
            if not turned and self.random.random() < 0.1:
                turned, position = True, self.random.randrange(self.start, position + 1)
                set_back(CONSUMER, position, at=FIRST)
                assert check().differences == []
                broken = [it for it in broken if it <= position]

    def _step(self, positions: Sequence[int]) -> None:
        step = [SealedEntry(it, self.numbered[it]) for it in positions]
        if self.random.random() < 0.2:
            try:
                with transaction.atomic():
                    handle_all(step)
                    raise _Killed
            except _Killed:
                pass
        handle_all(step)

    def handle_letters(self, *, most: int) -> None:
        letters = list(
            DeadLetter.objects.filter(consumer=NAME, resolved_at=None).values_list("pk", flat=True)
        )
        for pk in self.random.sample(letters, min(most, len(letters))):
            assert hand_over_again(pk, at=FIRST).resolved_at


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # A smaller seed is no simpler history.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), dossiers=st.integers(1, 6), letters=st.integers(0, 3))
def test_the_tallies_equal_a_naive_count(world, seed, dossiers, letters):
    random = Random(seed)
    codes = [world.desk.agency.code, world.other_desk.agency.code, world.desk.agency.parent.code]
    try:
        with transaction.atomic():
            start = last_position()
            numbered = sealed(entries(random, codes, dossiers=dossiers), after=start)
            broken = random.sample(sorted(numbered), min(letters, len(numbered)))
            following = Following(random, numbered, start=start)
            following.run(broken=broken)
            # As long as some could not be handled, the figures are those of the others.
            assert check().differences == []
            following.handle_letters(most=len(broken))
            _holds(random)
            _again(numbered)
            raise _Undone
    except _Undone:
        pass


def _holds(random: Random) -> None:
    found = check()
    assert found.differences == []
    days = sorted({it.recorded_at.date() for it in Entry.objects.filter(at__lt="2025-01-01")})
    for day in random.sample(days, min(2, len(days))):
        assert check(on=day).differences == []
    assert not StockNow.objects.filter(count__lte=0).exists()
    standing: dict[tuple, int] = defaultdict(int)
    flows = StockFlow.objects.order_by("day")
    for *key, _day, change in flows.values_list("scope", "is_below", "state", "due_on", "day", "change"):
        standing[tuple(key)] += change
        assert standing[tuple(key)] >= 0
    for table, (keys, sums) in TABLES.items():
        own, whole = defaultdict(int), defaultdict(int)
        for scope, is_below, *rest in table.objects.values_list(*keys, *sums):
            for place, number in enumerate(rest[len(keys) - 2 :]):
                key = (*rest[: len(keys) - 2], place)
                own[key] += 0 if is_below else number
                whole[key] += number if scope == ALL else 0
        assert {key: it for key, it in own.items() if it} == {key: it for key, it in whole.items() if it}


def _again(numbered: dict[int, Entry]) -> None:
    """One step from the beginning leaves the very same rows."""
    before = rows(), tallies()
    set_back(CONSUMER, 0, at=FIRST)
    handle_all([SealedEntry(position, it) for position, it in numbered.items()])
    assert (rows(), tallies()) == before
