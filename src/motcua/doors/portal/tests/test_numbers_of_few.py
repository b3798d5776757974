"""What the portal counts for everybody tells of nobody who might be recognised."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.urls import reverse

from motcua.doors.portal.web import views
from motcua.oversight.indicators.selectors import kept_back

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def page(browse, monkeypatch):
    def read(name: str, **counted: object) -> str:
        for selector, found in counted.items():
            monkeypatch.setattr(views, selector, lambda found=found, **_: found)
        answer = browse(None).get(reverse(name), headers={"Accept-Language": "en"})
        return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    return read


def test_a_small_part_takes_another_with_it():
    assert kept_back({"1": 2, "2": 9, "3": 20}) == {"1", "2"}
    assert kept_back({"1": 9, "2": 0, "3": 20}) == set()
    assert kept_back({"1": 2, "2": 0}) == {"/", "1", "2"}


def test_statuses(page):
    many = page("portal:figures", count_by_status={1: 30, 9: 2, 10: 40})
    told = many.split("72 dossiers in all")[1].split("Papers the State")[0]
    assert told.count("too few") == 2
    assert ": 30 " in told
    assert not re.search(r"\b(2|40)\b", told.split("Status Dossiers")[1])
    few = page("portal:figures", count_by_status={1: 3})
    assert "Too few dossiers to tell of them." in few
    assert not re.search(r"\b3\b", few.split("Too few")[1].split("Papers the State")[0])


def test_papers_used_again(page):
    assert "40 of 90 dossiers" in page("portal:figures", count_reuse=SimpleNamespace(reused=40, total=90))
    for reused, total in ((1, 90), (89, 90), (2, 3)):
        found = page("portal:figures", count_reuse=SimpleNamespace(reused=reused, total=total))
        assert "Too few dossiers with papers" in found
        assert f"of {total}" not in found


def promises(kept: int, late: int) -> SimpleNamespace:
    return SimpleNamespace(day=DAY, kept=kept, late=late, total=kept + late)


def test_promises_of_yesterday(page):
    assert "398 on the promised day or before, 14 late." in page(
        "portal:home", count_promises=promises(398, 14)
    )
    some = page("portal:home", count_promises=promises(398, 1))
    assert "399 dossiers were due" in some
    assert "too few to tell of" in some
    assert " 398 " not in some
    few = page("portal:home", count_promises=promises(1, 0))
    assert "Too few dossiers were due" in few
    assert "1 dossier was due" not in few
