"""The province of the press, played: what is computed equals the scenario's own ledger, and the printed digits."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from django.conf import settings

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.classes import Timing, class_of
from motcua.casework.dossiers.rules.states import Status
from motcua.config.simulation.province.cases import BY_NET, Fate, Fates
from motcua.config.simulation.province.comparing import Line
from motcua.config.simulation.province.ground import SERVICES, PlayedBefore, made_up_services
from motcua.config.simulation.province.ledger import Ledger, load_ledger
from motcua.config.simulation.province.moments import TooLong, play, working_days
from motcua.config.simulation.province.quotas import (
    DIGITISED,
    LEAST,
    ONLINE,
    SATISFIED,
    TooFew,
    quotas_of,
    spread,
)
from motcua.config.simulation.province.running import compare_played, ledger_path, play_province
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import parse_limit
from motcua.oversight.indicators.facts import analyse
from motcua.registry.catalogue.rules.rows import faults
from motcua.registry.organisations.models import TWO_LEVELS_SINCE, Agency
from motcua.registry.organisations.selectors import get_calendar

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
# At night (`make nightly`) of many.
DOSSIERS = 20_000 if os.environ.get("MOTCUA_NIGHTLY") == "1" else LEAST
DATA = Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))


@pytest.mark.parametrize("dossiers", [*range(LEAST, LEAST + 60), 2_000, 20_000, 123_457, 1_000_000])
def test_for_any_number_the_quotas_show_the_printed_digits(dossiers: int):
    quotas = quotas_of(dossiers)
    for group, printed in ONLINE.items():
        assert printed.is_shown_by(quotas.online[group], quotas.accepted[group])
    assert DIGITISED.is_shown_by(quotas.digitised, quotas.finished)
    assert SATISFIED.is_shown_by(quotas.satisfied, quotas.answers)
    assert sum(quotas.accepted.values()) + quotas.refused == dossiers
    assert min(quotas.accepted.values()) > 0


def test_too_few_cannot_show_them():
    with pytest.raises(TooFew):
        quotas_of(LEAST - 1)


def test_a_quota_is_spread_evenly():
    taken = [index for index in range(100) if spread(index, 7, 100)]
    assert len(taken) == 7 and max(b - a for a, b in pairwise(taken)) <= 15


@pytest.mark.parametrize("seed", [1, 2])
def test_every_quota_is_kept_by_the_fates(seed: int):
    quotas = quotas_of(2_000)
    fates = Fates(quotas, seed)
    drawn = [fates.of(index) for index in range(fates.total)]
    accepted = [it for it in drawn if it.end != "refused"]
    assert Counter(it.group for it in accepted) == quotas.accepted
    assert Counter(it.group for it in accepted if it.channel == BY_NET) == quotas.online
    finished = [it for it in drawn if it.end == "finished"]
    assert (len(finished), sum(it.is_digitised for it in finished)) == (quotas.finished, quotas.digitised)
    assert sum(it.rating > 0 for it in finished) == quotas.answers
    assert sum(it.rating > 1 for it in finished) == quotas.satisfied
    assert {it.pace for it in finished} == {"early", "on_time", "late"}
    assert drawn == [Fates(quotas, seed).of(index) for index in range(fates.total)]


@pytest.mark.parametrize("limit", ["1wd", "3wd", "20wd", "15d", "45d", "2m", "6m"])
def test_moments_come_to_the_pace_that_was_decided(limit: str):
    calendar, parsed = get_calendar(), parse_limit(limit)
    days = working_days(2024, calendar)
    for number in range(120):
        pace = ("early", "on_time", "late")[number % 3]
        fate = Fate(
            "district", BY_NET if number % 2 else 1, "finished", pace, is_supplemented=number % 5 == 0
        )
        played = play(fate, parsed, days, calendar, Random(number))
        assert list(played.moments) == sorted(played.moments)
        assert {it.year for it in played.moments} == {2024}
        begins = (
            played.moments[1 + played.acts.index("supplement")] if fate.is_supplemented else played.accepted
        )
        timing = Timing(
            int(Status.RETURNED), due_moment(begins, parsed, calendar), finished_at=played.finished
        )
        assert class_of(timing, played.finished) == played.pace == pace


def test_a_limit_beyond_the_year_is_told():
    fate = Fate("district", BY_NET, "finished", "late")
    calendar = get_calendar()
    with pytest.raises(TooLong):
        play(fate, parse_limit("13m"), working_days(2024, calendar), calendar, Random(1))


def test_made_up_services_have_the_form_of_the_portals_file():
    rows = list(made_up_services())
    assert len({row["code"] for row in rows}) == SERVICES
    assert [fault for row in rows for fault in faults("local", row)] == []


def test_a_ledger_is_kept_as_it_is(tmp_path: Path):
    ledger = Ledger(2, 1, {"/H62/H62.SXD/": "department"}, {"full": 701})
    ledger.note("received", ("/H62/H62.SXD/", "1.000001", 2), "2024-03")
    ledger.save(tmp_path / "ledger.json")
    assert load_ledger(tmp_path / "ledger.json") == ledger
    assert (ledger.total("received", group="department", channel=2), ledger.total("received", channel=1)) == (
        1,
        0,
    )


def test_a_line_tells_a_difference():
    equal = Line("x", "99.39 % (163/164)", "99.39 % (163/164)", "99.39")
    assert equal.is_equal
    assert not replace(equal, ledger="99.39 % (326/328)").is_equal
    assert not replace(equal, press="99.40").is_equal


@pytest.mark.django_db
@pytest.mark.xdist_group("province")
@pytest.mark.skipif(not find_spec("vietnamadminunits"), reason="the data of places are not installed")
def test_the_computed_figures_are_the_ledger_and_the_press(settings, tmp_path: Path):
    """With the portal's services where they are (MOTCUA_DATA), else with made-up ones."""
    settings.VAR = tmp_path
    play_province((DOSSIERS, 1), DATA, at=AT)
    found = compare_played()
    assert found.differences[:20] == []
    assert [(it.name, it.ledger, it.computed) for it in found.lines if not it.is_equal] == []
    assert found.is_equal and found.compared > 50_000

    assert not Agency.objects.filter(path__startswith="/H62/").exclude(valid_to=TWO_LEVELS_SINCE).exists()
    dossiers = Dossier.objects.select_related("version")
    assert {it.version.valid_from for it in dossiers} == {date(2024, 1, 1)}
    assert set(dossiers.values_list("channel", flat=True)) == {1, 2, 3}
    with pytest.raises(PlayedBefore):
        play_province((DOSSIERS, 1), DATA, at=AT)
    _check_that_a_difference_is_seen()
    _check_export(tmp_path / "facts")


def _check_that_a_difference_is_seen() -> None:
    ledger = load_ledger(ledger_path())
    key = next(it for it in ledger.counts if it[0] == "received_offered")
    ledger.counts[key] += 1
    ledger.save(ledger_path())
    found = compare_played()
    assert not found.is_equal and len(found.differences) >= 3


def _check_export(folder: Path) -> None:
    """The facts that are exported are those that were counted."""
    if not find_spec("chdb"):
        return
    from motcua.oversight.indicators.exporting import export_facts

    assert export_facts(folder) == DOSSIERS
    quotas = quotas_of(DOSSIERS)
    asked = "SELECT count(finished), countIf(rating > 1), countIf(ending = 'refused') FROM facts"
    said = f"{quotas.finished},{quotas.satisfied},{quotas.refused}"
    assert analyse(asked, folder, shape="csv").split("\n")[1] == said
    asked = "SELECT countIf(toMinute(submitted) > 0), uniqExact(province), countIf(level = '') FROM facts"
    assert analyse(asked, folder, shape="csv").split("\n")[1] == "0,1,0"
