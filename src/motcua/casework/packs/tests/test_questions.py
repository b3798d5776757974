"""Everyday questions against the real catalogue: the pack with the national portal's index of procedures."""

from __future__ import annotations

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from motcua.casework.packs.evaluating import evaluate
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.importing import Order, import_files
from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.selectors import search_procedures

QUESTIONS = settings.PACKS / "vn" / "tests" / "questions.csv"
DATA = Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))
INDEX = DATA / "procedures_index.csv"
LEAST = 0.9
real = pytest.mark.skipif(
    not INDEX.exists(), reason="MOTCUA_DATA does not name the folder with procedures_index.csv"
)


@pytest.fixture(scope="module")
def real_catalogue(world, module_db):
    import_files(actor=SYSTEM, order=Order([INDEX]), at=datetime(2026, 8, 3, 2, 0, tzinfo=UTC))
    assert Procedure.objects.count() >= 2642


@pytest.fixture(scope="module")
def score(real_catalogue):
    return evaluate(QUESTIONS)


def rows():
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_questions_are_many_different_and_partly_held_out():
    questions = rows()
    assert len({it["question"] for it in questions}) == len(questions) >= 200
    assert sum(it["part"] == "held" for it in questions) >= 60
    assert {it["language"] for it in questions} == {"vi", "en", "de"}


@real
@pytest.mark.django_db
@pytest.mark.parametrize("group", ["all", "tune", "held"])
def test_nine_of_ten_questions_are_answered_by_the_first_three(score, group):
    assert score.rate(group) >= LEAST, score.in_words()


@real
@pytest.mark.django_db
def test_searching_the_whole_catalogue_takes_two_queries(score, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        search_procedures("xay nha cap 4")


@real
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "code"),
    [("xay nha cap 4", "1.013225"), ("mất bằng lái", "3.000348"), ("con tôi mới sinh", "1.001193")],
)
def test_what_people_say_leads_to_what_they_need(real_catalogue, words, code):
    assert code in [it.code for it in search_procedures(words, limit=3).procedures]


@real
@pytest.mark.django_db
def test_words_as_they_are_typed_lead_there_too(real_catalogue):
    for typed in ("xay nha ca", "mất bằng lá", "hộ chiế"):
        assert search_procedures(typed, typing=True).procedures
