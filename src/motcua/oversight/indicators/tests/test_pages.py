"""Pages: whose figures, which dossiers behind them, who may look, and that looking at officers is on the record."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from motcua.casework.dossiers.tests.factories import MORNING
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.ids import new_id
from motcua.oversight.indicators import selectors
from motcua.oversight.indicators.selectors import Whose, evaluate, list_behind
from motcua.oversight.indicators.tests.factories import QUARTER, TOO_LATE, finished
from motcua.registry.organisations.models import Officer

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("evaluation")]
PERIOD = {"period": "2026-Q1"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MORNING + timedelta(days=3), tick=False):
        yield


@pytest.fixture
def three(world):
    """Two in time, one late; and one of the other commune."""
    found = [finished(world), finished(world), finished(world, at=TOO_LATE)]
    finished(world, desk=world.other_desk)
    return found


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestPublishing:
    def test_a_leader_publishes_a_period_that_is_over_and_the_journal_says_who(self, world, three, browse):
        asked, url = {**PERIOD, "agency": world.desk.agency.path}, reverse("indicators:publish")
        at_desk = browse(world.desk.leader)
        # While it runs there is nothing to publish.
        assert "Publish" not in text(at_desk.get(reverse("indicators:evaluation"), asked))
        assert at_desk.get(url, asked).status_code == 302
        with time_machine.travel(QUARTER.ends + timedelta(hours=9), tick=False):
            at_desk = browse(world.desk.leader)
            assert "Publish these figures" in text(at_desk.get(reverse("indicators:evaluation"), asked))
            assert "cannot be undone" in text(at_desk.get(url, asked))
            at_desk.post(url, asked)
            page = text(at_desk.get(reverse("indicators:evaluation"), asked))
            assert "Publish these figures" not in page
            assert "Counted today, the figures are the same." in page
            assert at_desk.post(url, asked).status_code == 409
        entry = Entry.objects.get(kind="evaluation.frozen")
        assert (entry.person_id, entry.facts["dossiers"]) == (world.desk.leader.person, 3)

    def test_nobody_publishes_for_an_agency_they_do_not_lead(self, world, three, browse):
        asked = {**PERIOD, "agency": world.desk.agency.path}
        with time_machine.travel(QUARTER.ends + timedelta(hours=9), tick=False):
            browse(world.other_desk.leader).post(reverse("indicators:publish"), asked)
            assert browse(world.desk.specialist).post(reverse("indicators:publish"), asked).status_code == 403
        assert not Entry.objects.filter(kind="evaluation.frozen").exists()


class TestAgency:
    def test_shows_scores_total_and_between_which_levels_it_lies(self, world, three, browse):
        page = text(browse(world.desk.leader).get(reverse("indicators:evaluation"), PERIOD))
        # (1+1+0)/3, the same for the units, nothing to be supplemented, one agency, one stop, online.
        assert "9.4 of 12 points" in page
        assert "The law counts up to 18 points; 6 of them belong to indices without data." in page
        assert "open: from “Fair” to “Excellent”" in page
        assert page.count("no data") >= 3

    def test_counts_the_agencys_own_dossiers_only(self, world, three):
        found = evaluate(Whose(world.desk.agency.path), QUARTER)
        assert (found.dossiers, dict(found.classes)) == (3, {"early": 0, "on_time": 2, "late": 1})
        assert evaluate(Whose(world.other_desk.agency.path), QUARTER).dossiers == 1

    def test_a_dossier_belongs_to_the_period_it_was_finished_in(self, world, three):
        whose = Whose(world.desk.agency.path)
        assert (
            evaluate(whose, QUARTER.shifted(1)).dossiers == evaluate(whose, QUARTER.shifted(-1)).dossiers == 0
        )

    def test_another_agency_is_not_to_be_chosen(self, world, three, browse):
        asked = {**PERIOD, "agency": world.other_desk.agency.path}
        assert browse(world.desk.leader).get(reverse("indicators:evaluation"), asked).status_code == 422
        assert browse(world.desk.leader).get(reverse("indicators:dossiers"), asked).status_code == 404

    def test_a_wrong_period_is_said_and_breaks_nothing(self, world, browse):
        leader = browse(world.desk.leader)
        page = leader.get(reverse("indicators:evaluation"), {"period": "2026-Q7"})
        assert (page.status_code, "Choose a month, a quarter or a year" in page.content.decode()) == (
            422,
            True,
        )
        for name in ("dossiers", "officers", "agencies", "mine"):
            for wrong in ("x", "2015"):
                asked = {"period": wrong, "agency": world.desk.agency.path}
                assert leader.get(reverse(f"indicators:{name}"), asked).status_code in {404, 422}

    def test_without_a_finished_dossier_it_says_so(self, world, browse):
        page = text(browse(world.desk.leader).get(reverse("indicators:evaluation"), {"period": "2025"}))
        assert "No dossier of this agency was finished in this period." in page

    def test_agencies_beside_each_other_are_those_the_reader_leads(self, world, three, browse):
        page = text(browse(world.desk.leader).get(reverse("indicators:agencies"), PERIOD))
        assert world.desk.agency.name in page
        assert world.other_desk.agency.name not in page


class TestBehind:
    def test_every_point_leads_to_its_dossiers_with_the_reason(self, world, three, browse):
        asked = {**PERIOD, "agency": world.desk.agency.path, "index": "time", "points": "0"}
        page = text(browse(world.desk.leader).get(reverse("indicators:dossiers"), asked))
        assert "Finished late" in page
        assert three[2].code in page
        assert three[0].code not in page

    def test_as_many_dossiers_stand_behind_a_figure_as_it_says(self, world, three):
        whose = Whose(world.desk.agency.path)
        for score in evaluate(whose, QUARTER).scores:
            rows, _more = list_behind(whose, QUARTER, index=score.code)
            assert len(rows) == score.dossiers
            assert sum(it.points[score.code] for it in rows) == score.points

    def test_pages_follow_one_another_without_gap_or_repetition(self, world, three, monkeypatch):
        monkeypatch.setattr(selectors, "PAGE", 1)
        for whose in (Whose(world.desk.agency.path), Whose(officer=world.desk.leader.person_id)):
            found, after = [], ""
            while True:
                rows, after = list_behind(whose, QUARTER, after=after)
                found += [it.measured.dossier_id for it in rows]
                if not after:
                    break
            assert sorted(found) == sorted(it.pk for it in three)

    @pytest.mark.parametrize(
        "asked",
        [
            {"index": "luck"},
            {"points": "3"},
            {"points": "x"},
            {"unit": "x"},
            {"unit": str(new_id())},
            {"agency": ""},
        ],
    )
    def test_a_made_up_address_leads_nowhere(self, world, browse, asked):
        whole = {**PERIOD, "agency": world.desk.agency.path, **asked}
        assert browse(world.desk.leader).get(reverse("indicators:dossiers"), whole).status_code == 404


class TestOfficers:
    def test_a_leader_sees_the_officers_of_the_agency_and_that_is_on_the_record(self, world, three, browse):
        page = text(browse(world.desk.leader).get(reverse("indicators:officers"), PERIOD))
        names = Officer.objects.in_bulk([it.person_id for it in world.desk.officers]).values()
        assert all(it.full_name in page for it in names)
        entry = Entry.objects.filter(kind="evaluation.read").latest("sequence")
        assert (entry.object_id, entry.facts) == (
            world.desk.agency.id,
            {"what": "officers", "period": "2026-Q1"},
        )

    def test_looking_at_one_officer_concerns_that_officer(self, world, three, browse):
        officer = world.desk.specialist.person_id
        leader = browse(world.desk.leader)
        assert leader.get(reverse("indicators:officer", args=[officer]), PERIOD).status_code == 200
        assert leader.get(reverse("indicators:officer-dossiers", args=[officer]), PERIOD).status_code == 200
        looks = Entry.objects.filter(kind="evaluation.read", concerns_id=officer).order_by("sequence")
        assert [it.facts["what"] for it in looks] == ["officer", "dossiers"]

    def test_an_officer_of_another_agency_is_not_found(self, world, three, browse):
        officer = world.other_desk.specialist.person_id
        for name in ("officer", "officer-dossiers"):
            url = reverse(f"indicators:{name}", args=[officer])
            assert browse(world.desk.leader).get(url, PERIOD).status_code == 404
        assert not Entry.objects.filter(kind="evaluation.read").exists()

    def test_who_has_no_part_is_found_no_more_than_who_does_not_exist(self, world, browse):
        for officer in (world.desk.specialist.person_id, new_id()):
            url = reverse("indicators:officer", args=[officer])
            assert browse(world.desk.leader).get(url, PERIOD).status_code == 404

    def test_an_officer_sees_their_own_and_nobody_elses(self, world, three, browse):
        specialist = browse(world.desk.specialist)
        page = text(specialist.get(reverse("indicators:mine"), PERIOD))
        # In time twice; the third dossier was late, the specialist's step in it was not.
        assert "5.7 of 8 points" in page
        assert "Level: 100 % of the duties" in page
        assert three[0].code in text(specialist.get(reverse("indicators:own-dossiers"), PERIOD))
        for name in ("evaluation", "officers", "agencies"):
            assert specialist.get(reverse(f"indicators:{name}"), PERIOD).status_code == 403
        own = reverse("indicators:officer", args=[world.desk.specialist.person_id])
        assert specialist.get(own, PERIOD).status_code == 403
        assert not Entry.objects.filter(kind="evaluation.read").exists()

    def test_a_period_without_a_step_is_empty_and_no_dead_end(self, world, three, browse):
        url = reverse("indicators:officer", args=[world.desk.specialist.person_id])
        page = text(browse(world.desk.leader).get(url, {"period": "2025"}))
        assert "No dossier in which this officer did a step was finished in this period." in page
        other = reverse("indicators:officer", args=[world.other_desk.specialist.person_id])
        assert browse(world.desk.leader).get(other, {"period": "x"}).status_code == 404

    def test_strangers_and_citizens_see_nothing(self, world, browse):
        for name in ("evaluation", "officers", "agencies", "dossiers", "mine", "own-dossiers"):
            url = reverse(f"indicators:{name}")
            assert browse(None).get(url).status_code == 302
            assert browse(world.mother).get(url).status_code == 403


class TestExport:
    def test_has_the_indices_the_units_and_the_officers(self, world, three, browse):
        Officer.objects.filter(pk=world.desk.leader.person_id).update(full_name="=1+1")
        asked = {**PERIOD, "agency": world.desk.agency.path}
        response = browse(world.desk.leader).post(reverse("indicators:export"), asked)
        book = load_workbook(BytesIO(response.content))
        agency, units, officers = (list(sheet.values) for sheet in book.worksheets)
        assert agency[0][0] == world.desk.agency.name
        assert [row[4] for row in agency[2:11]] == [0.7, 0.7, 2, 2, 2, "no data", "no data", "no data", 2]
        assert (len(units), len(officers)) == (4, 4)
        names = [cell for row in book.worksheets[2].iter_rows(min_row=2, max_col=1) for cell in row]
        assert {(it.value, it.data_type) for it in names} >= {("=1+1", "s")}
        assert Entry.objects.get(kind="evaluation.read").facts["what"] == "export"

    def test_another_agencys_is_not_written(self, world, three, browse):
        asked = {**PERIOD, "agency": world.other_desk.agency.path}
        response = browse(world.desk.leader).post(reverse("indicators:export"), asked)
        assert response.status_code == 302
        assert "csrf" not in response["Location"]
        assert not Entry.objects.filter(kind="evaluation.read").exists()


@pytest.mark.parametrize(
    ("name", "ceiling"),
    [
        ("evaluation", 6),
        ("officers", 8),
        ("agencies", 3),
        ("dossiers", 3),
        ("officer", 7),
        ("own-dossiers", 3),
        ("mine", 2),
    ],
)
def test_a_page_takes_as_many_queries_with_6_dossiers_as_with_1(world, browse, name, ceiling):
    browser, found = browse(world.desk.leader), []
    args = [world.desk.specialist.person_id] if name == "officer" else []
    asked = {**PERIOD, "agency": world.desk.agency.path}
    for more in (1, 5):
        for _ in range(more):
            finished(world)
        browser.get(reverse(f"indicators:{name}", args=args), asked)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse(f"indicators:{name}", args=args), asked).status_code == 200
        found.append([query["sql"][:150] for query in captured.captured_queries])
    assert len(found[0]) == len(found[1]), "\n".join(found[1])
    # Signed in, every page takes five more.
    assert len(found[1]) <= 5 + ceiling, "\n".join(found[1])
