"""Notes of officers on a dossier: who reads and writes them, who is told, and that nothing of them is lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from motcua.casework.dossiers.lists import list_journal
from motcua.casework.dossiers.models import Note
from motcua.casework.dossiers.note_errors import NoSuchColleague, NoteMissing, NoteStruck
from motcua.casework.dossiers.notes import count_unread, list_threads, sees_notes
from motcua.casework.dossiers.own_data import export_dossiers
from motcua.casework.dossiers.services.noting import NewNote, strike_note, write_note
from motcua.casework.dossiers.services.opinions import Question, request_opinion
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    handed_over,
    lying_elsewhere,
    returned,
    target,
)
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db
WORDS = "Giấy chứng sinh chụp mờ, ai có bản gốc?"


@pytest.fixture
def dossier(world):
    return handed_over(world.desk, world.mother)


def write(actor, dossier, text=WORDS, **about):
    new = NewNote(about.pop("id", None) or new_id(), text, **about)
    return write_note(actor=actor, dossier_id=dossier.id, new=new, at=MORNING)


def told(actor):
    return Message.objects.filter(recipient_id=actor.person_id, purpose="dossier_note")


def test_an_asked_colleague_is_told_without_names_or_words(world, dossier):
    note = write(world.desk.specialist, dossier, to=f"officer {world.desk.reception.person_id}")
    message = told(world.desk.reception).get()
    assert (message.channel, message.reference, message.concerns_id) == ("in_app", dossier.code, dossier.id)
    said = f"{message.subject} {message.body}"
    assert WORDS not in said
    assert not any(name in said for name in (note.asked_name, dossier.owner_name))
    assert not told(world.desk.specialist).exists()
    assert count_unread(world.desk.reception, [dossier.id]) == {dossier.id: 1}


def test_a_whole_unit_is_asked_but_not_its_author(world, dossier):
    unit = world.desk.specialist.unit_id
    write(world.desk.reception, dossier, to=f"unit {unit}")
    assert told(world.desk.specialist).count() == 1
    assert not told(world.desk.reception).exists()


def test_an_answer_tells_who_wrote_before(world, dossier):
    first = write(world.desk.specialist, dossier, to=f"officer {world.desk.reception.person_id}")
    write(world.desk.reception, dossier, "Tôi có.", thread=first.id)
    assert told(world.desk.specialist).count() == 1
    (thread,) = list_threads(dossier)
    assert [it.note.text for it in (thread.first, *thread.answers)] == [WORDS, "Tôi có."]


def test_the_journal_says_that_and_keeps_the_words_apart(world, dossier):
    note = write(world.desk.specialist, dossier)
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.noted")
    assert entry.facts == {"note": str(note.id)}
    assert entry.detail.values == {"note": WORDS}
    assert entry.detail_digest


def test_the_same_form_sent_twice_writes_one_note(world, dossier):
    for _ in range(2):
        write(world.desk.specialist, dossier, id=UUID(int=7), to=f"officer {world.desk.reception.person_id}")
    assert dossier.notes.count() == 1
    assert told(world.desk.reception).count() == 1


def test_anothers_id_is_not_found(world, dossier):
    write(world.desk.specialist, dossier, id=UUID(int=7))
    with pytest.raises(NotFound):
        write(world.desk.reception, dossier, id=UUID(int=7))


def test_a_correction_is_seen_with_what_was_said_before(world, dossier):
    first = write(world.desk.specialist, dossier, to=f"officer {world.desk.reception.person_id}")
    write(world.desk.specialist, dossier, "Đã có bản gốc.", corrects=first.id)
    (thread,) = list_threads(dossier)
    assert thread.first.note.text == "Đã có bản gốc."
    assert [it.text for it in thread.first.earlier] == [WORDS]
    assert told(world.desk.reception).count() == 2
    with pytest.raises(NoteStruck):
        write(world.desk.specialist, dossier, "Lần nữa", corrects=first.id)


def test_a_struck_out_note_stays_to_be_read(world, browse, dossier):
    note = write(world.desk.specialist, dossier)
    browser = browse(world.desk.specialist)
    assert browser.post(reverse("desk:note-strike", args=[dossier.id, note.id])).status_code == 302
    page = browser.get(reverse("desk:notes", args=[dossier.id])).content.decode()
    assert f"<del>{WORDS}</del>" in page
    assert Entry.objects.filter(object_id=dossier.id, kind="dossier.note_struck").count() == 1
    strike_note(actor=world.desk.specialist, dossier_id=dossier.id, note_id=note.id, at=MORNING)
    assert Entry.objects.filter(object_id=dossier.id, kind="dossier.note_struck").count() == 1
    with pytest.raises(NoteStruck):
        write(world.desk.specialist, dossier, "Khác", corrects=note.id)


def test_nobody_changes_anothers_note(world, dossier):
    note = write(world.desk.specialist, dossier)
    with pytest.raises(Refused):
        strike_note(actor=world.desk.leader, dossier_id=dossier.id, note_id=note.id, at=MORNING)
    with pytest.raises(Refused):
        write(world.desk.leader, dossier, "Khác", corrects=note.id)


def test_the_database_keeps_every_word(world, dossier):
    note = write(world.desk.specialist, dossier)
    later = MORNING + timedelta(hours=1)
    refused = [
        lambda: Note.objects.filter(pk=note.pk).update(text="Khác"),
        lambda: Note.objects.filter(pk=note.pk).update(made_by=world.desk.leader.person_id),
        lambda: Note.objects.filter(pk=note.pk).delete(),
    ]
    strike_note(actor=world.desk.specialist, dossier_id=dossier.id, note_id=note.id, at=MORNING)
    refused += [lambda at=at: Note.objects.filter(pk=note.pk).update(struck_at=at) for at in (None, later)]
    for change in refused:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"text": "  "}, NoteMissing),
        ({"to": "unit 00000000-0000-0000-0000-000000000001"}, NoSuchColleague),
        ({"to": "nobody"}, NoSuchColleague),
        ({"thread": UUID(int=1)}, NotFound),
        ({"corrects": UUID(int=1)}, NotFound),
    ],
)
def test_refuses_what_fits_nothing_and_writes_nothing(world, dossier, about, error):
    with pytest.raises(error):
        write(world.desk.specialist, dossier, **about)
    assert not dossier.notes.exists()


def test_an_officer_of_another_agency_cannot_be_asked(world, dossier):
    with pytest.raises(NoSuchColleague):
        write(world.desk.specialist, dossier, to=f"officer {world.other_desk.reception.person_id}")


def test_the_applicant_never_gets_them(world, browse):
    dossier = returned(world.desk, world.mother)
    write(world.desk.specialist, dossier)
    page = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])).content.decode()
    assert WORDS not in page
    assert WORDS not in str(export_dossiers(world.mother.person_id))
    assert not any(it.kind == "dossier.noted" for it in list_journal(dossier, after=0, limit=200)[0])
    with pytest.raises(Refused):
        write(world.mother, dossier)


def test_where_a_task_lies_elsewhere_they_read_and_write(world):
    dossier = lying_elsewhere(world.desk, world.other_desk, world.mother)
    write(world.desk.specialist, dossier)
    assert sees_notes(world.other_desk.specialist, dossier)
    write(world.other_desk.specialist, dossier, "Chúng tôi đang xem.")


@pytest.mark.parametrize(("shown", "sees"), [((), True), (("birth_evidence",), False)])
def test_who_is_only_asked_writes_none_and_reads_them_if_shown_all_papers(world, dossier, shown, sees):
    question = Question("Có vướng gì không?", world.other_desk.agency.id, "2wd", None, shown)
    request_opinion(actor=world.desk.specialist, target=target(dossier), question=question, at=MORNING)
    assert sees_notes(world.other_desk.specialist, dossier) is sees
    with pytest.raises(Refused):
        write(world.other_desk.specialist, dossier)


def test_the_inbox_marks_what_is_unread_until_it_is_read(world, browse, dossier):
    write(world.desk.reception, dossier, to=f"officer {world.desk.specialist.person_id}")
    browser, inbox = browse(world.desk.specialist), reverse("desk:inbox")
    assert "1 ghi chú mới" in (page := browser.get(inbox).content.decode()) or "1 new note" in page
    assert browser.get(reverse("desk:notes", args=[dossier.id])).status_code == 200
    assert count_unread(world.desk.specialist, [dossier.id]) == {}


def test_the_page_writes_answers_and_corrects(world, browse, dossier):
    browser, url = browse(world.desk.specialist), reverse("desk:notes", args=[dossier.id])
    form = browser.get(url).context["form"]
    sent = {"key": form.initial["key"], "text": WORDS, "to": f"unit {world.desk.reception.unit_id}"}
    assert browser.post(url, sent).status_code == 302
    note = dossier.notes.get()
    answer = {"key": new_id(), "text": "Có rồi.", "thread": note.id}
    assert browser.post(url, answer).status_code == 302
    assert browser.get(url, {"correct": note.id}).context["form"].initial["text"] == WORDS
    empty = browser.post(url, {"key": new_id(), "text": "", "to": "officer x"})
    assert empty.status_code == 422
    assert [it.note.text for it in list_threads(dossier)[0].answers] == ["Có rồi."]


def test_a_strangers_correction_is_not_found(world, browse, dossier):
    note = write(world.desk.specialist, dossier)
    page = browse(world.desk.leader).get(reverse("desk:notes", args=[dossier.id]), {"correct": note.id})
    assert page.status_code == 404
