"""Whatever is published and taken back, on whatever days: one version is in force each day from the first on."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from motcua.registry.catalogue.rules.timeline import Span, in_force, with_new, without

DAY = date(2026, 1, 1)
YEAR = 40
days = st.integers(0, YEAR).map(lambda n: DAY + timedelta(days=n))


def played(acts):
    """The spans after publishing on these days, and taking back the announced versions of these (by position)."""
    spans, number = [], 0
    for day, takes_back in acts:
        if takes_back and spans:
            spans = without(spans, spans[day.toordinal() % len(spans)].number)
        else:
            number += 1
            spans = with_new(spans, number, day)
    return spans


@given(st.lists(st.tuples(days, st.just(False)), min_size=1, max_size=12))
def test_each_day_from_the_first_on_has_exactly_one_version(acts):
    spans = played(acts)
    first = min(day for day, _ in acts)
    for offset in range((DAY + timedelta(days=YEAR + 2) - first).days):
        day = first + timedelta(days=offset)
        assert sum(span.holds(day) for span in spans) == 1
    assert not any(span.holds(first - timedelta(days=1)) for span in spans)
    latest = [number for number, (day, _) in enumerate(acts, start=1) if day == acts[-1][0]][-1]
    assert in_force(spans, acts[-1][0]).number == latest


@given(st.lists(st.tuples(days, st.booleans()), min_size=1, max_size=14))
def test_no_day_has_two_also_when_versions_are_taken_back(acts):
    spans = played(acts)
    for offset in range(YEAR + 2):
        assert sum(span.holds(DAY + timedelta(days=offset)) for span in spans) <= 1
    assert sum(span.ends is None for span in spans) <= 1


def test_the_version_before_goes_on_when_the_next_is_taken_back():
    spans = with_new(with_new([], 1, DAY), 2, DAY + timedelta(days=9))
    assert without(spans, 2) == [Span(1, DAY), Span(2, DAY + timedelta(days=9), DAY + timedelta(days=9))]
