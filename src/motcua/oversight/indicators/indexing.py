"""Index 766 of an agency, and agencies beside each other. Who may see which: `policies`."""

from __future__ import annotations

from datetime import date, timedelta

from motcua.oversight.indicators.breaking import agencies_of
from motcua.oversight.indicators.measures import load_index
from motcua.oversight.indicators.measuring import figures_of
from motcua.oversight.indicators.rules.counts import ALL
from motcua.oversight.indicators.rules.index766 import Ranked, Score, index_on, rank, score
from motcua.oversight.indicators.tallying import Days


def index_of(scope: str, days: Days, *, known_on: date | None = None) -> Score:
    """By the index that holds on the last day. Queries as for figures. Raises BadIndex when none holds."""
    return _scores([scope], days, known_on)[scope]


def ranking(level: str, days: Days, *, scope: str = ALL, known_on: date | None = None) -> list[Ranked]:
    """Agencies of a level below a scope as they are on the last day, most points first; those without data last. One
    query more than for the index of one. Raises BadIndex."""
    last = Days(days.until - timedelta(days=1), days.until)
    paths = [path for path, its in agencies_of(scope, last).items() if its == level]
    return rank(_scores(paths, days, known_on)) if paths else []


def _scores(paths: list[str], days: Days, known_on: date | None) -> dict[str, Score]:
    index = index_on(load_index(), days.until - timedelta(days=1))
    found = figures_of(paths, days, codes=index.measures, known_on=known_on)
    return {path: score(index, figures) for path, figures in found.items()}
