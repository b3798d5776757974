"""When nobody decides in time the law does, where the procedure says so: tried on a made-up rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from motcua.casework.dossiers.errors import ForbiddenByLaw
from motcua.casework.dossiers.models import Dossier, Ending
from motcua.casework.dossiers.rules.silence import BadSilence, silence_of
from motcua.casework.dossiers.services import extending, supplements
from motcua.casework.dossiers.services.ending import may_undo, recall_stop
from motcua.casework.dossiers.services.extending import Extension
from motcua.casework.dossiers.services.silence import decide_by_silence
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING, target
from motcua.casework.process.models import Instance, Task
from motcua.foundation.journal.models import Entry
from motcua.foundation.worktime.limits import parse_limit

pytestmark = pytest.mark.django_db
RULE = {"after": "5wd", "means": "approved", "source": "made up"}


@pytest.fixture(params=["approved", "refused"])
def means(request, monkeypatch):
    """The procedure, as if its law said what silence means, and gave three days."""
    rule, limit = silence_of({"silence": RULE | {"means": request.param}}), parse_limit("3wd")
    clock = "motcua.casework.dossiers.services.clock"
    monkeypatch.setattr(f"{clock}.limit_of", lambda dossier: limit)
    for room in (clock, "motcua.casework.dossiers.services.silence"):
        monkeypatch.setattr(f"{room}.rule_of_silence", lambda dossier: rule)
    return request.param


def test_the_law_decides_when_the_time_is_over_and_not_before(world, means, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    assert dossier.silent_at == MORNING + timedelta(days=7)
    assert decide_by_silence(at=dossier.silent_at) == 0
    later = dossier.silent_at + timedelta(minutes=3)
    assert decide_by_silence(at=later) == 1
    assert decide_by_silence(at=later) == 0
    now = Dossier.objects.get(pk=dossier.pk)
    assert now.status == (10 if means == "approved" else 8)
    assert now.finished_at == (dossier.silent_at if means == "approved" else None)
    assert not Task.objects.filter(subject=dossier.pk, completed_at=None).exists()
    assert Instance.objects.get(subject=dossier.pk).ended_at == later
    entry = Entry.objects.get(object_id=dossier.pk, kind="dossier.silence")
    assert (entry.actor_kind, entry.facts["means"], entry.facts["status"]) == ("system", means, now.status)
    page = browse(world.mother).get(f"/dossiers/{dossier.id}/")
    assert "Nobody had decided in time" in page.content.decode()


def test_a_refusal_by_silence_is_an_ending_that_nobody_takes_back(world, means):
    dossier = factories.handed_over(world.desk, world.mother)
    decide_by_silence(at=dossier.silent_at + timedelta(minutes=3))
    endings = Ending.objects.filter(dossier=dossier)
    if means == "approved":
        assert not endings.exists()
        return
    done = endings.get()
    assert (done.kind, done.ground, done.status, done.made_by, done.document) == (
        "silence", "silence", 4, None, None,
    )  # fmt: skip
    assert may_undo(world.desk.leader, dossier) == ""
    with pytest.raises(ForbiddenByLaw, match="nobody takes that back"):
        recall_stop(actor=world.desk.leader, target=target(dossier), at=dossier.silent_at + timedelta(days=1))


def test_an_answer_in_time_leaves_the_law_nothing_to_decide(world, means):
    dossier = factories.returned(world.desk, world.mother)
    assert decide_by_silence(at=dossier.silent_at + timedelta(days=30)) == 0
    assert Dossier.objects.get(pk=dossier.pk).status == 10


def test_while_the_applicant_is_waited_for_silence_means_nothing(world, means):
    dossier = factories.handed_over(world.desk, world.mother)
    supplements.request_supplement(
        actor=world.desk.specialist,
        target=target(dossier),
        items=[Item("Giấy xác nhận")],
        reason="Thiếu",
        at=MORNING,
    )
    assert decide_by_silence(at=MORNING + timedelta(days=60)) == 0


def test_an_apology_gives_no_more_time_than_the_law(world, means):
    dossier = factories.handed_over(world.desk, world.mother)
    on = (MORNING + timedelta(days=20)).date()
    extending.extend(
        actor=world.desk.leader, target=target(dossier), extension=Extension(on, "Chờ ý kiến"), at=MORNING
    )
    assert Dossier.objects.get(pk=dossier.pk).silent_at == dossier.silent_at


def test_without_a_rule_silence_means_nothing(world):
    dossier = factories.handed_over(world.desk, world.mother)
    assert dossier.silent_at is None
    assert decide_by_silence(at=MORNING + timedelta(days=900)) == 0


@pytest.mark.parametrize(
    "rule", [{}, RULE | {"after": "soon"}, RULE | {"means": "maybe"}, RULE | {"source": ""}, "approved"]
)
def test_a_rule_that_cannot_be_used_is_named(rule):
    with pytest.raises(BadSilence, match="silence"):
        silence_of({"silence": rule})
