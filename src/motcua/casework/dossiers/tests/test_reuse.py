"""Papers that the State has already are offered, used, seen by the officer, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.casework.dossiers.errors import NotOffered, PaperEnded
from motcua.casework.dossiers.figures import count_reuse_in_journal
from motcua.casework.dossiers.models import Component, DraftPaper
from motcua.casework.dossiers.selectors import count_reuse, list_draft_papers
from motcua.casework.dossiers.services import drafts, supplements
from motcua.casework.dossiers.services.reusing import list_reusable, relies_on_ended, use_again
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.services.supplements import Item
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    birth_answers,
    empty_draft,
    filled_in,
    picture,
    submitted,
    target,
)
from motcua.casework.warehouse.models import Document
from motcua.casework.warehouse.services import Ending, end_document
from motcua.casework.warehouse.tests.factories import given
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message
from motcua.registry.people.tests.factories import representative

pytestmark = pytest.mark.django_db
FIELD = "birth_evidence"
ENGLISH = {"accept-language": "en"}
KIND = "KQ.G15.000077"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def draft(world, monkeypatch):
    """Complete answers but for the paper; the procedure takes results of a kind for it."""
    # A published version never changes, so its content is kept in memory; here one is changed.
    monkeypatch.setattr("motcua.registry.catalogue.models._contents", {})
    made = empty_draft(world.mother)
    for component in made.version.definition["procedure"]["components"]:
        if component.get("field") == FIELD:
            component["accepts"] = [KIND]
    made.version.definition["procedure"]["components"].sort(key=lambda it: it["code"])
    type(made.version).objects.filter(pk=made.version.pk).update(definition=made.version.definition)
    drafts.save_answers(actor=world.mother, draft_id=made.id, answers=birth_answers(world.desk), at=MORNING)
    made.refresh_from_db()
    return made


@pytest.fixture
def document(world):
    return given(world.desk.agency, world.mother.person_id, 12, kind=KIND, name="Giấy xác nhận")


def offered(world, draft, actor=None):
    found = list_reusable(actor or world.mother, draft, [FIELD], at=MORNING + timedelta(hours=2))
    return [it.source for it in found[FIELD]]


def use(world, draft, source, actor=None):
    return use_again(
        actor=actor or world.mother, draft_id=draft.id, component=FIELD, source=source, at=MORNING
    )


def submit(world, draft):
    return submit_dossier(actor=world.mother, draft_id=draft.id, at=MORNING + timedelta(hours=2))


def test_a_document_of_an_accepted_kind_is_offered_and_used_on_the_page(world, browse, draft, document):
    given(world.desk.agency, world.mother.person_id, 13, kind="KQ.G15.000078")
    browser, url = browse(world.mother), reverse("dossiers:page", args=[draft.id, "papers"])
    page = browser.get(url, headers=ENGLISH).content.decode()
    assert "Giấy xác nhận 12/2026 of" in page and "13/2026" not in page
    answer = browser.post(url, {"use": f"{FIELD} document:{document.id}"})
    assert answer["Location"] == f"{url}#handed-in"
    page = browser.get(url, headers=ENGLISH).content.decode()
    assert "from your documents" in page and "12/2026 of" not in page
    paper = DraftPaper.objects.get(draft=draft)
    assert (paper.origin, paper.document_id, paper.file_id) == ("warehouse", document.id, document.file_id)
    # Undone, it is offered again.
    browser.post(reverse("dossiers:remove-paper", args=[draft.id, paper.id]), {"page": "papers"})
    assert "Giấy xác nhận 12/2026 of" in browser.get(url, headers=ENGLISH).content.decode()


@pytest.fixture
def asked(world, draft):
    """A dossier whose birth paper was asked for again; the procedure takes a kind of results for it."""
    paper = drafts.add_paper(
        actor=world.mother, draft_id=draft.id, component=FIELD, upload=picture(shade=3), at=MORNING
    )
    assert paper.origin == "uploaded"
    dossier = submit(world, draft)
    supplements.request_supplement(
        actor=world.desk.reception,
        target=target(dossier),
        items=[Item("Giấy chứng sinh rõ hơn", component=FIELD), Item("Giấy xác nhận")],
        reason="Ảnh mờ",
        at=MORNING + timedelta(hours=2),
    )
    return dossier


def test_what_was_asked_for_later_is_met_by_what_the_state_has(world, browse, asked, document):
    browser, url = browse(world.mother), reverse("dossiers:supplement", args=[asked.id])
    page = browser.get(url, headers=ENGLISH).content.decode()
    # The paper that was not good enough is not offered; nor is anything for what the form does not know.
    assert page.count('name="use"') == 1 and f'value="0 document:{document.id}"' in page
    page = browser.post(url, {"use": f"0 document:{document.id}"}, headers=ENGLISH).content.decode()
    assert 'name="use"' not in page and "from your documents" in page
    other = {"file-1": picture(shade=9), "revision": target(asked).revision, "send": "1"}
    assert browser.post(url, other).status_code == 302
    paper = Component.objects.get(dossier=asked, supplement__isnull=False, code=FIELD)
    assert (paper.origin, paper.document_id) == ("warehouse", document.id)
    entry = Entry.objects.get(object_id=asked.id, kind="dossier.supplemented")
    assert entry.facts["reused"] == [document.file.sha256] and len(entry.facts["papers"]) == 2


def test_a_supplement_with_what_has_ended_is_not_taken(world, asked, document):
    supplements.use_again(
        actor=world.mother, dossier_id=asked.id, item=0, source=f"document:{document.id}", at=MORNING
    )
    supplements.add_paper(
        actor=world.mother, dossier_id=asked.id, item=1, upload=picture(shade=9), at=MORNING
    )
    Document.objects.filter(pk=document.pk).update(valid_to=MORNING.date())
    with pytest.raises(PaperEnded, match="12/2026"):
        supplements.supplement(
            actor=world.mother,
            dossier_id=asked.id,
            revision=target(asked).revision,
            answers={},
            at=MORNING + timedelta(hours=3),
        )


def test_nothing_is_taken_for_a_supplement_that_was_not_offered(world, asked, document):
    source = f"document:{document.id}"
    for item, named in ((1, source), (7, source), (0, f"document:{asked.id}"), (0, "")):
        with pytest.raises(NotOffered):
            supplements.use_again(
                actor=world.mother, dossier_id=asked.id, item=item, source=named, at=MORNING
            )
    with pytest.raises(NotFound):
        supplements.use_again(actor=world.neighbour, dossier_id=asked.id, item=0, source=source, at=MORNING)


def test_the_dossier_says_where_the_paper_comes_from_and_the_officer_sees_its_verdict(
    world, browse, draft, document
):
    use(world, draft, f"document:{document.id}")
    dossier = submit(world, draft)
    paper = Component.objects.get(dossier=dossier)
    assert (paper.origin, paper.document_id, paper.is_reused) == ("warehouse", document.id, True)
    assert paper.digitisation == 3
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.submitted")
    assert entry.facts["reused"] == [document.file.sha256]
    browser, url = browse(world.desk.reception), reverse("desk:dossier", args=[dossier.id])
    page = browser.get(url, headers=ENGLISH).content.decode()
    assert "From the warehouse: No. 12/2026, in force" in page
    assert f"?code={document.verification_code}" in page
    end_document(actor=world.desk.leader, subject=document.subject, ending=Ending("Sai.", "QĐ 1"), at=MORNING)
    assert "revoked since" in browser.get(url, headers=ENGLISH).content.decode()


def test_a_paper_an_agency_digitised_is_no_result_of_a_dossier(world, draft, document):
    Document.objects.filter(pk=document.pk).update(origin="certified", issuer="UBND phường Thí Dụ")
    document.refresh_from_db()
    use(world, draft, f"document:{document.id}")
    dossier = submit(world, draft)
    document.refresh_from_db()
    assert (Component.objects.get(dossier=dossier).digitisation, document.digitisation) == (2, 2)
    assert Entry.objects.get(object_id=dossier.id, kind="dossier.submitted").facts["states"] == [2]


def test_officers_are_warned_where_a_dossier_relies_on_what_was_revoked(world, browse, draft, document):
    use(world, draft, f"document:{document.id}")
    dossier = submit(world, draft)
    document.refresh_from_db()
    assert document.digitisation == 3
    assert Entry.objects.get(object_id=dossier.id, kind="dossier.submitted").facts["states"] == [3]
    at = MORNING + timedelta(hours=2)
    follow_once()
    end_document(actor=world.desk.leader, subject=document.subject, ending=Ending("Sai.", "QĐ 1"), at=at)
    follow_once()
    told = set(Message.objects.filter(purpose="paper_ended").values_list("recipient_id", flat=True))
    assert world.desk.reception.person_id in told and world.other_desk.reception.person_id not in told
    url = reverse("desk:dossier", args=[dossier.id])
    page = browse(world.desk.reception).get(url, headers=ENGLISH).content.decode()
    assert "A paper used again does not count any more" in page
    assert relies_on_ended(dossier, on=at.date())


def test_the_owner_sees_at_the_document_who_read_it_in_the_dossier(world, browse, draft, document):
    use(world, draft, f"document:{document.id}")
    dossier = submit(world, draft)
    paper = Component.objects.get(dossier=dossier)
    assert (
        browse(world.desk.reception).get(reverse("desk:paper", args=[dossier.id, paper.id])).status_code
        == 200
    )
    entry = Entry.objects.get(object_id=dossier.id, kind="dossier.file_read")
    assert entry.facts["document"] == str(document.id)
    url = reverse("documents:document", args=[document.id])
    page = browse(world.mother).get(url, headers=ENGLISH).content.decode()
    assert "Opened it in a dossier that it was used in" in page


def test_a_paper_of_an_earlier_dossier_is_offered_once_and_used(world, browse, draft):
    earlier = [submitted(world.desk, world.mother) for _ in range(2)]
    sources = offered(world, draft)
    newest = Component.objects.get(dossier=earlier[1])
    assert len(sources) == 1 and sources[0].startswith("paper:")
    paper = use(world, draft, sources[0])
    assert paper.origin == "earlier_dossier"
    dossier = submit(world, draft)
    made = Component.objects.get(dossier=dossier)
    assert made.origin == "earlier_dossier" and made.file.sha256 == newest.file.sha256
    page = browse(world.desk.reception).get(reverse("desk:dossier", args=[dossier.id]), headers=ENGLISH)
    assert "Handed in before, with the dossier T-" in page.content.decode()


def test_nothing_of_anybody_else_is_offered_or_taken(world, draft):
    anothers = given(world.desk.agency, world.neighbour.person_id, 5, kind=KIND)
    theirs = Component.objects.get(dossier=submitted(world.desk, world.neighbour))
    head = representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")
    offices = given(world.desk.agency, head.behalf.organisation_id, 6, kind=KIND)
    assert offered(world, draft) == []
    for source in (
        f"document:{anothers.id}",
        f"document:{offices.id}",
        f"paper:{theirs.id}",
        "document:x",
        "",
        "paper:",
    ):
        with pytest.raises(NotOffered):
            use(world, draft, source)


def test_what_is_not_in_force_or_of_another_kind_is_not_taken(world, draft, document):
    other = given(world.desk.agency, world.mother.person_id, 14)
    expired = given(world.desk.agency, world.mother.person_id, 15, kind=KIND, valid_to=MORNING.date())
    undelivered = given(world.desk.agency, world.mother.person_id, 16, kind=KIND)
    Document.objects.filter(pk=undelivered.pk).update(delivered_at=None)
    test = given(world.desk.agency, world.mother.person_id, 17, kind=KIND, is_test=True)
    assert offered(world, draft) == [f"document:{document.id}"]
    for it in (other, expired, undelivered, test):
        with pytest.raises(NotOffered):
            use(world, draft, f"document:{it.id}")


def test_using_twice_is_once(world, draft, document):
    assert use(world, draft, f"document:{document.id}") == use(world, draft, f"document:{document.id}")


def test_a_document_revoked_before_submission_is_named_and_the_rest_is_kept(world, browse, draft, document):
    use(world, draft, f"document:{document.id}")
    end_document(actor=world.desk.leader, subject=document.subject, ending=Ending("Sai.", "QĐ 1"), at=MORNING)
    with pytest.raises(PaperEnded):
        submit(world, draft)
    browser = browse(world.mother)
    check = reverse("dossiers:check", args=[draft.id])
    answer = browser.post(reverse("dossiers:submit", args=[draft.id]), {"declared": "1"})
    assert answer["Location"] == check
    page = browser.get(check, headers=ENGLISH).content.decode()
    assert "Giấy xác nhận 12/2026 does not count any more" in page
    assert "Submit application" not in page
    url = reverse("dossiers:page", args=[draft.id, "papers"])
    assert "Does not count any more" in browser.get(url, headers=ENGLISH).content.decode()
    drafts.remove_paper(actor=world.mother, draft_id=draft.id, paper_id=list_draft_papers(draft)[0].id)
    drafts.add_paper(
        actor=world.mother, draft_id=draft.id, component=FIELD, upload=picture(shade=9), at=MORNING
    )
    assert Component.objects.get(dossier=submit(world, draft)).origin == "uploaded"


def test_what_was_typed_on_the_page_stays_when_a_document_is_used(world, browse, draft, document):
    url = reverse("dossiers:page", args=[draft.id, "birth"])
    answer = browse(world.mother).post(url, {"use": "birth_place document:x", "birth_place": "Trạm y tế"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.answers["birth_place"] == "Trạm y tế"


def test_dossiers_that_used_a_paper_again_are_counted_over_those_with_papers(world, draft, document, browse):
    use(world, draft, f"document:{document.id}")
    submit(world, draft)
    submitted(world.desk, world.mother)
    found = count_reuse(since=MORNING)
    assert (found.reused, found.total) == (1, 2)
    assert count_reuse_in_journal(since=MORNING) == found
    page = browse(None).get(reverse("portal:figures"), headers=ENGLISH).content.decode()
    assert "Too few dossiers with papers" in page


def test_the_database_keeps_origin_and_document_together(world):
    paper = filled_in(world.desk, world.mother).papers.get()
    for changes in ({"origin": "warehouse"}, {"origin": "elsewhere"}):
        with pytest.raises(IntegrityError, match="origin_fits"), transaction.atomic():
            DraftPaper.objects.filter(pk=paper.pk).update(**changes)
