"""Facts of dossiers as files for free analysis: one row a dossier, codes alone, read by chDB (extra `analysis`).

chDB is ClickHouse within this process; the same SQL runs on a cluster of it (docs/analysis.md).
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError

# Days and hours are those of Vietnam. `received`: acceptance, empty while it waits for it; `class`: early, on_time,
# late; `rating`: 3 very satisfied, 2 satisfied, 1 dissatisfied, 0 not asked; `state`: of what is not closed.
COLUMNS = {
    "agency": "LowCardinality(String)",
    "province": "LowCardinality(String)",
    "level": "LowCardinality(String)",
    "procedure": "LowCardinality(String)",
    "sector": "LowCardinality(String)",
    "channel": "UInt8",
    "offered": "LowCardinality(String)",
    "submitted": "DateTime",
    "received": "Nullable(DateTime)",
    "due": "Nullable(Date)",
    "finished": "Nullable(DateTime)",
    "class": "LowCardinality(String)",
    "worked_minutes": "Nullable(UInt32)",
    "papers": "UInt8",
    "digitised": "UInt8",
    "reused": "UInt8",
    "obligation": "UInt8",
    "paid": "UInt8",
    "result_expected": "UInt8",
    "result_electronic": "UInt8",
    "result_digitised": "UInt8",
    "throughout": "UInt8",
    "ending": "LowCardinality(String)",
    "ended": "Nullable(Date)",
    "rating": "UInt8",
    "rated": "Nullable(Date)",
    "state": "LowCardinality(String)",
}
# Beside files that are made up: whoever finds them knows what they are.
MARKER = "SIMULATED.json"
FORMATS = {"table": "PrettyCompactMonoBlock", "csv": "CSVWithNames", "json": "JSON"}
_TABLE = "CREATE TABLE motcua.facts (%s) ENGINE = File(Parquet, '%s/*.parquet')"
# The one way to write that ClickHouse's own `readonly` leaves open.
_OUTFILE = re.compile(r"\binto\s+outfile\b", re.IGNORECASE)


class NoAnalysis(DomainError):
    code = "no_analysis"
    message = _("chDB is not installed. Run the set-up again with MOTCUA_ANALYSIS=1.")


class NoFacts(DomainError):
    code = "no_facts"
    message = _("There are no facts in %(folder)s. Export them first.")


class BadQuestion(DomainError):
    code = "bad_question"
    message = _("The query was refused: %(why)s")
    status = 422


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one query: bytes of memory, seconds, threads."""

    memory: int = 2_000_000_000
    seconds: int = 60
    threads: int = 2


@contextmanager
def session() -> Iterator[Any]:
    """chDB with an empty database of its own, thrown away afterwards. One at a time in a process. Raises NoAnalysis."""
    try:
        from chdb.session import Session
    except ImportError as error:
        raise NoAnalysis from error
    folder = tempfile.mkdtemp(prefix="motcua-analysis-")
    opened = Session(folder)
    try:
        opened.query("CREATE DATABASE motcua ENGINE = Atomic")
        opened.query("USE motcua")
        opened.query("SET session_timezone = 'Asia/Ho_Chi_Minh'")
        yield opened
    finally:
        opened.close()
        shutil.rmtree(folder, ignore_errors=True)


def open_facts(opened: Any, folder: Path) -> None:
    """The table `facts` of a session: all files of a folder. Raises NoFacts."""
    if not any(folder.glob("*.parquet")):
        raise NoFacts(folder=str(folder))
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    opened.query(_TABLE % (columns, quoted(str(folder.absolute()))))


def quoted(text: str) -> str:
    """For a string in SQL, without the marks around it."""
    return text.replace("\\", "\\\\").replace("'", "\\'")


def analyse(question: str, folder: Path, *, shape: str = "table", limits: Limits = Limits()) -> str:
    """The answer to a SELECT over the table `facts`, in one of FORMATS. It can write nothing and read nothing else.

    Raises NoAnalysis, NoFacts, BadQuestion (with what ClickHouse says, also when a limit was passed).
    """
    if _OUTFILE.search(question):
        raise BadQuestion(why="INTO OUTFILE")
    with session() as opened:
        open_facts(opened, folder)
        opened.query(f"SET max_memory_usage = {limits.memory}")
        opened.query(f"SET max_execution_time = {limits.seconds}")
        opened.query(f"SET max_threads = {limits.threads}")
        # Last: from here on no setting can be changed any more, and no table function opens another file.
        opened.query("SET readonly = 1")
        try:
            return str(opened.query(question.rstrip().rstrip(";"), FORMATS[shape]))
        except RuntimeError as error:
            raise BadQuestion(why=_first_line(str(error))) from error


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line.split("DB::Exception: ", 1)[-1][:500]
