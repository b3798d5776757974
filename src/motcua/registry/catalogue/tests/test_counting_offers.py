"""How many procedures agencies offer online, and how many are public with all parts."""

from __future__ import annotations

from datetime import date

import pytest

from motcua.registry.catalogue.models import Offer, Procedure, ProcedureVersion
from motcua.registry.catalogue.offers.counting import count_complete, count_offered
from motcua.registry.catalogue.rules.completeness import missing_parts
from motcua.registry.organisations.models import Agency, valid_on

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)
CODE = "1.001776"


@pytest.fixture
def province(world):
    return Agency.objects.get(path="/" + world.desk.agency.path.strip("/").split("/")[0] + "/", valid_to=None)


def offered(agency, code=CODE, *, level="full", scope="own", begins=date(2026, 1, 1), ends=None):
    return Offer.objects.create(
        procedure_id=code,
        agency=agency,
        agency_path=agency.path,
        scope=scope,
        level=level,
        reason="field" if level == "partial" else "",
        proactive=1 if level == "proactive" else 0,
        valid_from=begins,
        valid_to=ends,
    )


def counts(path, on=DAY):
    it = count_offered([path], on=on)[path]
    return it.full, it.partial, it.online, it.eligible


def test_without_a_row_what_is_published_online_is_offered_and_nobody_says_how_far(world):
    full, partial, online, eligible = counts(world.desk.agency.path)
    assert (full, partial) == (0, 0)
    here = Procedure.objects.filter(removed_on=None, levels__contains="commune", is_online=True)
    in_force = set(ProcedureVersion.objects.filter(valid_on(DAY)).values_list("procedure_id", flat=True))
    assert online == sum(it.code in in_force for it in here.exclude(publisher__startswith="H"))
    assert eligible >= online > 0


def test_full_and_partial_by_the_best_somebody_offers(world, province):
    here, there = world.desk.agency, world.other_desk.agency
    before = counts(province.path)
    offered(here, level="partial")
    assert counts(here.path)[:2] == (0, 1)
    assert counts(there.path)[:2] == (0, 0)
    assert counts(province.path)[:2] == (0, 1)
    offered(there, level="proactive")
    assert counts(there.path)[:2] == (1, 0)
    assert counts(province.path)[:2] == counts("/")[:2] == (1, 0)
    assert counts(province.path)[2:] == before[2:]


def test_one_row_above_is_for_every_commune_and_not_for_the_others(world, province):
    offered(province, level="partial", scope="communes")
    assert counts(world.desk.agency.path)[:2] == counts(province.path)[:2] == (0, 1)


def test_an_offer_holds_in_its_days_and_its_end_is_the_end(world):
    path = world.desk.agency.path
    published = counts(path)[2]
    offered(world.desk.agency, begins=date(2026, 2, 1), ends=date(2026, 3, 1))
    assert [counts(path, on)[0] for on in (date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))] == [
        1,
        1,
        0,
    ]
    assert counts(path)[2] == published - 1
    # The other communes go on as published.
    assert counts(world.other_desk.agency.path)[2] == published


def test_a_removed_procedure_counts_until_its_day(world):
    path, before = world.desk.agency.path, counts(world.desk.agency.path)
    Procedure.objects.filter(pk=CODE).update(removed_on=date(2026, 3, 20))
    assert counts(path) == before
    assert counts(path, date(2026, 3, 20))[2:] == (before[2] - 1, before[3] - 1)


def test_a_department_has_those_it_offers(world, province):
    sector = Procedure.objects.filter(levels__contains="province").first()
    department = Agency.objects.filter(level="department", path__startswith=province.path).first()
    if sector is None or department is None:
        pytest.skip("the pack's world has no department with procedures")
    assert counts(department.path) == (0, 0, 0, 0)
    offered(department, sector.code)
    assert counts(department.path)[:3] == (1, 0, 1)


def test_complete_ones_are_those_that_lack_no_part(world):
    path = world.desk.agency.path
    found = count_complete([path], on=DAY)[path]
    handled = Procedure.objects.filter(removed_on=None, levels__contains="commune").exclude(
        publisher__startswith="H"
    )
    versions = ProcedureVersion.objects.filter(valid_on(DAY), procedure__in=handled)
    whole = sum(not missing_parts(it.definition) for it in versions)
    assert (found.complete, found.all) == (whole, handled.count())
    assert 0 < whole <= found.all


def test_many_agencies_ask_no_more_than_one(world, province, django_assert_max_num_queries):
    paths = list(Agency.objects.filter(valid_to=None).values_list("path", flat=True))
    with django_assert_max_num_queries(6):
        count_offered([*paths, "/"], on=DAY)
    with django_assert_max_num_queries(7):
        count_complete([*paths, "/"], on=DAY)
