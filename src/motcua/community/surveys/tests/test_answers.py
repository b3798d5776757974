"""Asked once, answered once, whichever way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.tests.factories import MORNING, accepted, returned
from motcua.community.surveys import own_data, selectors, tasks
from motcua.community.surveys.errors import (
    AnsweredAlready,
    BadRating,
    ChannelsRefused,
    HandledIt,
    NoConsent,
    NotAsked,
    SurveyOver,
)
from motcua.community.surveys.messages import GROUP
from motcua.community.surveys.models import Survey, Way
from motcua.community.surveys.services import answering, asking, keeping
from motcua.community.surveys.services.answering import Answer
from motcua.community.surveys.tests.factories import UNHAPPY, answered
from motcua.community.surveys.tokens import token_of
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import Happening, follow_once, place_hold, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.notifications.contributions import revealed
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.selectors import has_switched_off, preferences_of

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=3)
HAPPY = Answer(3)


@pytest.fixture
def dossier(world):
    return returned(world.desk, world.mother)


def messages(purpose="survey_question"):
    return Message.objects.filter(purpose=purpose)


def test_the_applicant_is_told_once_some_time_after_the_result(world, dossier):
    asking.open_survey(dossier)
    assert asking.ask_all(at=MORNING + timedelta(minutes=30)) == 0
    assert asking.ask_all(at=LATER) == 1
    assert asking.ask_all(at=LATER) == 0
    entry = Entry.objects.get(kind="survey.asked")
    assert (entry.object_kind, entry.object_id) == ("dossier", dossier.id)
    assert messages().filter(channel="in_app").count() == 1


def test_the_journal_opens_the_question(world):
    follow_once()
    dossier = returned(world.desk, world.mother)
    follow_once()
    assert Survey.objects.filter(pk=dossier.pk).exists()


def test_the_link_stands_only_in_what_is_handed_over(world, dossier, settings):
    settings.EMAIL_READY = True
    world_mother = dossier.applicant
    world_mother.email = "me@example.org"
    world_mother.save(update_fields=["email"])
    asking.open_survey(dossier)
    asking.ask_all(at=LATER)
    token = token_of(dossier.id)
    for message in messages():
        assert token not in message.body + message.subject + message.link
    email = messages().get(channel="email")
    assert f"/satisfaction/{token}/" in revealed(email)
    assert token not in str(list(Entry.objects.filter(object_id=dossier.id).values_list("facts", flat=True)))


def test_a_test_dossier_and_one_without_a_result_are_not_asked_about(world, dossier):
    with pytest.raises(NotAsked):
        asking.open_survey(accepted(world.desk, world.mother))
    dossier.is_test = True
    with pytest.raises(NotAsked):
        asking.open_survey(dossier)


def test_who_asks_for_nothing_is_not_asked(world, dossier):
    survey = asking.open_survey(dossier)
    asking.ask_no_more(actor=world.mother, survey=survey, at=MORNING)
    assert has_switched_off(world.mother.person_id, GROUP.code)
    other = asking.open_survey(returned(world.desk, world.mother))
    assert asking.ask_all(at=LATER) == 0
    other.refresh_from_db()
    assert other.is_declined and not messages().exists()


def test_who_wants_to_be_asked_again_is_asked(world, dossier):
    survey = asking.open_survey(dossier)
    asking.ask_again(actor=world.mother, survey=survey, at=MORNING)
    assert not Entry.objects.filter(kind="survey.asked_for").exists()
    asking.ask_no_more(actor=world.mother, survey=survey, at=MORNING)
    for _ in range(2):
        asking.ask_again(actor=world.mother, survey=survey, at=MORNING)
    entry = Entry.objects.get(kind="survey.asked_for")
    assert (entry.object_id, entry.person_id) == (dossier.pk, world.mother.person_id)
    asking.open_survey(returned(world.desk, world.mother))
    assert asking.ask_all(at=LATER) == 2


def test_asked_again_only_by_what_consents_allow(world, dossier, monkeypatch):
    survey = asking.open_survey(dossier)
    asking.ask_no_more(actor=world.mother, survey=survey, at=MORNING)
    refused = {"email", "sms"}
    monkeypatch.setattr(asking, "refused_channels", lambda _person: frozenset(refused))
    with pytest.raises(ChannelsRefused):
        asking.ask_again(actor=world.mother, survey=survey, at=MORNING)
    assert selectors.is_asked_no_more(dossier)
    refused.remove("email")
    asking.ask_again(actor=world.mother, survey=survey, at=MORNING)
    chosen = preferences_of(world.mother.person_id)
    assert (chosen[GROUP.code, "email"], chosen[GROUP.code, "sms"]) == (True, False)


@pytest.mark.parametrize("way", [Way.LINK, Way.KIOSK])
def test_an_answer_is_one_entry_of_nobodys_with_words_only_in_the_detail(world, dossier, way):
    answered(dossier, at=LATER, way=way, actor=world.mother)
    entry = Entry.objects.get(kind="survey.answered")
    assert (entry.object_kind, entry.object_id, entry.person_id) == ("dossier", dossier.id, None)
    assert entry.facts == {"rating": 1, "way": str(way), "reasons": ["visits", "papers"]}
    assert entry.detail.values == {"words": UNHAPPY.words}
    assert entry.actor_kind == "anonymous"


def test_a_second_answer_changes_nothing(world, dossier):
    answered(dossier, at=LATER, answer=HAPPY)
    with pytest.raises(AnsweredAlready):
        answered(dossier, at=LATER)
    assert Survey.objects.get().rating == 3
    assert Entry.objects.filter(kind="survey.answered").count() == 1


@pytest.mark.parametrize(
    ("answer", "after", "error"),
    [
        (Answer(0), timedelta(), BadRating),
        (Answer(4), timedelta(), BadRating),
        (HAPPY, timedelta(days=91), SurveyOver),
    ],
)
def test_what_is_no_answer_is_refused(world, dossier, answer, after, error):
    with pytest.raises(error):
        answered(dossier, at=MORNING + after, answer=answer)
    assert not Entry.objects.filter(kind="survey.answered").exists()


def test_hostile_words_are_cleaned_and_unknown_reasons_left_out(world, dossier):
    hostile = Answer(2, ("time", "drop", "time"), "\u202eTốt\x00\x07 " + "a" * 5_000)
    survey = answered(dossier, at=LATER, answer=hostile)
    assert survey.reasons == ["time"] and len(survey.words) == 2_000
    assert survey.words.startswith("Tốt ") and survey.search_text.startswith("tot ")


def test_the_database_takes_no_half_answer(world, dossier):
    survey = asking.open_survey(dossier)
    for wrong in ({"rating": 3}, {"words": "a"}, {"rating": 9, "way": "link", "answered_at": MORNING}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Survey.objects.filter(pk=survey.pk).update(**wrong)


def by_phone(actor, code, **changes):
    values = {"answer": HAPPY, "has_agreed": True, "at": LATER} | changes
    return answering.answer_by_phone(actor=actor, code=code, **values)


def test_on_the_telephone_only_who_had_no_hand_in_it_enters_an_answer(world, dossier):
    for officer in (world.desk.reception, world.desk.leader):
        with pytest.raises(HandledIt):
            by_phone(officer, dossier.code)
    for stranger in (world.other_desk.reception, world.desk.deputy, world.mother):
        with pytest.raises(NotAsked):
            by_phone(stranger, dossier.code)
    other = returned(world.other_desk, world.mother)
    with pytest.raises(NotAsked):
        by_phone(world.desk.reception, other.code)


@pytest.mark.parametrize("kind", ["dossier.fee_noted", "dossier.copy_certified", "dossier.values_confirmed"])
def test_who_took_the_fee_or_compared_the_papers_had_a_hand_in_it(world, dossier, colleague, kind):
    record(actor=colleague, happening=Happening(kind, "dossier", dossier.pk), at=MORNING)
    with pytest.raises(HandledIt):
        by_phone(colleague, dossier.code)


def test_on_the_telephone_the_person_has_agreed(world, dossier, colleague):
    with pytest.raises(NoConsent):
        by_phone(colleague, dossier.code, has_agreed=False)
    survey = by_phone(colleague, f" https://x/status/?code={dossier.code.lower()} ")
    assert (survey.way, survey.entered_by) == ("phone", colleague.person_id)
    assert Entry.objects.get(kind="survey.answered").person_id == colleague.person_id


@pytest.fixture
def colleague(world):
    """Another officer of the counter, who did nothing in the dossier."""
    return replace(world.desk.deputy, grants=(("reception", world.desk.agency.path),))


def test_a_kiosk_takes_only_what_was_just_returned_in_its_hall(world, dossier):
    path = world.desk.agency.path
    assert answering.dossier_at_kiosk(code=dossier.code, path=path, at=LATER) == dossier
    for code, hall, at in (
        (dossier.code, world.other_desk.agency.path, LATER),
        (dossier.code, path, MORNING + timedelta(days=3)),
        ("H44.1-260310-0009", path, LATER),
        ("", path, LATER),
    ):
        with pytest.raises(NotAsked):
            answering.dossier_at_kiosk(code=code, path=hall, at=at)
    answered(dossier, at=LATER)
    with pytest.raises(AnsweredAlready):
        answering.dossier_at_kiosk(code=dossier.code, path=path, at=LATER)


def test_answers_are_found_without_accents_and_only_by_who_leads(world, dossier):
    answered(dossier, at=LATER)
    seen = {"since": MORNING, "until": MORNING + timedelta(days=1)}
    wanted = selectors.Wanted(**seen, words="di lai BA lan")
    assert [it.pk for it in selectors.list_answers(world.desk.leader, wanted, page=1)[0]] == [dossier.pk]
    for actor in (world.other_desk.leader, world.desk.reception, world.desk.specialist, world.mother):
        assert selectors.list_answers(actor, wanted, page=1) == ([], False)
    for other in ({"words": "nhanh"}, {"rating": 3}, {"reason": "time"}, {"procedure": "9.999999"}):
        assert not selectors.list_answers(world.desk.leader, selectors.Wanted(**seen, **other), page=1)[0]


def test_figures_have_their_numbers_and_nothing_of_nobody(world, dossier):
    wanted = selectors.Wanted(MORNING, MORNING + timedelta(days=1))
    assert selectors.distributions(world.desk.leader, wanted) == []
    answered(dossier, at=LATER)
    answered(returned(world.desk, world.mother), at=LATER, answer=HAPPY)
    asking.open_survey(returned(world.desk, world.mother))
    asking.ask_all(at=LATER)
    only = selectors.distributions(world.desk.leader, wanted)[0]
    assert (only.very_satisfied, only.satisfied, only.dissatisfied, only.asked) == (1, 0, 1, 3)
    assert (only.share_of(3), only.share_of(2), only.response) == (500, 0, 667)
    assert selectors.summed([]).response is None
    assert selectors.count_reasons(world.desk.leader, wanted) == {"papers": 1, "visits": 1}


def test_words_go_at_the_end_and_at_a_wish_and_ratings_stay(world, dossier):
    answered(dossier, at=LATER, answer=Answer(2, (), "Cảm ơn."))
    assert own_data.export_answers(world.mother.person_id)[0]["words"] == "Cảm ơn."
    hold = place_hold(actor=SYSTEM, object_id=dossier.id, reason="Order 1", at=LATER)
    assert keeping.erase_words_of(world.mother.person_id, LATER) == 0
    hold.released_at = LATER
    hold.save()
    assert keeping.erase_words(before=LATER + timedelta(days=1), at=LATER + timedelta(days=800)) == 1
    survey = Survey.objects.get()
    assert (survey.words, survey.search_text, survey.rating) == ("", "", 2)


def test_what_is_held_does_not_keep_others_from_being_erased(world, dossier, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 1)
    answered(dossier, at=LATER, answer=Answer(2, (), "Giữ lại."))
    place_hold(actor=SYSTEM, object_id=dossier.id, reason="Order 1", at=LATER)
    for _ in range(2):
        answered(
            returned(world.desk, world.mother), at=LATER + timedelta(hours=1), answer=Answer(2, (), "Tốt.")
        )
    with time_machine.travel(LATER + timedelta(days=800), tick=False):
        tasks.tidy(0)
    assert list(Survey.objects.exclude(words="").values_list("words", flat=True)) == ["Giữ lại."]


def test_words_of_a_case_that_is_not_closed_stay(world, dossier):
    answered(dossier, at=LATER)
    assert keeping.erase_words(before=LATER + timedelta(days=1), at=LATER) == 0
    assert keeping.erase_words_of(world.mother.person_id, LATER) == 0


def test_a_dossier_answered_is_told_nothing_more(world, dossier):
    answered(dossier, at=LATER, answer=HAPPY)
    assert asking.ask_all(at=LATER + timedelta(days=1)) == 0
    assert Dossier.objects.filter(pk=dossier.pk).exists()
