"""The desk's pages of figures: what they show, and that every figure leads to as many dossiers as it says."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from motcua.casework.dossiers.services import ending
from motcua.casework.dossiers.tests.factories import MORNING, handed_over, submitted, target
from motcua.foundation.journal.models import ConsumerPosition
from motcua.foundation.journal.services import follow_once
from motcua.oversight.indicators.behind import Whose, count_behind, list_behind, of_count, of_stock
from motcua.oversight.indicators.consumers import NAME
from motcua.oversight.indicators.models import Measured
from motcua.oversight.indicators.rules.charts import draw, nice
from motcua.oversight.indicators.rules.counts import Count
from motcua.oversight.indicators.rules.periods import BadPeriod
from motcua.oversight.indicators.rules.spans import Kind, parse_span, span_of
from motcua.oversight.indicators.rules.tiles import Tile, grouped
from motcua.oversight.indicators.tallying import Days, stock_now, sums
from motcua.oversight.indicators.tests.factories import TOO_LATE, finished, supplemented
from motcua.oversight.indicators.web.figures_asking import Asked
from motcua.registry.access.models import RoleGrant
from motcua.registry.organisations.models import Agency

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("evaluation")]
MARCH = Days(date(2026, 3, 1), date(2026, 4, 1))
NOW = MORNING + timedelta(days=3)
PERIOD = {"period": "2026-03"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def some(world):
    """In time, too late, with a supplement, refused, withdrawn, under way, just submitted; and one of the other
    commune."""
    finished(world)
    finished(world, at=TOO_LATE)
    supplemented(world, at=MORNING + timedelta(hours=1))
    refused, withdrawn = submitted(world.desk, world.mother), submitted(world.desk, world.mother)
    why = ending.Why("not_competent", "Không thuộc thẩm quyền")
    ending.refuse_dossier(actor=world.desk.reception, target=target(refused), why=why, at=MORNING)
    taken = {"dossier_id": withdrawn.id, "revision": withdrawn.revision, "reason": ""}
    ending.withdraw_own(actor=world.mother, **taken, at=MORNING)
    handed_over(world.desk, world.mother)
    submitted(world.desk, world.mother)
    finished(world, desk=world.other_desk)
    follow_once()


@pytest.fixture
def province(world, browse):
    """A browser of who leads the province with all its communes."""
    account = world.desk.leader.account_id
    RoleGrant.objects.create(account_id=account, role_id="leader", agency_path="/H44/")
    return browse(world.desk.leader)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))  # no-break spaces too


class TestBehind:
    def test_the_list_is_as_long_as_the_figure(self, world, some):
        for scope in (world.desk.agency.path, "/H44/"):
            figure = sums(scope, MARCH)[""]
            # Minutes are no dossiers.
            for count in set(Count) - {Count.WORKED_MINUTES}:
                assert count_behind(Whose(scope), of_count(count, MARCH)) == figure.of(count), count
                for channel in (1, 2, 3):
                    listed = count_behind(Whose(scope, channel=channel), of_count(count, MARCH))
                    assert listed == figure.of(count, channel), count
        assert figure.of(Count.REFUSED) and figure.of(Count.WITHDRAWN) and figure.of(Count.FINISHED_LATE)

    def test_so_is_that_of_what_stands_open(self, world, some):
        scope = world.desk.agency.path
        found = stock_now([scope], at=NOW)[scope]
        for name in ("waiting", "running", "late", "due_today", "standing", "ready"):
            assert count_behind(Whose(scope), of_stock(name, NOW)) == getattr(found, name), name
        assert found.running and found.late and found.waiting

    def test_pages_hold_each_dossier_once(self, world, some):
        seen, after = [], ""
        while True:
            rows, after = list_behind(Whose("/H44/"), of_count(Count.SUBMITTED, MARCH), after=after, limit=2)
            seen += [it.measured.dossier_id for it in rows]
            if not after:
                break
        assert sorted(seen) == sorted(Measured.objects.values_list("pk", flat=True))


class TestPages:
    def test_a_figure_says_what_it_is_made_of_and_leads_to_its_dossiers(self, world, some, browse):
        at_desk = browse(world.desk.leader)
        page = at_desk.get(reverse("figures:overview"), PERIOD)
        assert "Finished in time 50.00 % 1 of 2" in text(page)
        links = set(
            re.findall(
                r'href="([^"]*figures/dossiers/[^"]*)"[^>]*>(?:<[^>]*>)?([\d,]+)<', page.content.decode()
            )
        )
        assert len(links) > 10
        for link, figure in links:
            listed = at_desk.get(link.replace("&amp;", "&"))
            # Minutes lead to the dossiers that took them.
            told = int(figure.replace(",", ""))
            assert re.search(rf"\b{told} dossiers?\b", text(listed)), link
        row = re.search(r'<tr data-row><td[^>]*><a href="([^"]*)">', listed.content.decode())
        assert at_desk.get(row[1]).status_code == 200

    def test_nothing_of_agencies_that_one_does_not_lead(self, world, some, browse):
        at_desk, other = browse(world.desk.leader), world.other_desk.agency.path
        for name in ("overview", "overview-csv", "map", "map-csv", "index", "index-csv"):
            assert at_desk.get(reverse(f"figures:{name}"), {"agency": other}).status_code == 404
        for name in ("measure", "measure-csv"):
            url = reverse(f"figures:{name}", args=["received"])
            assert at_desk.get(url, {"agency": other, "by": "agency"}).status_code == 404
        for name in ("dossiers", "dossiers-csv"):
            asked = {"agency": other, "count": "received", **PERIOD}
            assert at_desk.get(reverse(f"figures:{name}"), asked).status_code == 404
            asked["agency"] = world.desk.agency.path
            listed = at_desk.get(reverse(f"figures:{name}"), asked).content.decode()
            assert world.desk.agency.code in listed
            assert world.other_desk.agency.code not in listed

    def test_lists_name_nobody(self, world, some, browse):
        asked = {**PERIOD, "count": "submitted"}
        page = browse(world.desk.leader).get(reverse("figures:dossiers"), asked).content.decode()
        assert "Hồng Nhung" not in page

    def test_a_breakdown_adds_up_and_leads_deeper(self, world, some, province):
        asked = {**PERIOD, "agency": "/H44/", "by": "agency"}
        page = province.get(reverse("figures:measure", args=["finished"]), asked)
        rows = re.findall(
            r'data-label="Dossiers">(?:<[^>]*>)*(\d+)<', page.content.decode().split('id="breakdown"')[1]
        )
        assert sum(map(int, rows)) == 3
        assert (
            reverse("figures:measure", args=["finished"]) in page.content.decode().split('id="breakdown"')[1]
        )
        for by in ("procedure", "sector", "channel"):
            page = province.get(reverse("figures:measure", args=["finished"]), {**asked, "by": by})
            parts = page.content.decode().split('id="breakdown"')[1]
            link = re.search(r'href="([^"]*figures/dossiers/[^"]*)">3<', parts)
            assert "3 dossiers" in text(province.get(link[1].replace("&amp;", "&"))), by

    def test_both_numbers_of_a_part_lead_to_their_dossiers(self, world, some, province):
        asked = {**PERIOD, "agency": "/H44/", "by": "agency"}
        page = province.get(reverse("figures:measure", args=["on_time_rate"]), asked).content.decode()
        parts = page.split('id="breakdown"')[1]
        found = re.findall(r'<a href="([^"]*dossiers/[^"]*part=(\w+)[^"]*)">(\d+)</a>', parts)
        assert {part for _link, part, _number in found} == {"numerator", "denominator"}
        for link, _part, number in found:
            assert re.search(rf"\b{number} dossiers?\b", text(province.get(link.replace("&amp;", "&")))), link

    def test_a_month_that_is_not_over_is_held_against_as_many_days(self, world, some, browse):
        at_desk = browse(world.desk.leader)
        page = text(at_desk.get(reverse("figures:overview"), PERIOD))
        until = f"Month 2 of 2026 until {NOW.day} February 2026"
        assert f"more than in: {until}" in page
        one = text(at_desk.get(reverse("figures:measure", args=["received"]), PERIOD))
        assert f"more than in: {until}" in one
        # A day that is not over is held against none.
        today = {"period": NOW.date().isoformat()}
        assert "than in:" not in text(at_desk.get(reverse("figures:overview"), today))
        assert "as in:" not in text(at_desk.get(reverse("figures:overview"), today))

    def test_late_by_whole_days_says_so_while_it_is_told_of_now(self, world, some, browse):
        at_desk = browse(world.desk.leader)
        for name in ("overview", "map"):
            assert "counts to the minute" in text(at_desk.get(reverse(f"figures:{name}"), PERIOD))
            past = at_desk.get(reverse(f"figures:{name}"), {"period": "2026-02"})
            assert "counts to the minute" not in text(past)

    def test_an_agency_that_ended_since_stays_in_the_breakdown(self, world, some, province):
        ended = world.other_desk.agency
        Agency.objects.filter(pk=ended.pk).update(valid_to=date(2026, 3, 12))
        asked = {**PERIOD, "agency": "/H44/", "by": "agency"}
        page = province.get(reverse("figures:measure", args=["finished"]), asked).content.decode()
        parts = page.split('id="breakdown"')[1]
        rows = re.findall(r'data-label="Dossiers">(?:<[^>]*>)*(\d+)<', parts)
        assert sum(map(int, rows)) == 3
        assert ended.name in parts

    def test_without_the_agencies_below_there_is_one_row(self, world, some, province):
        asked = {**PERIOD, "agency": "/H44/", "by": "agency", "own": "1"}
        page = text(province.get(reverse("figures:measure", args=["finished"]), asked))
        assert "alone 0" in page.split("What it is made of")[1]
        asked["agency"] = world.desk.agency.path
        for by in ("procedure", "sector", "channel", "agency"):
            page = province.get(reverse("figures:measure", args=["finished"]), {**asked, "by": by})
            parts = page.content.decode().split('id="breakdown"')[1]
            rows = re.findall(r'data-label="Dossiers">(?:<[^>]*>)*(\d+)<', parts)
            assert sum(map(int, rows)) == 2, by

    def test_what_nothing_tells_yet_has_neither_course_nor_parts(self, world, some, browse):
        at_desk, code = browse(world.desk.leader), ["paid_online_rate"]
        page = text(at_desk.get(reverse("figures:measure", args=code), PERIOD))
        assert "Online payment is not connected yet." in page
        assert "What it is made of" not in page
        csv = at_desk.get(reverse("figures:measure-csv", args=code), {**PERIOD, "by": "day"})
        assert csv.status_code == 404

    def test_what_was_not_written_down_is_no_nought_in_a_table(self, world, some, browse):
        at_desk, asked = browse(world.desk.leader), {"period": "2026-03-10", "known_on": "2026-03-11"}
        assert at_desk.get(reverse("figures:map-csv"), asked).status_code == 404
        lines = at_desk.get(reverse("figures:overview-csv"), asked).content.decode("utf-8-sig").splitlines()
        assert next(it for it in lines if it.startswith("open,")).startswith("open,Open,,")
        assert not any(it.startswith("due_today,") for it in lines)

    def test_a_rate_of_nothing_is_empty_beside_its_two_noughts(self, world, browse):
        asked = {"period": "2025"}
        lines = (
            browse(world.desk.leader).get(reverse("figures:overview-csv"), asked).content.decode("utf-8-sig")
        )
        cells = next(csv.reader([it for it in lines.splitlines() if it.startswith("on_time_rate,")]))
        assert cells[2:6] == ["", "percent", "0", "0"]

    def test_the_drawing_has_its_table_and_both_tell_the_same(self, world, some, browse):
        page = (
            browse(world.desk.leader)
            .get(reverse("figures:measure", args=["received"]), PERIOD)
            .content.decode()
        )
        drawn = re.findall(r"<rect class=\"chart__bar\"[^>]*><title>([^<]*): (\d+)</title>", page)
        told = re.findall(
            r'data-label="Day"><a [^>]*>([^<]*)</a></td><td [^>]*data-label="Dossiers">(\d+)<', page
        )
        assert drawn == told
        assert ("10 March 2026", "4") in [(day.replace("\xa0", " "), number) for day, number in drawn]

    def test_as_it_was_known_is_said_and_leaves_out_what_came_later(self, world, some, browse):
        at_desk = browse(world.desk.leader)
        page = text(at_desk.get(reverse("figures:overview"), {**PERIOD, "known_on": "2026-03-09"}))
        assert "as the journal told them at the end of Monday 9" in page
        assert re.search(r"Received 0\b", page)
        assert re.search(r"Received 4\b", text(at_desk.get(reverse("figures:overview"), PERIOD)))

    def test_what_is_asked_wrongly_is_said(self, world, browse):
        at_desk = browse(world.desk.leader)
        wrong = at_desk.get(
            reverse("figures:overview"), {"on": "x", "kind": "week", "known_on": "2030-01-01"}
        )
        assert wrong.status_code == 422
        for said in ("Enter a day", "Choose a day, a month", "That day is not over yet"):
            assert said in text(wrong)
        for period in ("2026-13", "9999", "2026-10-32", "0001-01"):
            wrong = at_desk.get(reverse("figures:overview"), {"period": period})
            assert (wrong.status_code, "There are no figures of that time." in text(wrong)) == (422, True)
        assert at_desk.get(reverse("figures:measure", args=["nonsense"])).status_code == 404
        for asked in (
            {"stock": "x"},
            {"measure": "complete_rate"},
            {"count": "received", "channel": "9"},
            {},
        ):
            assert at_desk.get(reverse("figures:dossiers"), asked).status_code == 404

    def test_a_new_installation_says_that_nothing_is_counted_yet(self, world, browse):
        page = text(browse(world.desk.leader).get(reverse("figures:overview"), {"period": "2025"}))
        assert "Nothing of this agency is in the figures of these days." in page

    def test_figures_say_how_far_they_follow_the_journal(self, world, some, browse):
        at_desk = browse(world.desk.leader)
        assert "not in them yet" not in text(at_desk.get(reverse("figures:overview"), PERIOD))
        ConsumerPosition.objects.filter(name=NAME).update(position=1)
        assert "follow the journal up to entry 1;" in text(at_desk.get(reverse("figures:overview"), PERIOD))

    def test_the_map_has_a_tile_for_each_agency_below_and_its_table(self, world, some, province):
        asked = {**PERIOD, "agency": "/H44/"}
        tiles = text(province.get(reverse("figures:map"), asked))
        assert f"{world.desk.agency.place_name} 3 open, 2 late" in tiles
        table = text(province.get(reverse("figures:map"), {**asked, "view": "table"}))
        assert f"{world.desk.agency.place_name} 3 2 some late" in table
        late = re.search(
            r'href="([^"]*stock=late[^"]*)">2<',
            province.get(reverse("figures:map"), {**asked, "view": "table"}).content.decode(),
        )
        assert "2 dossiers" in text(province.get(late[1].replace("&amp;", "&")))
        day = text(province.get(reverse("figures:map"), {**asked, "period": "2026-03-09"}))
        assert "0 open, 0 late" in day

    def test_the_index_is_a_range_while_rows_have_no_data(self, world, some, province):
        page = text(province.get(reverse("figures:index"), {**PERIOD, "agency": "/H44/"}))
        assert "points that have data" in page
        assert "the whole lies between" in page
        assert "Online payment is not connected yet." in page
        assert page.index(world.other_desk.agency.name) < page.rindex(world.desk.agency.name)

    def test_tables_to_download_hold_the_figures_and_what_they_mean(self, world, some, browse):
        at_desk, asked = browse(world.desk.leader), {**PERIOD, "agency": world.desk.agency.path}
        lines = at_desk.get(reverse("figures:overview-csv"), asked).content.decode("utf-8-sig").splitlines()
        assert any(line.startswith("on_time_rate,Finished in time,50.00,percent,1,2,") for line in lines)
        url = reverse("figures:measure-csv", args=["on_time_rate"])
        for by in ("day", "agency", "procedure", "sector", "channel"):
            lines = at_desk.get(url, {**asked, "by": by}).content.decode("utf-8-sig").splitlines()
            assert any(line.startswith("Definition,Finished early + Finished on time,") for line in lines)
            assert any(",50.00,percent,1,2," in line or ",100.00,percent,1,1," in line for line in lines), by
        listed = at_desk.get(reverse("figures:dossiers-csv"), {**asked, "count": "received"})
        assert (
            len([it for it in listed.content.decode().splitlines() if world.desk.agency.code + "-" in it])
            == 4
        )


class TestRules:
    @pytest.mark.parametrize(
        ("period", "known_on", "before"),
        [
            ("2026-02", None, ("2026-01-01", "2026-02-01")),
            ("2026-03", None, ("2026-02-01", "2026-02-14")),
            ("2026-Q1", None, ("2025-10-01", "2025-12-12")),
            ("2026-03", "2026-03-02", ("2026-02-01", "2026-02-03")),
            ("2026-02", "2026-03-02", ("2026-01-01", "2026-02-01")),
            ("2026-03-12", None, ("2026-03-11", "2026-03-12")),
            ("2026-03-13", None, None),
            ("2026-04", None, None),
        ],
    )
    def test_what_is_not_over_is_held_against_as_many_days_of_before(self, period, known_on, before):
        """On 13 March."""
        asked = Asked(Agency(), parse_span(period), known_on=known_on and date.fromisoformat(known_on))
        assert asked.days_before == (before and Days(*map(date.fromisoformat, before)))

    def test_a_month_longer_than_the_one_before_is_held_against_all_of_it(self):
        with time_machine.travel(datetime(2026, 3, 30, 9, tzinfo=UTC), tick=False):
            asked = Asked(Agency(), parse_span("2026-03"))
            assert asked.days_before == Days(date(2026, 2, 1), date(2026, 3, 1))

    def test_spans_follow_each_other(self):
        for code, later in (
            ("2026-02-28", "2026-03-01"),
            ("2026-12", "2027-01"),
            ("2026-Q4", "2027-Q1"),
            ("2026", "2027"),
        ):
            span = parse_span(code)
            assert (span.code, span.shifted(1).code, span.shifted(1).shifted(-1)) == (code, later, span)
            assert span.until == span.shifted(1).first
        assert span_of(date(2026, 5, 17), Kind.QUARTER).code == "2026-Q2"

    @pytest.mark.parametrize(
        "text", ["", "2026-13", "2026-02-30", "0999-01-01", "26", "2026-W01", "2026-1-1xx"]
    )
    def test_refuses_what_is_no_span(self, text):
        with pytest.raises(BadPeriod):
            parse_span(text)

    @pytest.mark.parametrize(("number", "top"), [(0, 1), (1, 1), (7, 8), (11, 20), (1234, 2000), (999, 1000)])
    def test_a_scale_ends_at_a_round_number(self, number, top):
        assert nice(Decimal(number)) == top

    def test_a_line_is_broken_where_there_is_no_data(self):
        chart = draw([Decimal(50), None, Decimal(100)], ["a", "b", "c"], is_line=True, is_percent=True)
        assert chart.line == "M167 500 M833 0"
        assert [it.label for it in chart.gaps] == ["b"]

    def test_tiles_stand_by_former_province_and_place(self):
        tiles = [
            Tile("/b/", "B", "2", "", 0, 0),
            Tile("/a/", "A", "1", "Phú Thọ", 5, 0),
            Tile("/c/", "C", "0", "Phú Thọ", 9, 4),
        ]
        assert [(name, [it.name for it in found]) for name, found in grouped(tiles)] == [
            ("Phú Thọ", ["C", "A"]),
            ("", ["B"]),
        ]
        assert [it.state for it in tiles] == ["open", "done", "overdue"]
