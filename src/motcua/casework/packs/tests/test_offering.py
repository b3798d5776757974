"""Applying for a procedure that was imported: who decides, by whose limit and fee, at the desk and over pages."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.forms import deciding_agency, form_of, procedure_of
from motcua.casework.dossiers.services import drafts
from motcua.casework.dossiers.services.handling import accept_dossier
from motcua.casework.dossiers.services.paying import fees_of
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import MORNING, empty_draft, picture, target
from motcua.casework.packs.captured import publish_captured
from motcua.casework.packs.tests.test_captured import ROW, captured
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.models import Offer, Procedure, PublicationDecision
from motcua.registry.catalogue.offers.decisions import (
    Decided,
    change_decision,
    count_on_time,
    enter_decision,
    list_decisions,
)
from motcua.registry.catalogue.offers.errors import (
    DecisionDates,
    NotOfferedHere,
    NotTheirProcedure,
    OfferMoved,
)
from motcua.registry.catalogue.offers.services import Offering, Period, Terms, end_offers, enter_offers
from motcua.registry.catalogue.rules.completeness import missing_parts
from motcua.registry.catalogue.selectors import find_version, get_version
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.selectors import find_superior

CODE, TODAY = ROW["code"], MORNING.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(world):
    """A procedure for communes, as the portal's file has it, that can be applied for here."""
    row = ROW | {"levels": ["commune"], "channels": ROW["channels"][:1]}
    publish_captured(actor=SYSTEM, codes=[captured(row)], at=MORNING)
    return SimpleNamespace(version=get_version(CODE, at=TODAY), desk=world.desk, mother=world.mother)


def offer(agency, *, since=date(2026, 3, 1), codes=(CODE,), **terms):
    offering = Offering(agency.pk, codes, Terms(**{"level": "full"} | terms), Period(since))
    report = enter_offers(actor=SYSTEM, offering=offering, at=MORNING)
    assert not report.refused, report.refused[0].problem
    return report.done[0]


def filled(imported, **answers):
    draft = empty_draft(imported.mother, code=CODE)
    asked = [it.name for it in form_of(imported.version).fields.values() if it.kind == "file" and it.required]
    for shade, name in enumerate(asked):
        drafts.add_paper(
            actor=imported.mother, draft_id=draft.id, component=name, upload=picture(shade=shade), at=MORNING
        )
    known = {"applicant_phone": "0912345678", "subject": "Xin thả diều", "result_by": "warehouse"}
    known |= {"registration_commune": imported.desk.agency.place_code} | answers
    return drafts.save_answers(actor=imported.mother, draft_id=draft.id, answers=known, at=MORNING)


def submitted(imported, **answers):
    return submit_dossier(actor=imported.mother, draft_id=filled(imported, **answers).id, at=MORNING)


def accepted(imported):
    dossier = submitted(imported)
    return accept_dossier(actor=imported.desk.reception, target=target(dossier), at=MORNING)


class TestTerms:
    def test_without_an_offer_the_published_limit_and_fee_hold(self, imported):
        dossier = accepted(imported)
        assert dossier.terms is None
        assert dossier.due_at == MORNING + timedelta(days=3)

    def test_the_limit_in_force_at_filing_counts_and_is_explained(self, imported):
        offer(imported.desk.agency, limit="1wd", decision="7/QĐ-UBND")
        dossier = accepted(imported)
        assert dossier.due_at == MORNING + timedelta(days=1)
        words = procedure_of(dossier)["limit"]["text"]["en"]
        assert "1 working day, shortened from the published 3 working days by decision 7/QĐ-UBND" in words

    def test_an_offer_that_comes_later_changes_no_dossier(self, imported):
        dossier = submitted(imported)
        offer(imported.desk.agency, limit="1wd", decision="7/QĐ-UBND")
        dossier = accept_dossier(actor=imported.desk.reception, target=target(dossier), at=MORNING)
        assert dossier.due_at == MORNING + timedelta(days=3)

    def test_the_provinces_fee_for_all_its_communes_is_asked(self, imported):
        province = find_superior(imported.desk.agency, "province", on=TODAY)
        fees = [{"amount_vnd": 8_000, "channel": "online"}, {"amount_vnd": 9_000, "channel": "counter"}]
        offer(province, scope="communes", fees=fees, decision="5/NQ-HĐND")
        assert [it.amount_vnd for it in fees_of(submitted(imported))] == [8_000]

    def test_a_fee_of_a_former_territory_holds_where_all_of_the_commune_lay_in_it(self, imported):
        agency = imported.desk.agency
        offer(
            agency,
            fees=[{"amount_vnd": 1_000, "territory": "99"}, {"amount_vnd": 2_000}],
            decision="5/NQ-HĐND",
        )
        assert [it.amount_vnd for it in fees_of(submitted(imported))] == [2_000]


class TestRefusals:
    def test_what_is_offered_no_more_cannot_be_filed_there(self, imported, browse):
        made = offer(imported.desk.agency)
        end_offers(actor=SYSTEM, offers={made.pk: None}, on=TODAY, at=MORNING)
        draft = filled(imported)
        with pytest.raises(NotOfferedHere):
            submit_dossier(actor=imported.mother, draft_id=draft.id, at=MORNING)
        with time_machine.travel(MORNING, tick=False):
            page = browse(imported.mother).get(
                reverse("dossiers:check", args=[draft.id]), headers={"accept-language": "en"}
            )
        assert "does not offer this procedure at present" in page.content.decode()

    def test_another_provinces_own_procedure_cannot_be_filed_here(self, imported):
        Procedure.objects.filter(pk=CODE).update(publisher="H99")
        with pytest.raises(NotTheirProcedure):
            submitted(imported)

    def test_what_others_handle_cannot_be_begun_here(self, world, browse):
        row = ROW | {"agency": "Chi cục Hải quan khu vực", "levels": ["commune"]}
        publish_captured(actor=SYSTEM, codes=[captured(row)], at=MORNING)
        browser = browse(world.mother)
        with time_machine.travel(MORNING, tick=False):
            assert browser.post(reverse("dossiers:start", args=[CODE])).status_code == 422
            page = browser.get(reverse("catalogue:procedure", args=[CODE])).content.decode()
        assert ROW["url"] in page and reverse("dossiers:start", args=[CODE]) not in page


class TestProvince:
    def test_a_department_decides_by_its_ministry_and_the_province_else(self, imported):
        desk = imported.desk.agency
        province = find_superior(desk, "province", on=TODAY)
        answers = {"registration_commune": desk.place_code}
        procedure = {"decided": {"levels": ["province"], "ministry": "bo-xay-dung"}}
        assert deciding_agency(answers, on=TODAY, procedure=procedure).code == "H44.SXD"
        procedure["decided"]["ministry"] = "bo-cong-an"
        assert deciding_agency(answers, on=TODAY, procedure=procedure) == province
        procedure["decided"]["levels"] = ["commune", "province"]
        assert deciding_agency(answers | {"decided_at": "commune"}, on=TODAY, procedure=procedure) == desk

    def test_the_provinces_desk_receives_for_its_departments(self, world):
        row = ROW | {"levels": ["province"], "ministry": "bo-xay-dung", "channels": ROW["channels"][:1]}
        publish_captured(actor=SYSTEM, codes=[captured(row)], at=MORNING)
        department = Agency.objects.get(code="H44.SXD")
        province = Agency.objects.get(path="/H44/")
        Unit.objects.create(
            agency=province, code="one_stop_desk", name="Trung tâm Phục vụ hành chính công tỉnh", symbol="TTPVHCC",
            valid_from=department.valid_from,
        )  # fmt: skip
        made = SimpleNamespace(version=find_version(CODE, at=TODAY), desk=world.desk, mother=world.mother)
        dossier = submitted(made)
        assert dossier.agency == department
        clerk = world.desk.reception
        from dataclasses import replace

        clerk = replace(clerk, grants=(("reception", "/H44/"),))
        dossier = accept_dossier(actor=clerk, target=target(dossier), at=MORNING)
        assert dossier.code.startswith("H44.SXD-") and dossier.due_at


class TestPages:
    def post(self, browser, name, agency, **sent):
        return browser.post(reverse(name, args=[agency.pk]), sent)

    def test_an_offer_is_shown_before_it_is_made_and_then_stands_on_the_public_page(
        self, imported, world, browse
    ):
        agency = imported.desk.agency
        sent = {
            "chosen": CODE,
            "level": "partial",
            "reason": "field",
            "reason_words": "Kiểm tra bãi thả diều",
        }
        sent |= {
            "valid_from_day": "1",
            "valid_from_month": "3",
            "valid_from_year": "2026",
            "limit": "2wd",
            "decision": "7/QĐ",
        }
        sent |= {"contact": "Quầy 3, 0210 000 0001", "fees": "8.000; online; ; ; 5/NQ-HĐND"}
        with time_machine.travel(MORNING, tick=False):
            browser = browse(world.catalogue)
            assert CODE in browser.get(reverse("offers:list", args=[agency.pk]), {"q": CODE}).content.decode()
            assert self.post(browser, "offers:offer", agency, chosen=CODE).status_code == 200
            self.post(browser, "offers:offer", agency, **sent, send="1")
            assert not Offer.objects.filter(procedure=CODE).exists()
            self.post(browser, "offers:offer", agency, **sent, confirm="1")
            page = browse(world.mother).get(
                reverse("catalogue:procedure", args=[CODE]),
                {"commune": agency.place_code},
                headers={"accept-language": "vi"},
            )
        made = Offer.objects.get(procedure=CODE)
        assert (made.level, made.limit, made.fees[0]["amount_vnd"]) == ("partial", "2wd", 8_000)
        assert "Kiểm tra bãi thả diều" in page.content.decode() and "Quầy 3" in page.content.decode()

    def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(self, imported, world, browse):
        sent = {"chosen": CODE, "level": "full", "limit": "9wd", "contact": "Quầy 7", "send": "1"}
        sent |= {"valid_from_day": "1", "valid_from_month": "3", "valid_from_year": "2026"}
        with time_machine.travel(MORNING, tick=False):
            page = self.post(browse(world.catalogue), "offers:offer", imported.desk.agency, **sent)
        assert page.status_code == 422 and "Quầy 7" in page.content.decode()

    def test_ending_asks_first(self, imported, world, browse):
        made = offer(imported.desk.agency)
        sent = {"chosen": CODE, "on_day": "11", "on_month": "3", "on_year": "2026", "reason": "Thôi"}
        with time_machine.travel(MORNING, tick=False):
            browser = browse(world.catalogue)
            for step in ("", "send", "confirm"):
                self.post(
                    browser, "offers:end", imported.desk.agency, **sent, **({step: "1"} if step else {})
                )
        made.refresh_from_db()
        assert made.valid_to == date(2026, 3, 11)


DECIDED = Decided(
    "12/QĐ-UBND", "UBND tỉnh", date(2026, 2, 1), date(2026, 2, 20), None, {"adds": [CODE, "1.001193"]}
)


class TestDecisions:
    def test_what_is_overdue_stands_on_top_and_counts_as_late(self, world):
        from dataclasses import replace

        agency = world.desk.agency
        public = replace(
            DECIDED, number="13/QĐ", published_on=date(2026, 2, 10), procedures={"changes": [CODE]}
        )
        for decided in (public, DECIDED):
            enter_decision(actor=world.catalogue, agency_id=agency.pk, decided=decided, at=MORNING)
        assert [it.number for it in list_decisions(world.catalogue, on=TODAY)][:2] == ["12/QĐ-UBND", "13/QĐ"]
        counted = count_on_time(agency.path, date(2026, 2, 1), date(2026, 3, 1))
        assert (counted.published, counted.due, counted.updated, counted.to_update) == (1, 3, 1, 1)

    def test_a_stale_page_is_refused_and_a_day_before_the_decision_too(self, world):
        from dataclasses import replace

        made = enter_decision(
            actor=world.catalogue, agency_id=world.desk.agency.pk, decided=DECIDED, at=MORNING
        )
        with pytest.raises(OfferMoved):
            change_decision(
                actor=world.catalogue, decision_id=made.pk, decided=DECIDED, revision=9, at=MORNING
            )
        early = replace(DECIDED, due_on=date(2026, 1, 1))
        with pytest.raises(DecisionDates):
            change_decision(actor=world.catalogue, decision_id=made.pk, decided=early, revision=1, at=MORNING)

    def test_its_pages_keep_what_was_typed(self, world, browse):
        sent = {
            "agency": "H44",
            "number": "15/QĐ-UBND",
            "issuer": "Chủ tịch UBND tỉnh",
            "adds": "1.001193, 1.004194",
        }
        for name, day in (("issued_on", 1), ("due_on", 20)):
            sent |= {f"{name}_day": str(day), f"{name}_month": "3", f"{name}_year": "2026"}
        with time_machine.travel(MORNING, tick=False):
            browser = browse(world.catalogue)
            page = browser.post(reverse("offers:decision-enter"), sent | {"adds": "abc"})
            assert page.status_code == 422 and "15/QĐ-UBND" in page.content.decode()
            browser.post(reverse("offers:decision-enter"), sent)
            made = PublicationDecision.objects.get(number="15/QĐ-UBND")
            assert browser.get(reverse("offers:decision", args=[made.pk])).status_code == 200
            assert "15/QĐ-UBND" in browser.get(reverse("offers:decisions")).content.decode()
        assert made.procedures.count() == 2

    def test_parts_that_are_not_public_are_named(self, imported):
        assert missing_parts(imported.version.definition) == ["steps"]
        assert "time" in missing_parts(None)
