from datetime import time

import pytest

from motcua.foundation.worktime.limits import Limit, Unit, UnreadableLimit, parse_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("8wh", Limit(Unit.WORKING_HOURS, 8)),
        ("3wd", Limit(Unit.WORKING_DAYS, 3)),
        ("20d", Limit(Unit.DAYS, 20)),
        ("1m", Limit(Unit.MONTHS, 1)),
        ("sameday", Limit(Unit.SAME_DAY, cut_off=time(15))),
        ("9999wd", Limit(Unit.WORKING_DAYS, 9999)),
    ],
)
def test_a_limit_reads_and_writes_the_same(text, limit):
    assert parse_limit(text) == limit
    assert str(limit) == text


@pytest.mark.parametrize(
    "text", ["", "3", "wd", "0wd", "-1d", "3 wd", "3WD", "1.5d", "10000d", "3wd\n", "٣wd"]
)
def test_refuses_what_is_no_limit(text):
    with pytest.raises(UnreadableLimit):
        parse_limit(text)


@pytest.mark.parametrize("count", [0, -1, 10_000])
def test_refuses_a_count_out_of_range(count):
    with pytest.raises(ValueError):
        Limit(Unit.DAYS, count)
