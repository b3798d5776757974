"""A confirmed paper is put into its owner's documents, found there, and used in the next application."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.models import Component
from motcua.casework.dossiers.services.keeping import Keeping, keep_paper
from motcua.casework.dossiers.services.reusing import find_papers, use_again
from motcua.casework.dossiers.tests.factories import MORNING, accepted, empty_draft, submitted
from motcua.casework.warehouse.errors import BadKind, BadPaper, KeptBefore
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.services import follow_once
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
AT = MORNING + timedelta(hours=1)
KIND = "KQ.G15.000032"
SAYS = Keeping(kind=KIND, number="12/2019", issuer="UBND xã Hy Cương", issued_on=MORNING.date())
SENT = {
    "kind": KIND,
    "number": "12/2019",
    "issuer": "UBND xã Hy Cương",
    "issued_on_day": "1",
    "issued_on_month": "2",
    "issued_on_year": "2019",
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def paper(world):
    return Component.objects.get(dossier=accepted(world.desk, world.mother))


def keep(world, paper, actor=None, **changes):
    said = {name: getattr(SAYS, name) for name in SAYS.__dataclass_fields__} | changes
    return keep_paper(
        actor=actor or world.desk.reception,
        dossier_id=paper.dossier_id,
        paper_id=paper.pk,
        keeping=Keeping(**said),
        at=AT,
    )


def test_the_desk_puts_a_paper_into_the_owners_documents_who_finds_it_and_is_told(world, browse, paper):
    follow_once()
    desk, url = browse(world.desk.reception), reverse("desk:keep", args=[paper.dossier_id, paper.pk])
    page = desk.get(reverse("desk:dossier", args=[paper.dossier_id]), headers=ENGLISH).content.decode()
    assert url in page
    wrong = desk.post(url, SENT | {"kind": "KQ.31"}, headers=ENGLISH)
    assert wrong.status_code == 422 and "KQ.31 is no kind of result" in wrong.content.decode()
    assert "UBND xã Hy Cương" in wrong.content.decode()
    assert desk.post(url, SENT | {"certified": "on"}).status_code == 302
    document = Document.objects.get(kind=KIND)
    assert (document.origin, document.digitisation, document.signature) == ("certified", 1, "unsigned")
    assert (document.owner_id, document.file_id) == (world.mother.person_id, paper.file_id)
    entry = Entry.objects.get(kind="document.kept")
    assert entry.concerns_id == world.mother.person_id
    assert entry.facts["dossier"] == str(paper.dossier_id)
    mother = browse(world.mother)
    shelf = reverse("documents:list")
    for query, found in (
        ({}, True),
        ({"q": "hy cuong"}, True),
        ({"origin": "certified"}, True),
        ({"origin": "issued"}, False),
        ({"state": "over"}, False),
    ):
        page = mother.get(shelf, query, headers=ENGLISH).content.decode()
        assert ("12/2019" in page) is found, query
    page = mother.get(reverse("documents:document", args=[document.id]), headers=ENGLISH).content.decode()
    assert "certified as agreeing with the original" in page and "Not signed digitally" in page
    follow_once()
    assert Message.objects.filter(purpose="document_kept", recipient_id=world.mother.person_id).exists()
    page = browse(None).get(f"/verify/?code={document.verification_code}", headers=ENGLISH).content.decode()
    assert "A paper that an agency digitised" in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "KQ.G99.123456"}, BadKind),
        ({"kind": "KQ.1"}, BadKind),
        ({"number": " "}, BadPaper),
        ({"issuer": ""}, BadPaper),
        ({"issued_on": MORNING.date() + timedelta(days=2)}, BadPaper),
        ({"valid_to": MORNING.date()}, BadPaper),
    ],
)
def test_what_the_paper_cannot_be_is_refused_with_the_reason(world, paper, changes, error):
    with pytest.raises(error) as refused:
        keep(world, paper, **changes)
    assert str(refused.value)


def test_the_same_paper_is_put_there_once_and_by_those_who_may(world, paper):
    for actor in (world.desk.leader, world.other_desk.reception, world.mother, world.auditor):
        with pytest.raises(NotFound):
            keep(world, paper, actor)
    assert keep(world, paper, world.desk.specialist).owner_id == world.mother.person_id
    with pytest.raises(KeptBefore):
        keep(world, paper, number=" 12/2019 ")


def test_a_paper_that_was_not_accepted_is_not_put_there(world, browse):
    paper = Component.objects.get(dossier=submitted(world.desk, world.mother))
    url = reverse("desk:keep", args=[paper.dossier_id, paper.pk])
    desk = browse(world.desk.reception)
    assert desk.get(url).status_code == 409
    assert url not in desk.get(reverse("desk:dossier", args=[paper.dossier_id])).content.decode()


def test_the_next_application_asks_in_the_laws_order_and_its_state_is_two(world, paper, monkeypatch):
    document = keep(world, paper)
    monkeypatch.setattr("motcua.registry.catalogue.models._contents", {})
    draft = empty_draft(world.mother)
    for component in draft.version.definition["procedure"]["components"]:
        if component.get("field") == "birth_evidence":
            component["accepts"] = [KIND]
    found = find_papers(world.mother, draft, ["birth_evidence"], at=AT)["birth_evidence"]
    assert [(it.source.code, it.count) for it in found.looked] == [("warehouse", 1), ("earlier_dossier", 1)]
    # The earlier paper is the same content, so it is offered once, from the first place.
    assert [it.source for it in found.offers] == [f"document:{document.id}"]
    monkeypatch.setattr(
        "motcua.casework.dossiers.services.reusing.accepted_kinds",
        lambda version: {"birth_evidence": (KIND,)},
    )
    used = use_again(
        actor=world.mother,
        draft_id=draft.id,
        component="birth_evidence",
        source=f"document:{document.id}",
        at=AT,
    )
    # A digitised paper, not the result of a dossier.
    assert used.reuse_state == 2
