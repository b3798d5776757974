"""Seals and followers: what operators see and do, and that nothing personal is among it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from motcua.casework.dossiers.tests.factories import MORNING, accepted
from motcua.foundation.journal import contributions
from motcua.foundation.journal.contributions import Consumer, register_consumer
from motcua.foundation.journal.models import DeadLetter, Entry, Verification
from motcua.foundation.journal.services import follow_once
from motcua.registry.people.models import Person

pytestmark = pytest.mark.django_db
PAGE = reverse("console:following")


@pytest.fixture
def operator(world, browse):
    return browse(world.operator)


@pytest.fixture
def broken(monkeypatch):
    """A consumer that handles nothing until it is mended. Five tries, hours apart, make a dead letter."""
    monkeypatch.setattr(contributions, "_consumers", {})
    mended = []

    def handle(sealed):
        if not mended:
            raise KeyError("025188001122")

    register_consumer(Consumer("messages", handle, kinds=frozenset({"dossier.accepted"})))
    return mended


@pytest.fixture
def letter(world, broken):
    with time_machine.travel(MORNING, tick=False) as clock:
        accepted(world.desk, world.mother)
        for _ in range(5):
            follow_once()
            clock.shift(timedelta(hours=1))
    return DeadLetter.objects.get()


def test_shows_how_far_each_consumer_is_and_what_it_could_not_handle(operator, letter):
    page = operator.get(PAGE)
    (consumer,) = page.context["consumers"]
    (row,) = page.context["letters"]
    assert (consumer["name"], consumer["last_error"], consumer["letters"]) == ("messages", "KeyError", "1")
    assert (row["kind"], row["reason"], row["tries"]) == ("Dossier accepted", "KeyError", "5")


def test_shows_nothing_personal(world, operator, letter):
    page = operator.get(PAGE).content.decode()
    mother = Person.objects.get(pk=world.mother.person_id)
    assert mother.full_name not in page
    assert "025188001122" not in page


def retry(operator, letter):
    answer = operator.post(reverse("console:retry", args=[letter.pk]))
    assert answer.headers["Location"] == PAGE
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_a_letter_that_goes_through_is_gone_and_the_retry_is_an_entry(world, operator, letter, broken):
    broken.append(True)
    assert retry(operator, letter) == ["The entry was handled."]
    assert operator.get(PAGE).context["letters"] == []
    entry = Entry.objects.get(kind="dead_letter.retried")
    assert (entry.object_id, entry.person_id) == (letter.entry_id, world.operator.person_id)
    assert entry.facts == {"consumer": "messages", "position": letter.position, "resolved": True}


def test_a_letter_that_fails_once_more_stays_and_the_retry_is_an_entry_too(operator, letter):
    assert retry(operator, letter) == ["It failed once more. The reason is in the list."]
    assert operator.get(PAGE).context["letters"][0]["tries"] == "6"
    assert Entry.objects.get(kind="dead_letter.retried").facts["resolved"] is False


def test_a_letter_that_was_handled_meanwhile_says_so(operator, letter, broken):
    broken.append(True)
    retry(operator, letter)
    assert "There is no open dead letter" in retry(operator, letter)[-1]


def test_lists_batches_newest_first_page_by_page(world, browse, monkeypatch):
    for _ in range(3):
        accepted(world.desk, world.mother)
        follow_once()
    monkeypatch.setattr("motcua.doors.console.selectors.PAGE_SIZE", 2)
    auditor, seals = browse(world.auditor), reverse("console:seals")
    first = auditor.get(seals)
    numbers = [row["number"] for row in first.context["batches"]]
    assert numbers == sorted(numbers, key=int, reverse=True)
    older = auditor.get(seals, {"before": first.context["older"]}).context["batches"]
    assert int(older[0]["number"]) == int(numbers[-1]) - 1


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣"])
def test_the_list_of_batches_takes_any_place_to_go_on_from(world, browse, before):
    assert browse(world.auditor).get(reverse("console:seals"), {"before": before}).status_code == 200


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"fault_count": 0}, "whole"),
        (
            {"fault_count": 2, "faults": [{"kind": "changed", "position": 7}]},
            "not whole: 2 faults, the first at position 7",
        ),
        ({"fault_count": 0, "unchecked": ["stamps"]}, "whole as far as it could be checked"),
    ],
)
def test_shows_what_the_last_verification_found(world, browse, found, said):
    Verification.objects.create(at=MORNING, first_position=1, last_position=9, **found)
    rows = browse(world.auditor).get(reverse("console:seals")).context["state"]
    assert rows[-1]["value"] == said
