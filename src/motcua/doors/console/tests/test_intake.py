"""The counter's pages, from the card to the receipt."""

from __future__ import annotations

from datetime import timedelta

import lxml.html
import pytest
import time_machine
from django.urls import reverse

from motcua.casework.appointments import services as hall
from motcua.casework.appointments.tests import factories as queues
from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.tests.factories import CODE, MORNING, birth_answers, picture
from motcua.foundation.journal.models import Entry
from motcua.registry.people.models import Person

pytestmark = pytest.mark.django_db
START = reverse("console:intake")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def clerk(world, browse):
    return browse(world.desk.reception)


@pytest.fixture
def mother(world) -> Person:
    return Person.objects.get(pk=world.mother.person_id)


def card_of(person: Person) -> str:
    sex = {"male": "Nam", "female": "Nữ"}[person.sex]
    born = f"{person.birth_date:%d%m%Y}"
    return f"{person.personal_number}||{person.full_name.upper()}|{born}|{sex}|Phú Thọ|01032022"


def sent(answers: dict) -> dict[str, str]:
    """Answers as the page sends them."""
    found: dict[str, str] = {}
    for name, value in answers.items():
        if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
            year, month, day = value.split("-")
            found |= {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}
        else:
            found[name] = str(value)
    return found


def begun(clerk, person: Person, **given) -> Draft:
    values = {"seen": "on", "procedure": CODE} | given
    response = clerk.post(reverse("console:intake-for", args=[person.id]), values)
    draft = Draft.objects.get()
    assert response.url == reverse("desk:intake", args=[draft.id])
    return draft


def filled(world, clerk, draft: Draft, **changes):
    answers = sent(birth_answers(world.desk)) | {"tick-birth_evidence-original": "1"} | changes
    return clerk.post(reverse("desk:intake", args=[draft.id]), answers)


class TestWho:
    def test_the_text_of_a_card_finds_the_person_and_is_a_search_on_the_record(self, clerk, mother):
        response = clerk.post(START, {"who": card_of(mother)})
        assert response.url == reverse("console:intake-for", args=[mother.id])
        assert Entry.objects.filter(kind="person.searched", concerns_id=mother.id).count() == 1

    def test_a_card_of_nobody_fills_in_the_form_of_a_new_person_and_proves_nothing(self, clerk):
        card = "025197004999||TRẦN THỊ MỚI|14081997|Nữ|Số 1, Phú Thọ|01032022"
        response = clerk.post(START, {"who": card})
        assert response.status_code == 200
        assert "TRẦN THỊ MỚI" in response.text
        assert "unsigned" in response.text or "không có chữ ký" in response.text
        assert not Person.objects.filter(personal_number="025197004999").exists()

    def test_the_same_person_is_not_entered_twice(self, clerk, mother):
        born = mother.birth_date
        values = {"kind": "citizen", "full_name": mother.full_name, "sex": mother.sex}
        values |= {"birth_date_day": born.day, "birth_date_month": born.month, "birth_date_year": born.year}
        before = Person.objects.count()
        values["personal_number"] = f"025{mother.personal_number[3:6]}999999"
        response = clerk.post(reverse("console:intake-enter"), values)
        assert response.status_code == 422
        assert reverse("console:intake-for", args=[mother.id]) in response.text
        assert Person.objects.count() == before

    @pytest.mark.parametrize("who", ["", "https://example.vn", "1|2|3", "12|" * 2000])
    def test_what_is_no_card_and_no_number_is_refused_in_words(self, clerk, who):
        assert clerk.post(START, {"who": who}).status_code in {200, 422}

    def test_opening_the_person_is_on_the_record(self, clerk, mother):
        clerk.get(reverse("console:intake-for", args=[mother.id]))
        assert Entry.objects.filter(kind="person.read", concerns_id=mother.id).count() == 1

    def test_nothing_begins_before_the_card_was_seen(self, clerk, mother):
        response = clerk.post(reverse("console:intake-for", args=[mother.id]), {"procedure": CODE})
        assert response.status_code == 422
        assert not Draft.objects.exists()

    def test_everyday_words_find_the_procedure(self, clerk, mother):
        page = reverse("console:intake-for", args=[mother.id])
        response = clerk.post(page, {"seen": "on", "words": "khai sinh", "find": "1"})
        assert f'value="{CODE}"' in response.text


class TestForm:
    def test_a_paper_that_is_ticked_needs_no_file_and_the_dossier_is_taken_in(self, world, clerk, mother):
        draft = begun(clerk, mother)
        response = filled(world, clerk, draft)
        check = reverse("desk:intake-check", args=[draft.id])
        assert response.status_code == 302, response.context["form"].errors
        assert response.url == check
        assert clerk.get(check).status_code == 200
        response = clerk.post(check)
        dossier = Dossier.objects.get()
        assert response.url == reverse("desk:taken", args=[dossier.id])
        page = clerk.get(response.url)
        assert dossier.code in page.text
        assert "data-print" in page.text
        # Sent again by a nervous finger.
        assert clerk.post(check).url == response.url
        assert Dossier.objects.count() == 1
        # And gone back to.
        for name in ("desk:intake", "desk:intake-check"):
            assert clerk.get(reverse(name, args=[dossier.id])).url == response.url

    def test_going_back_leads_no_other_counter_to_the_dossier(self, world, clerk, mother, browse):
        draft, other = begun(clerk, mother), browse(world.other_desk.reception)
        filled(world, clerk, draft)
        clerk.post(reverse("desk:intake-check", args=[draft.id]))
        for name in ("desk:intake", "desk:intake-check"):
            answer = other.get(reverse(name, args=[draft.id]))
            assert answer.status_code == 404
            assert "This form is not kept at your counter" in answer.text
            assert "My dossiers" not in answer.text

    def test_each_count_of_papers_stays_beside_its_word(self, clerk, mother):
        page = lxml.html.fromstring(clerk.get(reverse("desk:intake", args=[begun(clerk, mother).id])).text)
        boxes = page.xpath("//input[starts-with(@name, 'tick-')]")
        pairs = [[it.tag for it in box.getparent()] for box in boxes]
        assert pairs and all(pair == ["label", "input"] for pair in pairs)

    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, world, clerk, mother):
        draft = begun(clerk, mother)
        response = filled(world, clerk, draft, given_name="", birth_place="Bệnh viện Đa khoa")
        assert response.status_code == 422
        assert "Bệnh viện Đa khoa" in clerk.get(reverse("desk:intake", args=[draft.id])).text

    def test_an_uploaded_paper_is_kept_and_listed(self, world, clerk, mother):
        draft = begun(clerk, mother)
        response = filled(
            world, clerk, draft, **{"tick-birth_evidence-original": "", "birth_evidence": picture()}
        )
        assert response.status_code == 302
        assert draft.papers.count() == 1

    @pytest.mark.parametrize("count", ["x", "100", "-1", "1" * 30])
    def test_no_number_of_papers_is_refused_at_its_question(self, world, clerk, mother, count):
        draft = begun(clerk, mother)
        response = filled(world, clerk, draft, **{"tick-birth_evidence-copy": count})
        assert response.status_code == 422
        assert "birth_evidence" in response.context["form"].errors

    def test_a_form_that_was_saved_elsewhere_meanwhile_overwrites_nothing(self, world, clerk, mother):
        draft = begun(clerk, mother)
        filled(world, clerk, draft)
        response = filled(world, clerk, draft, seen="0" * 16, given_name="Khác")
        assert response.status_code == 409
        assert "Khác" in response.text
        draft.refresh_from_db()
        assert draft.answers["given_name"] != "Khác"

    def test_another_counter_sees_neither_form_nor_check(self, world, clerk, mother, browse):
        draft, other = begun(clerk, mother), browse(world.other_desk.reception)
        for name in ("desk:intake", "desk:intake-check"):
            assert other.get(reverse(name, args=[draft.id])).status_code == 404
        assert other.post(reverse("desk:intake-check", args=[draft.id])).status_code == 404
        assert mother.full_name not in other.get(START).text

    def test_a_form_is_found_again_under_begun_at_this_counter_and_thrown_away(self, clerk, mother):
        draft = begun(clerk, mother)
        assert reverse("desk:intake", args=[draft.id]) in clerk.get(START).text
        clerk.post(reverse("desk:intake-discard", args=[draft.id]))
        assert not Draft.objects.exists()


class TestHelpers:
    def test_who_came_instead_stands_on_the_check(self, world, clerk, mother):
        helper = Person.objects.get(pk=world.neighbour.person_id)
        given = {"helper": "village", "helper_number": helper.personal_number, "basis": "Trưởng thôn 3"}
        draft = begun(clerk, mother, **given)
        assert draft.brought_by_id == helper.id
        assert helper.full_name in clerk.get(reverse("desk:intake-check", args=[draft.id])).text

    def test_a_helper_nobody_knows_is_asked_for(self, clerk, mother):
        given = {"seen": "on", "procedure": CODE, "helper": "family", "helper_number": "1", "basis": "Dì"}
        response = clerk.post(reverse("console:intake-for", args=[mother.id]), given)
        assert response.status_code == 422
        assert "helper_number" in response.context["form"].errors

    def test_the_applicant_is_not_their_own_helper_and_is_told_what_to_choose(self, clerk, mother):
        given = {"helper": "family", "helper_number": mother.personal_number, "basis": "Mẹ"}
        page = reverse("console:intake-for", args=[mother.id])
        form = clerk.post(page, {"seen": "on", "procedure": CODE, **given}).context["form"]
        nobody = str(dict(form.fields["helper"].choices)[""])
        assert form.errors == {"helper_number": [f"This is the applicant. Choose “{nobody}”."]}


class TestAway:
    def test_what_is_refused_at_the_counter_has_form_03_and_one_entry(self, clerk, mother):
        draft = begun(clerk, mother)
        away = reverse("desk:intake-away", args=[draft.id])
        assert clerk.post(away, {"refuse": "1"}).status_code == 422
        page = clerk.post(away, {"refuse": "1", "ground": "other", "reason": "Không thuộc thẩm quyền"})
        dossier = Dossier.objects.get()
        assert (dossier.status, dossier.channel, dossier.code) == (3, 1, None)
        assert page.url == reverse("desk:taken", args=[dossier.id])
        assert clerk.get(page.url).status_code == 200
        assert dossier.documents.get().kind == "refusal"
        entry = Entry.objects.get(object_id=dossier.id, kind="dossier.refused")
        assert (entry.facts["channel"], entry.facts["procedure"]) == (1, CODE)
        assert not Draft.objects.exists()

    def test_who_misses_papers_goes_home_with_form_02_and_the_form_is_kept(self, world, clerk, mother):
        draft = begun(clerk, mother)
        away = reverse("desk:intake-away", args=[draft.id])
        assert "Giấy chứng sinh" in clerk.get(away).text
        response = clerk.post(away, {"missing": "1", "items": "Giấy chứng sinh\nGiấy ủy quyền"})
        assert response.content.startswith(b"%PDF-")
        entry = Entry.objects.get(kind="person.guided")
        assert (entry.facts["items"], entry.concerns_id) == (2, mother.id)
        assert Draft.objects.exists()
        assert not Dossier.objects.exists()


def test_who_serves_a_number_goes_on_to_take_in_a_dossier(world, clerk):
    officer, queue = world.desk.reception, queues.hall(world.desk)
    queues.sat_down(officer, queue, at=MORNING)
    ticket = queues.took(queue, at=MORNING)
    link = f'<a class="ds-link" data-color="accent" href="{START}">'
    hall.call_next(actor=officer, at=MORNING)
    assert link not in clerk.get(reverse("queue-desk:counter")).content.decode()
    hall.start(actor=officer, ticket_id=ticket.id, at=MORNING)
    assert link in clerk.get(reverse("queue-desk:counter")).content.decode()
