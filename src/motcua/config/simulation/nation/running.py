"""The order `--scenario nation --facts`: agencies, files, tallies, and how long their tiles take."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.models import Dossier
from motcua.config.simulation.nation.adding import fill_tallies
from motcua.config.simulation.nation.writing import Nation, Year, write_facts
from motcua.foundation.kernel.errors import DomainError
from motcua.oversight.indicators.facts import MARKER, open_facts, session
from motcua.oversight.indicators.measuring import figures, figures_of
from motcua.oversight.indicators.models import Measured
from motcua.oversight.indicators.tallying import Days, stock_now
from motcua.registry.organisations.models import Agency, valid_on
from motcua.registry.organisations.nation import load_nation
from motcua.registry.organisations.selectors import get_calendar

_ROUNDS, _YEAR = 30, timedelta(days=365)
_SMALL = timedelta(days=31)


class HasDossiers(DomainError):
    code = "has_dossiers"
    message = _(
        "This installation has dossiers, whose figures follow the journal. Facts of a nation need one of their own: "
        "another MOTCUA_VAR or MOTCUA_DATABASE_URL."
    )


@dataclass(slots=True)
class Written:
    """Bytes of files and of tables; rows by table; milliseconds of tiles: (median, 95 of 100)."""

    dossiers: int = 0
    files: int = 0
    bytes: int = 0
    table_bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    tiles: dict[str, tuple[float, float]] = field(default_factory=dict)


Tell = Callable[[str, int], None]


def write_nation(order: tuple[int, int, date], folder: Path, *, at: datetime, tell: Tell) -> Written:
    """`order`: dossiers, seed, the day before which all lies. Files of an earlier run go.

    Raises HasDossiers, NoAnalysis, PlacesMissing.
    """
    dossiers, seed, until = order
    if Dossier.objects.exists() or Measured.objects.exists():
        raise HasDossiers
    load_nation(at=at)
    nation, year = _nation(until), Year.before(until, get_calendar())
    done = Written(dossiers)
    with session() as opened:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        said = {"simulated": True, "dossiers": dossiers, "seed": seed, "until": until.isoformat()}
        (folder / MARKER).write_text(json.dumps(said) + "\n", encoding="utf-8")
        begun = time.monotonic()
        opened.query("SET max_bytes_before_external_group_by = 3000000000")
        files = write_facts(
            opened, folder, (dossiers, seed), (nation, year), lambda rows: tell("facts", rows)
        )
        done.seconds["files"] = round(time.monotonic() - begun, 1)
        done.files, done.bytes = len(files), sum(it.stat().st_size for it in files)
        open_facts(opened, folder)
        begun = time.monotonic()
        done.rows = fill_tallies(opened, tell)
        done.seconds["tallies"] = round(time.monotonic() - begun, 1)
    done.table_bytes = _settle_tables()
    done.tiles = measure_tiles(until, at=at)
    return done


def _nation(on: date) -> Nation:
    current = Agency.objects.filter(valid_on(on))
    provinces = list(current.filter(level="province").order_by("path").values_list("path", flat=True))
    number = {path: index for index, path in enumerate(provinces)}
    communes = current.filter(level="commune", parent__path__in=provinces).order_by("path")
    rows = list(communes.values_list("path", "parent__path"))
    return Nation(provinces, [path for path, _above in rows], [number[above] for _path, above in rows])


def _settle_tables() -> int:
    """Their bytes with indexes; once the planner knows them, which their owner alone can see to."""
    with connection.cursor() as cursor:
        tables = [
            it
            for it in connection.introspection.table_names(cursor)
            if it.startswith("oversight_indicators_")
        ]
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        cursor.execute(
            "SELECT sum(pg_total_relation_size(it::regclass)) FROM unnest(%s::text[]) it", [tables]
        )
        return int(cursor.fetchone()[0])


def measure_tiles(until: date, *, at: datetime | None = None) -> dict[str, tuple[float, float]]:
    """Milliseconds, median and 95 of 100, of what a page asks for its tiles over the nation's year."""
    year, month = Days(until - _YEAR, until), Days(until - _SMALL, until)
    provinces = list(Agency.objects.filter(valid_on(until), level="province").values_list("path", flat=True))
    moment = at or timezone.now()
    questions: dict[str, Callable[[], object]] = {
        "figures of the year, the nation": lambda: figures("/", year),
        "figures of the year, a province": lambda: figures(provinces[0], year),
        "what stands open, the nation": lambda: stock_now(["/"], at=moment),
        "34 provinces beside each other, a measure of the year": lambda: figures_of(
            provinces, year, codes=["on_time_rate"]
        ),
        "34 provinces beside each other, all measures of a month": lambda: figures_of(provinces, month),
    }
    return {name: _milliseconds(ask) for name, ask in questions.items()}


def _milliseconds(ask: Callable[[], object]) -> tuple[float, float]:
    ask()
    took = []
    for _round in range(_ROUNDS):
        begun = time.perf_counter()
        ask()
        took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return round(took[_ROUNDS // 2], 1), round(took[int(_ROUNDS * 0.95)], 1)
