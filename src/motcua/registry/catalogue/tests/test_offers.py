"""Which agency offers what, what it may say otherwise than published, and what a dossier makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.models import Offer, Procedure
from motcua.registry.catalogue.offers.errors import (
    DecisionMissing,
    EndsBeforeItBegins,
    LimitLonger,
    LimitNotComparable,
    LimitSame,
    NotAtThisLevel,
    NotTheirProcedure,
    OfferMoved,
    OfferOverlaps,
    ProactiveMissing,
    ReasonMissing,
)
from motcua.registry.catalogue.offers.selectors import Filter, list_offered, standing_of
from motcua.registry.catalogue.offers.services import (
    Offering,
    Period,
    Terms,
    check_limit,
    end_offers,
    enter_offers,
)
from motcua.registry.catalogue.rules.offers import (
    Against,
    compare_limits,
    decided_fees,
    shorter_of,
    with_decided,
)
from motcua.registry.catalogue.selectors import offer_of
from motcua.registry.catalogue.services import Listing, Publication, publish_version
from motcua.registry.organisations.models import Agency

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TODAY, TOMORROW, LATER = date(2026, 3, 10), date(2026, 3, 11), date(2026, 6, 1)
CODE, OTHER = "9.000201", "9.000202"
FULL = Terms("full")


class TestLimits:
    @pytest.mark.parametrize(
        ("own", "published", "against"),
        [
            ("2wd", "3wd", Against.SHORTER),
            ("3wd", "3wd", Against.SAME),
            ("4wd", "3wd", Against.LONGER),
            ("7d", "10wd", Against.SHORTER),
            ("5wd", "7d", Against.UNKNOWN),
            ("10wd", "7d", Against.LONGER),
            ("28d", "1m", Against.SHORTER),
            ("30d", "1m", Against.UNKNOWN),
            ("32d", "1m", Against.LONGER),
            ("sameday", "3wd", Against.SHORTER),
            ("4wh", "1wd", Against.SHORTER),
            ("4wh", "20d", Against.UNKNOWN),
        ],
    )
    def test_only_what_is_surely_shorter_counts_as_shorter(self, own, published, against):
        assert compare_limits(own, published) is against

    @pytest.mark.parametrize(
        ("own", "published", "problem"),
        [
            ("4wd", ["3wd"], LimitLonger),
            ("3wd", ["3wd"], LimitSame),
            ("5wd", ["7d"], LimitNotComparable),
            ("6wd", ["3wd", "5wd"], LimitLonger),
        ],
    )
    def test_a_limit_is_refused_with_the_reason(self, own, published, problem):
        with pytest.raises(problem):
            check_limit(own, published)

    def test_where_none_is_stated_or_one_case_gains_a_limit_is_taken(self):
        check_limit("30d", [])
        check_limit("4wd", ["3wd", "10wd"])

    def test_a_limit_that_the_law_has_overtaken_counts_no_more(self):
        assert (shorter_of("3wd", "5wd"), shorter_of("3wd", "2wd"), shorter_of("", "2wd")) == (
            "3wd",
            "2wd",
            "2wd",
        )


class TestFees:
    ROWS = (
        {"amount_vnd": 10_000, "territory": "", "until": ""},
        {"amount_vnd": 8_000, "territory": "26", "until": "2026-07-01"},
        {"amount_vnd": 5_000, "territory": "244", "until": ""},
    )

    def fees(self, former, on=TODAY):
        return [it["amount_vnd"] for it in decided_fees(self.ROWS, former, on=on)]

    def test_a_former_district_goes_before_its_province_and_that_before_all(self):
        assert self.fees([["244", "26"]]) == [5_000]
        assert self.fees([["245", "26"], ["244", "26"]]) == [8_000]
        assert self.fees([["150", "17"]]) == [10_000]

    def test_a_former_provinces_fee_ends_on_its_day(self):
        assert self.fees([["245", "26"]], on=date(2026, 7, 1)) == [10_000]

    def test_what_the_law_sets_itself_stays_beside_what_the_province_decides(self):
        published = [
            {"name": "late", "set_by": "province", "text": "by resolution", "exemptions": "poor"},
            {"name": "extract", "amount_vnd": 8_000, "per": "copies"},
        ]
        decided = [
            {"amount_vnd": 10_000, "decision": "NQ"},
            {"amount_vnd": 0, "decision": "NQ", "channel": "online"},
        ]
        late = {"name": "late", "exemptions": "poor", "kind": "charge", "source": "NQ"}
        assert with_decided(published, decided) == [
            late | {"amount_vnd": 10_000},
            late | {"amount_vnd": 0, "channels": ["online"]},
            published[1],
        ]

    def test_only_the_row_of_a_table_that_is_left_to_the_province_changes(self):
        free, left = {"amount_vnd": 0, "source": "law"}, {"set_by": "province", "text": "by resolution"}
        table = {"hit": "unique", "rows": [{"when": 1, "then": free}, {"when": 2, "then": left}]}
        kept, made = with_decided([{"name": "a", "table": table}], [{"amount_vnd": 10_000, "decision": "NQ"}])
        no = {"applies": False}
        assert [it["then"] for it in kept["table"]["rows"]] == [free, no]
        assert [it["then"] for it in made["table"]["rows"]] == [no, {"amount_vnd": 10_000, "source": "NQ"}]


@pytest.fixture
def place(db):
    """A province with two communes and a department; another province with a commune."""
    top, other = agency("Q01", "province"), agency("Q02", "province")
    return {
        "province": top,
        "commune": agency("Q01.11", "commune", top),
        "second": agency("Q01.12", "commune", top),
        "department": agency("Q01.SX", "department", top),
        "elsewhere": agency("Q02.11", "commune", other),
    }


def agency(code, level, above=None):
    path = f"{above.path if above else '/'}{code}/"
    return Agency.objects.create(
        code=code, name=code, parent=above, path=path, level=level, sort_key=code, valid_from=date(2025, 7, 1)
    )


@pytest.fixture(autouse=True)
def published(request):
    if "place" in request.fixturenames:
        publish(CODE, "10wd")
        publish(OTHER, "7d")


def publish(code, limit, **columns):
    procedure = {"limit": {"value": limit}, "fees": [{"name": {"vi": "Phí"}, "amount_vnd": 1}], "cases": []}
    listing = Listing(
        code=code, names={"vi": f"Thủ tục {code}"}, everyday=[], sector="x", level="commune", limit=limit, fee={},
        sector_names={"vi": "Lĩnh vực"}, is_online=True, levels=["commune"],
    )  # fmt: skip
    publish_version(
        actor=SYSTEM, publication=Publication(listing, TODAY, {"procedure": procedure}, code * 6, ""), at=AT
    )
    Procedure.objects.filter(pk=code).update(**columns)


def offer(agency, terms=FULL, codes=(CODE,), since=TODAY, until=None, actor=SYSTEM, **more):
    offering = Offering(agency.pk, codes, terms, Period(since, until), **more)
    return enter_offers(actor=actor, offering=offering, at=AT)


def keeper(path, right="catalogue"):
    return replace(SYSTEM, kind="officer", grants=((right, path),))


class TestOffering:
    def test_without_any_offer_what_is_published_is_offered_as_it_is(self, place):
        assert standing_of(place["commune"], CODE, on=TODAY).is_offered
        assert offer_of(place["commune"].pk, CODE, on=TODAY) is None

    def test_a_province_offers_for_all_its_communes_in_one_row(self, place):
        offer(place["province"], replace(FULL, scope="communes"))
        held = [
            offer_of(place[name].pk, CODE, on=TODAY)
            for name in ("commune", "second", "elsewhere", "department")
        ]
        assert held[0] == held[1] is not None and held[2:] == [None, None]
        assert Offer.objects.filter(procedure=CODE).count() == 1

    def test_a_communes_own_offer_goes_before_its_provinces(self, place):
        offer(place["province"], replace(FULL, scope="communes"))
        offer(place["commune"], Terms("partial", reason="presence"))
        assert offer_of(place["commune"].pk, CODE, on=TODAY).level == "partial"
        assert offer_of(place["second"].pk, CODE, on=TODAY).level == "full"

    def test_what_was_offered_and_has_ended_is_offered_no_more(self, place):
        made = offer(place["commune"]).done[0]
        end_offers(actor=SYSTEM, offers={made.pk: made.revision}, on=LATER, at=AT)
        found = [standing_of(place["commune"], CODE, on=day).is_offered for day in (TOMORROW, LATER)]
        assert found == [True, False]

    def test_a_change_ends_what_held_on_the_day_it_begins_and_keeps_the_past(self, place):
        offer(place["commune"])
        offer(place["commune"], Terms("partial", reason="field"), since=LATER)
        days = ((LATER - timedelta(days=1)), LATER)
        assert [standing_of(place["commune"], CODE, on=it).offer.level for it in days] == ["full", "partial"]

    def test_many_at_once_are_one_entry_and_a_report_of_what_was_refused(self, place):
        before = Entry.objects.filter(kind="offer.entered").count()
        report = offer(
            place["commune"], Terms("full", limit="5wd", decision="1/QĐ"), codes=(CODE, OTHER, "9.999999")
        )
        assert [it.procedure_id for it in report.done] == [CODE]
        assert [it.problem.code for it in report.refused] == ["limit_not_comparable", "procedure_gone"]
        assert Entry.objects.filter(kind="offer.entered").count() == before + 1

    def test_a_list_shows_what_is_offered_and_filters_it(self, place):
        offer(place["commune"], Terms("partial", reason="field"))
        asked = Filter(words="thu tuc 9.0002")
        lines, following = list_offered(place["commune"], asked, on=TODAY, limit=1)
        assert [(it.procedure.code, it.offer.level, it.is_own) for it in lines] == [(CODE, "partial", True)]
        assert following == CODE
        rest, _ = list_offered(place["commune"], replace(asked, level="none"), on=TODAY)
        assert [it.procedure.code for it in rest] == [OTHER]


class TestRefusals:
    @pytest.mark.parametrize("grants", [(), (("catalogue", "/Q02/"),), (("leader", "/Q01/Q01.11/"),)])
    def test_who_has_no_right_there_is_told_nothing(self, place, grants):
        officer = replace(SYSTEM, kind="officer", grants=grants)
        with pytest.raises(NotFound):
            offer(place["commune"], actor=officer)
        made = offer(place["commune"]).done[0]
        with pytest.raises(NotFound):
            end_offers(actor=officer, offers={made.pk: None}, on=LATER, at=AT)

    def test_who_keeps_the_catalogue_there_may(self, place):
        assert offer(place["commune"], actor=keeper("/Q01/")).done

    @pytest.mark.parametrize(
        ("terms", "problem"),
        [
            (Terms("partial"), ReasonMissing),
            (Terms("proactive"), ProactiveMissing),
            (Terms("full", limit="2wd"), DecisionMissing),
            (Terms("full", fees=[{"amount_vnd": 5}]), DecisionMissing),
        ],
    )
    def test_refuses_what_does_not_fit_together(self, place, terms, problem):
        with pytest.raises(problem):
            offer(place["commune"], terms)

    def test_refuses_a_lengthened_limit(self, place):
        report = offer(place["commune"], Terms("full", limit="11wd", decision="1/QĐ"))
        assert isinstance(report.refused[0].problem, LimitLonger) and not report.done

    def test_refuses_a_provinces_own_procedure_elsewhere(self, place):
        publish("9.000203", "3wd", publisher="H98")
        agency("H98", "province")
        report = offer(place["commune"], codes=["9.000203"])
        assert isinstance(report.refused[0].problem, NotTheirProcedure)

    def test_a_ministrys_suffix_keeps_nobody_out(self, place):
        publish("9.000203", "3wd", publisher="G15")
        assert offer(place["commune"], codes=["9.000203"]).done

    def test_refuses_another_level_of_government(self, place):
        report = offer(place["department"])
        assert isinstance(report.refused[0].problem, NotAtThisLevel)

    def test_refuses_an_end_before_the_beginning(self, place):
        with pytest.raises(EndsBeforeItBegins):
            offer(place["commune"], until=TODAY)
        made = offer(place["commune"]).done[0]
        report = end_offers(actor=SYSTEM, offers={made.pk: None}, on=TODAY, at=AT)
        assert isinstance(report.refused[0].problem, EndsBeforeItBegins)

    def test_refuses_to_run_into_an_offer_that_begins_later(self, place):
        offer(place["commune"], since=LATER)
        assert isinstance(offer(place["commune"]).refused[0].problem, OfferOverlaps)
        assert offer(place["commune"], until=LATER).done

    def test_a_page_that_shows_an_older_offer_is_told_so(self, place):
        made = offer(place["commune"]).done[0]
        report = offer(place["commune"], since=TOMORROW, seen={CODE: made.revision + 1})
        assert isinstance(report.refused[0].problem, OfferMoved)
        report = end_offers(actor=SYSTEM, offers={made.pk: made.revision + 1}, on=LATER, at=AT)
        assert isinstance(report.refused[0].problem, OfferMoved)

    @pytest.mark.parametrize(
        "columns",
        [
            {},
            {"valid_from": LATER, "valid_to": TODAY},
            {"valid_from": LATER, "level": "partial"},
            {"valid_from": LATER, "level": "proactive"},
            {"valid_from": LATER, "limit": "1wd"},
        ],
    )
    def test_the_database_refuses_too(self, place, columns):
        offer(place["commune"], until=LATER)
        row = {"procedure_id": CODE, "agency": place["commune"], "agency_path": place["commune"].path}
        row |= {"scope": "own", "level": "full", "valid_from": TODAY}
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.create(**row | columns)
