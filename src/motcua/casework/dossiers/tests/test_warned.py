"""The page of limits that are near or over: each task once, for the unit's officers only."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.warnings import load_warnings, warn_of_deadlines
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import MORNING
from motcua.casework.dossiers.warned import ESCALATED, WARNED, list_warned

pytestmark = pytest.mark.django_db


def kinds(actor, at):
    return {it.kind: it.count for it in list_warned(actor, load_warnings(), at=at)}


def test_a_task_stands_where_the_gravest_warning_put_it(world):
    dossier = factories.handed_over(world.desk, world.mother)
    specialist = world.desk.specialist
    assert WARNED not in kinds(specialist, MORNING)
    soon, late = dossier.due_at - timedelta(minutes=90), dossier.due_at + timedelta(minutes=1)
    warn_of_deadlines(at=soon)
    assert kinds(specialist, soon) == {WARNED: 1}
    warn_of_deadlines(at=late)
    assert kinds(specialist, late) == {ESCALATED: 1}
    assert kinds(world.other_desk.specialist, late) == {}
    assert kinds(world.desk.reception, late) == {}


def test_what_was_put_off_since_is_no_warning_any_more(world):
    dossier = factories.handed_over(world.desk, world.mother)
    late = dossier.due_at + timedelta(minutes=1)
    warn_of_deadlines(at=late)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=late + timedelta(days=30))
    found = list_warned(world.desk.specialist, load_warnings(), at=late)
    # Of the step's own limit the holder was told.
    assert [(it.kind, [row.code for row in it.rows]) for it in found] == [(WARNED, ["step_over"])]


def test_the_page_says_who_was_told_and_leads_to_the_task(world, browse):
    dossier = factories.handed_over(world.desk, world.mother)
    late = dossier.due_at + timedelta(minutes=1)
    warn_of_deadlines(at=late)
    with time_machine.travel(late, tick=False):
        page = browse(world.desk.specialist).get(reverse("desk:warned")).content.decode()
        empty = browse(world.other_desk.specialist).get(reverse("desk:warned")).content.decode()
    assert reverse("desk:dossier", args=[dossier.id]) in page
    assert "The head was told too 1" in re.sub(r"<[^>]+>", "", page)
    assert "Nobody was warned" in empty
