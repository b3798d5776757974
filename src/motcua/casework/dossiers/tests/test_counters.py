"""A counter takes in what another agency decides: both see it, each its part; it is counted once; paper is tracked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from motcua.casework.dossiers import counters, selectors
from motcua.casework.dossiers.counter_errors import NothingToSend, NotThisCounter, ReceivedBefore
from motcua.casework.dossiers.models import Dossier, Transport
from motcua.casework.dossiers.note_errors import TrackingWrong
from motcua.casework.dossiers.register import Asked, list_lines
from motcua.casework.dossiers.rules.boundaries import Counters, counters_of, takes_in
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.services import handling, intake, supplements
from motcua.casework.dossiers.services.control import list_moves
from motcua.casework.dossiers.services.returning import Returning
from motcua.casework.dossiers.services.supplements import Item, request_supplement
from motcua.casework.dossiers.services.transporting import Received, Sending, receive_papers, send_papers
from motcua.casework.dossiers.services.warnings_of_paper import warn_of_paper
from motcua.casework.dossiers.tests import factories
from motcua.casework.dossiers.tests.factories import CHECKS, MORNING, picture, submitted, target
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.notifications.models import Message

PATHS = st.sampled_from(["/H44/H44.1/", "/H44/H44.2/", "/H44/", "/H01/H01.1/"])


class TestWhere:
    @given(PATHS, PATHS)
    def test_wider_rules_let_more_counters_in(self, counter, competent):
        own, province, country = (takes_in(it, counter=counter, competent=competent) for it in Counters)
        assert own == (counter == competent)
        assert (own, province) <= (province, country)
        assert country
        assert province == (counter[:5] == competent[:5])

    def test_the_procedures_own_rule_goes_first(self):
        assert counters_of({}, {"where": "province"}) is Counters.PROVINCE
        assert counters_of({"any_counter": {"where": "own"}}, {"where": "province"}) is Counters.OWN
        with pytest.raises(ValueError, match="nowhere"):
            counters_of({"any_counter": {"where": "nowhere"}}, {})


def taken_elsewhere(world) -> Dossier:
    return factories.taken_elsewhere(world.desk, world.other_desk, world.mother)


def sent(world, dossier, *, at=MORNING, **by) -> Transport:
    sending = Sending(UUID(int=dossier.pk.int ^ 1), "papers", [dossier.pk], **by)
    send_papers(actor=world.other_desk.reception, sending=sending, at=at)
    return dossier.transports.get(received_at=None)


def finished(world) -> Dossier:
    dossier, desk = taken_elsewhere(world), world.desk
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=MORNING)
    draft = handling.draft_result(actor=desk.specialist, target=target(dossier), checks=CHECKS, at=MORNING)
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=MORNING)
    seen = draft.stored.sha256
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen, at=MORNING)
    dossier.refresh_from_db()
    return dossier


@pytest.mark.django_db
class TestTakingIn:
    def test_code_clock_and_register_are_those_of_the_agency_that_decides(self, world):
        here, there = world.desk.agency, world.other_desk.agency
        dossier = taken_elsewhere(world)
        assert (dossier.agency_id, dossier.counter_id, dossier.status) == (here.id, there.id, Status.ACCEPTED)
        assert dossier.code.startswith(f"{here.code}-")
        assert dossier.accepted_at == MORNING
        content = dossier.documents.get(kind="receipt").content
        assert there.place_name in content["desk"]
        assert content["competent"] == here.name
        day = MORNING.date()
        books = {
            desk.agency.path: list_lines(desk.reception, Asked(desk.agency.path, day, day))[0]
            for desk in (world.desk, world.other_desk)
        }
        assert [it.dossier for it in books[here.path]] == [dossier]
        assert books[there.path] == []

    def test_its_own_counter_takes_in_as_ever(self, world):
        submitted(world.desk, world.mother)
        assert counters.list_taken_in(world.desk.reception) == ([], "")

    def test_a_procedure_for_its_own_counters_only_is_refused_elsewhere(self, world, monkeypatch):
        monkeypatch.setattr(intake, "counters_of", lambda procedure, usual: Counters.OWN)
        with pytest.raises(NotThisCounter):
            taken_elsewhere(world)
        assert not Dossier.objects.exists()


@pytest.mark.django_db
class TestParts:
    def test_the_counter_sees_its_part_and_no_more(self, world):
        dossier, clerk = taken_elsewhere(world), world.other_desk.reception
        part = counters.open_part(clerk, dossier.pk, at=MORNING)
        assert [(it.sort, it.count) for it in part.handed_in] == [("copy", 2), ("original", 1)]
        assert {it.kind for it in part.documents} == {"receipt"}
        entry = Entry.objects.get(object_id=dossier.pk, kind="dossier.read")
        assert entry.facts["part"] == "counter"
        with pytest.raises(NotFound):
            selectors.get_dossier(clerk, dossier.pk)
        assert selectors.search_dossiers(clerk, dossier.code) == []

    def test_a_draft_of_the_result_is_not_for_the_counter(self, world):
        dossier = finished(world)
        clerk = world.other_desk.reception
        for document in dossier.documents.exclude(kind="receipt"):
            with pytest.raises(NotFound):
                counters.open_counter_document(clerk, dossier.pk, document.pk, at=MORNING)
        receipt = dossier.documents.get(kind="receipt")
        assert counters.open_counter_document(clerk, dossier.pk, receipt.pk, at=MORNING) == receipt

    @pytest.mark.parametrize("who", ["desk.reception", "other_desk.specialist", "auditor", "mother"])
    def test_nobody_else_has_the_counters_part(self, world, who):
        dossier, actor = taken_elsewhere(world), world
        for name in who.split("."):
            actor = getattr(actor, name)
        with pytest.raises(NotFound):
            counters.open_part(actor, dossier.pk, at=MORNING)
        assert counters.list_taken_in(actor) == ([], "")
        assert counters.count_taken_in(actor, since=MORNING) == 0

    def test_the_counter_has_a_figure_of_its_own(self, world):
        taken_elsewhere(world)
        submitted(world.other_desk, world.mother)
        assert counters.count_taken_in(world.other_desk.reception, since=MORNING) == 1
        assert counters.count_taken_in(world.other_desk.reception, since=MORNING + timedelta(days=1)) == 0

    def test_pages_of_the_counter_show_neither_answers_nor_the_page_of_the_agency(self, world, browse):
        dossier = taken_elsewhere(world)
        browser = browse(world.other_desk.reception)
        listed = browser.get(reverse("desk:taken-in")).content.decode()
        assert dossier.code in listed
        page = browser.get(reverse("desk:counter-part", args=[dossier.pk])).content.decode()
        assert world.desk.agency.name in page
        assert dossier.answers["mother_name"] not in page.replace(dossier.owner_name, "")
        assert browser.get(reverse("desk:dossier", args=[dossier.pk])).status_code == 404
        own = browse(world.desk.reception).get(reverse("desk:dossier", args=[dossier.pk])).content.decode()
        assert world.other_desk.agency.name in own

    def test_taking_in_leads_to_the_receipt_that_is_printed_there(self, world, browse):
        draft = factories.begun_elsewhere(world.desk, world.other_desk, world.mother)
        browser = browse(world.other_desk.reception)
        done = browser.post(reverse("desk:intake-check", args=[draft.pk]))
        dossier = Dossier.objects.get()
        assert done.url == reverse("desk:counter-taken", args=[dossier.pk])
        answer = browser.get(done.url)
        page = answer.content.decode()
        assert dossier.code in page and "data-print" in page and world.desk.agency.name in page
        assert dossier.answers["given_name"] not in page
        for url in (*answer.context["pictures"], answer.context["pdf_url"], answer.context["dossier_url"]):
            assert browser.get(url).status_code == 200
            assert browse(world.desk.reception).get(url).status_code == 404


@pytest.mark.django_db
class TestPaper:
    def test_it_is_sent_received_and_stands_on_form_05(self, world):
        dossier = taken_elsewhere(world)
        transport = sent(world, dossier, carrier="vnpost", tracking="EB123456785VN")
        assert transport.slip.content["receiving"] == world.desk.agency.name
        assert transport.slip.content["entries"][0]["papers"] == 3
        receive_papers(
            actor=world.desk.reception, transport_id=transport.pk, received=Received({0, 1}), at=MORNING
        )
        moves = {it.remark: it for it in list_moves(dossier)}
        assert moves["Chuyển hồ sơ giấy"].receiver == world.desk.agency.name
        assert moves["Nhận hồ sơ giấy"].giver == world.other_desk.agency.name

    def test_what_is_missing_is_noted_and_can_be_sent_again(self, world):
        dossier = taken_elsewhere(world)
        first = sent(world, dossier)
        with pytest.raises(NothingToSend):
            sending = Sending(UUID(int=9), "papers", [dossier.pk])
            send_papers(actor=world.other_desk.reception, sending=sending, at=MORNING)
        received = Received({0}, "Phong bì rách")
        receive_papers(actor=world.desk.reception, transport_id=first.pk, received=received, at=MORNING)
        first.refresh_from_db()
        assert [it["sort"] for it in first.missing] == ["original"]
        [row] = counters.list_taken_in(world.other_desk.reception)[0]
        assert row.to_send == first.missing
        later = Sending(UUID(int=10), "papers", [dossier.pk])
        send_papers(actor=world.other_desk.reception, sending=later, at=MORNING + timedelta(hours=1))
        assert dossier.transports.get(received_at=None).listed == first.missing

    def test_sent_twice_is_one_parcel_and_received_twice_is_told(self, world):
        dossier = taken_elsewhere(world)
        sending = Sending(UUID(int=9), "papers", [dossier.pk])
        by = {"actor": world.other_desk.reception, "sending": sending, "at": MORNING}
        assert send_papers(**by) == send_papers(**by)
        transport = dossier.transports.get()
        got = {"actor": world.desk.reception, "transport_id": transport.pk, "received": Received({0, 1})}
        receive_papers(**got, at=MORNING)
        with pytest.raises(ReceivedBefore):
            receive_papers(**got, at=MORNING)
        with pytest.raises(IntegrityError), transaction.atomic():
            Transport.objects.filter(pk=transport.pk).update(received_by=None)

    def test_only_the_counter_sends_and_only_the_agency_receives(self, world):
        dossier = taken_elsewhere(world)
        for actor in (world.desk.reception, world.other_desk.specialist, world.mother, world.auditor):
            with pytest.raises(NothingToSend):
                send_papers(actor=actor, sending=Sending(UUID(int=9), "papers", [dossier.pk]), at=MORNING)
        transport = sent(world, dossier)
        got = {"transport_id": transport.pk, "received": Received({0, 1}), "at": MORNING}
        with pytest.raises(Refused):
            receive_papers(actor=world.other_desk.reception, **got)
        for actor in (world.other_desk.leader, world.auditor, world.mother):
            with pytest.raises(NotFound):
                receive_papers(actor=actor, **got)

    def test_a_wrong_number_sends_nothing(self, world):
        dossier = taken_elsewhere(world)
        with pytest.raises(TrackingWrong):
            sent(world, dossier, carrier="vnpost", tracking="X")
        assert not Transport.objects.exists()

    def test_both_counters_are_warned_once_when_it_does_not_arrive(self, world):
        dossier = taken_elsewhere(world)
        transport = sent(world, dossier)
        assert warn_of_paper(at=transport.due_at - timedelta(minutes=1)) == 0
        late = transport.due_at + timedelta(minutes=1)
        assert (warn_of_paper(at=late), warn_of_paper(at=late)) == (1, 0)
        told = set(Message.objects.filter(purpose="paper_overdue").values_list("recipient_id", flat=True))
        assert {world.desk.reception.person_id, world.other_desk.reception.person_id} <= told
        assert Entry.objects.filter(object_id=dossier.pk, kind="dossier.papers_overdue").count() == 1

    def test_pages_send_and_receive(self, world, browse):
        dossier = taken_elsewhere(world)
        counter, agency = browse(world.other_desk.reception), browse(world.desk.reception)
        refused = counter.post(
            reverse("desk:taken-in"),
            {"parcel": "", "chosen": [str(dossier.pk)], "carrier": "vnpost", "tracking": "X"},
        )
        assert refused.status_code == 422
        assert "checked" in refused.content.decode()
        done = counter.post(reverse("desk:taken-in"), {"chosen": [str(dossier.pk)]}, follow=True)
        assert "is made" in done.content.decode()
        transport = dossier.transports.get()
        assert dossier.code in agency.get(reverse("desk:transports")).content.decode()
        page = reverse("desk:transport", args=[transport.pk])
        assert "Note what arrived" in agency.get(page).content.decode()
        assert "Note what arrived" not in counter.get(page).content.decode()
        assert agency.post(page, {"there": ["0"], "remark": "Rách"}, follow=True).status_code == 200
        assert "not complete" in counter.get(page).content.decode()
        assert browse(world.other_desk.specialist).get(page).status_code == 403


@pytest.mark.django_db
class TestThroughTheCounter:
    def test_a_supplement_is_asked_for_and_brought_there(self, world, browse):
        dossier = taken_elsewhere(world)
        handling.hand_over_dossier(actor=world.desk.reception, target=target(dossier), at=MORNING)
        request_supplement(
            actor=world.desk.specialist,
            target=target(dossier),
            items=[Item("Bản chính giấy chứng sinh", component="birth_evidence")],
            reason="Thiếu bản chính",
            at=MORNING,
        )
        clerk = world.other_desk.reception
        browser, page = browse(clerk), reverse("desk:counter-supplement", args=[dossier.pk])
        assert "Bản chính giấy chứng sinh" in browser.get(page).content.decode()
        dossier.refresh_from_db()
        browser.post(page, {"file-0": picture(), "revision": dossier.revision, "send": "1"})
        dossier.refresh_from_db()
        assert dossier.status == Status.IN_PROCESS
        entry = Entry.objects.get(object_id=dossier.pk, kind="dossier.supplemented")
        assert entry.person_id == clerk.person_id
        assert "birth_evidence" in dossier.components.values_list("code", flat=True)

    def test_no_other_officer_brings_it(self, world):
        dossier = submitted(world.desk, world.mother)
        for actor, error in ((world.desk.reception, Refused), (world.other_desk.reception, NotFound)):
            with pytest.raises(error):
                supplements.supplement(
                    actor=actor, dossier_id=dossier.pk, revision=dossier.revision, answers={}, at=MORNING
                )

    @pytest.mark.parametrize("who", ["desk", "other_desk"])
    def test_the_result_is_handed_out_at_either_counter(self, world, who):
        dossier = finished(world)
        clerk = getattr(world, who).reception
        returning = Returning("counter", receiver="Trần Thị Mẹ")
        handling.return_result(actor=clerk, target=target(dossier), at=MORNING, returning=returning)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.return_receiver) == (Status.RETURNED, "Trần Thị Mẹ")

    def test_there_is_nothing_to_hand_out_before_there_is_a_result(self, world, browse):
        dossier = taken_elsewhere(world)
        answer = browse(world.other_desk.reception).get(reverse("desk:counter-return", args=[dossier.pk]))
        assert answer.url == reverse("desk:counter-part", args=[dossier.pk])

    def test_a_third_agency_and_other_posts_do_not_hand_it_out(self, world):
        dossier = finished(world)
        for actor in (world.other_desk.specialist, world.auditor):
            with pytest.raises((NotFound, Refused)):
                handling.return_result(actor=actor, target=target(dossier), at=MORNING)
        own = submitted(world.desk, world.mother)
        with pytest.raises(NotFound):
            handling.return_result(actor=world.other_desk.reception, target=target(own), at=MORNING)

    def test_the_result_travels_back_and_is_handed_out_on_the_page(self, world, browse):
        dossier = finished(world)
        agency, counter = browse(world.desk.reception), browse(world.other_desk.reception)
        assert dossier.code in agency.get(reverse("desk:transports")).content.decode()
        agency.post(reverse("desk:transports"), {"chosen": [str(dossier.pk)]})
        transport = dossier.transports.get(kind="result")
        counter.post(reverse("desk:transport", args=[transport.pk]), {"there": ["0"]})
        page = reverse("desk:counter-return", args=[dossier.pk])
        stale = counter.post(page, {"receiver": "Trần Thị Mẹ", "revision": "1"})
        assert (stale.status_code, "Trần Thị Mẹ" in stale.content.decode()) == (422, True)
        counter.post(page, {"receiver": "Trần Thị Mẹ", "revision": dossier.revision})
        dossier.refresh_from_db()
        assert dossier.status == Status.RETURNED
        moves = [it.remark for it in list_moves(dossier)]
        assert moves[-1] == "Trả kết quả"
