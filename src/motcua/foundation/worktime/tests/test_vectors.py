"""The public vector file, worked out by hand and by numpy, apart from our code."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from motcua.foundation.worktime.calendars import VIETNAM
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.foundation.worktime.tests.calendars import VIETNAM_2024_2026

FOLDER = Path(__file__).parents[5] / "packs" / "vn" / "tests"


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).open(encoding="utf-8")))


ROWS = _rows("deadlines.csv")
CIVIL_CODE = _rows("deadlines_civil_code.csv")


def test_has_at_least_two_hundred_different_vectors():
    assert len({(row["from"], row["limit"]) for row in ROWS}) == len(ROWS) >= 200


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['from']}+{row['limit']}")
def test_agrees_with_the_vector(row):
    start = datetime.fromisoformat(row["from"]).replace(tzinfo=VIETNAM)
    found = due(start, parse_limit(row["limit"]), VIETNAM_2024_2026)
    assert found.at == datetime.fromisoformat(row["due"]).replace(tzinfo=VIETNAM)
    assert not found.provisional


def test_has_at_least_twenty_different_vectors_of_the_civil_code():
    assert len({(row["from"], row["limit"]) for row in CIVIL_CODE}) == len(CIVIL_CODE) >= 20


@pytest.mark.parametrize("row", CIVIL_CODE, ids=lambda row: f"{row['from']}+{row['limit']}")
def test_agrees_with_the_vector_of_the_civil_code(row):
    start = datetime.fromisoformat(row["from"]).replace(tzinfo=VIETNAM)
    found = due(start, parse_limit(row["limit"]), VIETNAM_2024_2026, civil_code=True)
    assert found.at == datetime.fromisoformat(row["due"]).replace(tzinfo=VIETNAM)
