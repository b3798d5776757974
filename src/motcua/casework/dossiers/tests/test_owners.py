"""In whose name a dossier is, who sees it, and what papers and messages say."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from motcua.casework.dossiers.consumers import KINDS, handle
from motcua.casework.dossiers.errors import DraftMissing, NotInThisName
from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.selectors import get_dossier, list_drafts, list_own_dossiers, list_readers
from motcua.casework.dossiers.services import drafts, handling
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import (
    MORNING,
    empty_draft,
    picture,
    returned,
    submitted,
    target,
)
from motcua.casework.dossiers.tests.test_messages import Sealed
from motcua.casework.warehouse.models import Document
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.notifications.models import Message
from motcua.registry.access.contributions import ACTING_AS
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.people.models import Organisation
from motcua.registry.people.selectors import list_choices
from motcua.registry.people.services import Purpose, end_mandate, merge_people
from motcua.registry.people.tests.factories import acting_as, mandate, organisation_claim, representative

pytestmark = pytest.mark.django_db
CODE = "2.002641"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def head(world):
    """Who represents the cooperative, acting for it."""
    return representative(at=MORNING, personal_number="026088000001", full_name="Lê Văn Thí Dụ")


@pytest.fixture
def rival(world):
    """Who represents a company, acting for it."""
    claim = organisation_claim(1, "CÔNG TY TNHH MẪU")
    return representative(
        at=MORNING, organisation=claim, personal_number="025301000001", full_name="Phạm Thị Giả Định"
    )


def oneself(actor):
    return type(actor)(kind="citizen", account_id=actor.account_id, person_id=actor.person_id)


def answers(desk: Any) -> dict[str, Any]:
    path = settings.PACKS / "vn" / "procedures" / CODE / "example.json"
    given = json.loads(path.read_text(encoding="utf-8"))["answers"]
    del given["notice"]
    return given | {"registration_commune": desk.agency.place_code}


def notice_of(actor, desk):
    """A notice of the cooperative, submitted."""
    draft = drafts.start_draft(actor=actor, version=get_version(CODE, at=MORNING.date()), at=MORNING)
    drafts.add_paper(actor=actor, draft_id=draft.id, component="notice", upload=picture(), at=MORNING)
    drafts.save_answers(actor=actor, draft_id=draft.id, answers=answers(desk), at=MORNING)
    return submit_dossier(actor=actor, draft_id=draft.id, at=MORNING)


def sees(actor, dossier):
    try:
        get_dossier(actor, dossier.id)
    except NotFound:
        return False
    return True


def test_a_representatives_dossier_is_the_organisations(world, head):
    dossier = notice_of(head, world.desk)
    assert (dossier.applicant_id, dossier.owner_person_id) == (head.person_id, None)
    assert dossier.owner_organisation_id == head.behalf.organisation_id
    assert dossier.owner_name == "HỢP TÁC XÃ NÔNG NGHIỆP MẪU"
    entry = Entry.objects.get(kind="dossier.submitted", object_id=dossier.id)
    assert (entry.mandate_id, entry.concerns_id) == (head.mandate_id, dossier.owner_organisation_id)
    assert entry.facts["owner"] == str(dossier.owner_organisation_id)


def test_it_is_seen_by_who_acts_for_the_organisation_and_by_nobody_else(world, head, rival):
    dossier = notice_of(head, world.desk)
    assert sees(head, dossier)
    for other in (oneself(head), rival, oneself(rival), world.mother, world.other_desk.reception):
        assert not sees(other, dossier)
    assert sees(world.desk.reception, dossier)
    assert list_own_dossiers(oneself(head)) == []


def test_another_representative_of_the_organisation_sees_it_too(world, head):
    dossier = notice_of(head, world.desk)
    second = representative(at=MORNING, personal_number="026094000001", full_name="Trần Văn Mẫu")
    assert sees(second, dossier)


def test_a_draft_in_the_organisations_name_is_not_there_when_acting_for_oneself(world, head):
    draft = drafts.start_draft(actor=head, version=get_version(CODE, at=MORNING.date()), at=MORNING)
    assert list_drafts(head) == [draft]
    assert list_drafts(oneself(head)) == []
    with pytest.raises(DraftMissing):
        drafts.discard_draft(actor=oneself(head), draft_id=draft.id)


def test_only_in_names_the_procedure_allows(world, head, rival):
    with pytest.raises(NotInThisName):
        empty_draft(head)
    version = get_version(CODE, at=MORNING.date())
    for actor in (rival, world.mother):
        with pytest.raises(NotInThisName):
            drafts.start_draft(actor=actor, version=version, at=MORNING)


def test_a_mandate_lets_see_and_apply_and_each_reading_is_shown_to_the_principal(world):
    own = submitted(world.desk, world.mother)
    agent = acting_as(world.neighbour, mandate(world.mother, world.neighbour, at=MORNING))
    assert sees(agent, own)
    made = submitted(world.desk, agent)
    assert (made.applicant_id, made.owner_person_id) == (world.neighbour.person_id, world.mother.person_id)
    assert sees(world.mother, made)
    assert not sees(world.neighbour, made)


def test_who_may_only_apply_sees_what_they_submitted(world):
    own = submitted(world.desk, world.mother)
    given = mandate(world.mother, world.neighbour, at=MORNING, powers=frozenset({"apply"}))
    agent = acting_as(world.neighbour, given)
    assert not sees(agent, own)
    assert sees(agent, submitted(world.desk, agent))


def test_who_may_only_see_does_not_apply(world):
    given = mandate(world.mother, world.neighbour, at=MORNING, powers=frozenset({"see"}))
    with pytest.raises(NotInThisName):
        empty_draft(acting_as(world.neighbour, given))


def test_a_mandate_for_one_dossier_shows_just_that(world):
    first, second = submitted(world.desk, world.mother), submitted(world.desk, world.mother)
    given = mandate(
        world.mother,
        world.neighbour,
        at=MORNING,
        purpose=Purpose(dossier_id=first.id),
        powers=frozenset({"see", "apply"}),
    )
    agent = acting_as(world.neighbour, given)
    assert (sees(agent, first), sees(agent, second)) == (True, False)
    with pytest.raises(NotInThisName):
        empty_draft(agent)


def test_a_mandate_for_one_procedure_shows_just_that(world, head):
    dossier = notice_of(head, world.desk)
    other = mandate(head, world.neighbour, at=MORNING, purpose=Purpose("1.001193"))
    this = mandate(head, world.mother, at=MORNING, purpose=Purpose(CODE))
    assert not sees(acting_as(world.neighbour, other), dossier)
    assert sees(acting_as(world.mother, this), dossier)


def test_the_result_is_for_who_may_receive_it(world, browse):
    dossier = returned(world.desk, world.mother)
    result = dossier.documents.get(kind="result")
    url = reverse("dossiers:document", args=[dossier.id, result.id])
    for powers, status in (({"see"}, 404), ({"see", "receive"}, 200)):
        given = mandate(world.mother, world.neighbour, at=MORNING, powers=frozenset(powers))
        browser = browse(world.neighbour)
        choose(browser, f"mandate:{given.id}")
        assert browser.get(url).status_code == status
        end_mandate(actor=world.mother, mandate_id=given.id, reason="Thử lại.", at=MORNING)


def test_the_principal_sees_that_the_agent_looked(world, browse):
    dossier = submitted(world.desk, world.mother)
    given = mandate(world.mother, world.neighbour, at=MORNING)
    browser = browse(world.neighbour)
    choose(browser, f"mandate:{given.id}")
    assert browser.get(reverse("dossiers:dossier", args=[dossier.id])).status_code == 200
    (looked,) = list_readers(dossier)
    assert (looked.entry.kind, looked.entry.mandate_id) == ("dossier.read", given.id)
    page = browse(world.mother).get(reverse("dossiers:dossier", args=[dossier.id])).content.decode()
    assert "The authorised person" in page


def choose(browser, key):
    return browser.post(reverse("portal:acting"), {"key": key})


def test_every_page_says_for_whom_one_acts_and_leads_back(world, head, browse):
    browser = browse(head)
    (choice,) = list_choices(oneself(head), at=MORNING)
    assert choose(browser, choice.key).url == reverse("dossiers:list")
    for name in ("portal:home", "dossiers:list", "people:wrong-data"):
        assert "You act for <strong>HỢP TÁC XÃ NÔNG NGHIỆP MẪU" in browser.get(reverse(name)).content.decode()
    choose(browser, "")
    assert "You act for <strong>" not in browser.get(reverse("portal:home")).content.decode()


def test_what_one_may_not_choose_is_not_kept(world, head, browse):
    browser = browse(world.mother)
    assert choose(browser, f"office:{head.mandate_id}").url == reverse("portal:acting")
    assert ACTING_AS not in browser.session


def test_an_ended_mandate_leads_back_to_oneself_with_a_message_and_does_nothing_in_the_wrong_name(
    world, browse
):
    given = mandate(world.mother, world.neighbour, at=MORNING)
    browser = browse(world.neighbour)
    choose(browser, f"mandate:{given.id}")
    end_mandate(actor=world.mother, mandate_id=given.id, reason="Thôi.", at=MORNING)
    start = reverse("dossiers:start", args=["1.001193"])
    assert browser.post(start, headers={"referer": f"http://testserver{start}"}).url == start
    assert not Draft.objects.filter(applicant=world.neighbour.person_id).exists()
    page = browser.get(start).content.decode()
    assert "You cannot act for the other any more" in page
    assert ACTING_AS not in browser.session


def test_the_way_to_a_result_names_organisation_and_authorised_person(world, head):
    dossier = notice_of(head, world.desk)
    desk = world.desk
    handling.accept_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    receipt = dossier.documents.get(kind="receipt").content
    assert (receipt["applicant"]["name"], receipt["applicant"]["id_number"]) == (
        "HỢP TÁC XÃ NÔNG NGHIỆP MẪU",
        "9900000023",
    )
    assert receipt["mandatary"]["name"] == "Lê Văn Thí Dụ"
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    handling.draft_result(actor=desk.specialist, target=target(dossier), checks=("0", "1"), at=MORNING)
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=MORNING)
    digest = find_draft(dossier).stored.sha256
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=digest, at=MORNING)
    handling.return_result(actor=desk.reception, target=target(dossier), at=MORNING)
    issued = Document.objects.get(subject=dossier.id)
    assert (issued.owner_id, issued.kind) == (head.behalf.organisation_id, "KQ.G12.001000")


def test_the_officers_screens_show_both_and_search_finds_the_organisation(world, head, browse):
    dossier = notice_of(head, world.desk)
    browser = browse(world.desk.reception)
    page = browser.get(reverse("desk:dossier", args=[dossier.id])).content.decode()
    assert "HỢP TÁC XÃ NÔNG NGHIỆP MẪU" in page
    assert "authorised person: Lê Văn Thí Dụ" in page
    for words in ("hop tac xa nong nghiep", "9900000023", "le van thi du"):
        assert (
            str(dossier.id)
            in browser.post(reverse("console:search"), {"q": words}, follow=True).content.decode()
        )


def test_both_the_person_and_the_organisation_are_told(world, head, settings):
    settings.EMAIL_READY = True
    Organisation.objects.update(email="htx@example.org")
    dossier = notice_of(head, world.desk)
    for entry in Entry.objects.filter(object_id=dossier.id, kind__in=KINDS):
        with transaction.atomic():
            handle(Sealed(entry.sequence, entry))
    told = set(Message.objects.filter(channel="email").values_list("recipient_id", "address"))
    assert told == {(head.person_id, "nhung@example.org"), (dossier.owner_organisation_id, "htx@example.org")}


def test_the_database_keeps_no_dossier_without_an_owner_or_with_two(world, head):
    dossier = submitted(world.desk, world.mother)
    for changes in ({"owner_person": None}, {"owner_organisation": head.behalf.organisation_id}):
        with pytest.raises(IntegrityError, match="has_one_owner"), transaction.atomic():
            Dossier.objects.filter(pk=dossier.pk).update(**changes)


def test_dossiers_and_documents_of_a_merged_entry_are_the_kept_ones(world):
    from motcua.registry.people.models import Person

    dossier = returned(world.desk, world.mother)
    kept = Person.objects.get(pk=world.mother.person_id)
    twin = Person.objects.create(
        kind="foreigner",
        full_name=kept.full_name,
        search_name=kept.search_name,
        birth_date=kept.birth_date,
        sex="female",
        assurance_level=0,
        verified_at=MORNING + timedelta(0),
    )
    Dossier.objects.filter(pk=dossier.pk).update(owner_person=twin, applicant=twin)
    Document.objects.filter(subject=dossier.pk).update(owner_id=twin.id)
    merge_people(
        actor=world.data_protection, kept_id=kept.id, gone_id=twin.id, reason="Cùng một người.", at=MORNING
    )
    assert sees(world.mother, dossier)
    assert Document.objects.get(subject=dossier.pk).owner_id == kept.id
    moved = Entry.objects.get(kind="person.merged").facts["moved"]
    assert (moved["dossiers"], moved["documents"]) == (2, 1)
