"""Several at one moment, each on a connection of their own: one result has one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from motcua.casework.dossiers.tests.factories import MORNING, returned
from motcua.community.surveys.models import Survey, UnhappyCase
from motcua.community.surveys.services import asking, cases
from motcua.community.surveys.services.answering import Answer
from motcua.community.surveys.services.cases import Seen
from motcua.community.surveys.tests.factories import answered
from motcua.foundation.journal.models import Entry

pytestmark = pytest.mark.xdist_group("races")
LATER = MORNING + timedelta(hours=3)


@pytest.fixture
def db(shared_database: None) -> None:
    """What one connection commits is there for the others."""


def at_once(*acts):
    """What each gave or raised."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(timeout=20)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [type(it).__name__ for it in pool.map(run, acts)]


def test_of_answers_at_one_instant_one_counts_and_opens_one_case(world, db):
    dossier = returned(world.desk, world.mother)
    found = at_once(*(lambda: answered(dossier, at=LATER) for _ in range(4)))
    assert sorted(found) == ["AnsweredAlready"] * 3 + ["Survey"]
    assert Entry.objects.filter(kind="survey.answered", object_id=dossier.id).count() == 1
    case = UnhappyCase.objects.get(survey=dossier.pk)
    seen = Seen(case.id, 1)
    leader = world.desk.leader
    replies = at_once(
        *(lambda: cases.claim_case(actor=leader, seen=seen, at=LATER) for _ in range(2)),
        lambda: cases.escalate_late(at=LATER),
    )
    assert sorted(replies) == ["CaseMoved", "UnhappyCase", "int"]


def test_two_workers_tell_the_applicant_once_and_an_answer_meanwhile_counts(world, db):
    dossier = returned(world.desk, world.mother)
    asking.open_survey(dossier)
    at_once(
        *(lambda: asking.ask_all(at=LATER) for _ in range(2)),
        lambda: answered(dossier, at=LATER, answer=Answer(3)),
    )
    assert Entry.objects.filter(kind="survey.asked", object_id=dossier.id).count() <= 1
    assert Survey.objects.get(pk=dossier.pk).rating == 3
