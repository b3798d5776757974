"""The facts of an installation's dossiers as files, for analysis: codes and hours, nobody's name or id.

What a dossier counts as follows from the same function as its share of the tallies (`rules.counts.share_of`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from motcua.foundation.worktime.moments import local
from motcua.oversight.indicators.consumers import facts_of
from motcua.oversight.indicators.facts import COLUMNS, quoted, session
from motcua.oversight.indicators.models import Measured
from motcua.oversight.indicators.rules.counts import Count, share_of
from motcua.oversight.indicators.rules.following import Facts
from motcua.registry.catalogue.models import Procedure
from motcua.registry.organisations.models import Agency

_STRUCTURE = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
_FLAGS = {
    "papers": Count.RECEIVED_PAPERS,
    "digitised": Count.RECEIVED_DIGITISED,
    "reused": Count.RECEIVED_REUSED,
    "obligation": Count.RECEIVED_OBLIGATION,
    "paid": Count.PAID_ONLINE,
    "result_expected": Count.RESULT_EXPECTED,
    "result_electronic": Count.RESULT_ELECTRONIC,
    "result_digitised": Count.RESULT_DIGITISED,
    "throughout": Count.ONLINE_THROUGHOUT,
}
_CLASSES = {
    Count.FINISHED_EARLY: "early",
    Count.FINISHED_ON_TIME: "on_time",
    Count.FINISHED_LATE: "late",
}
_ENDS = (Count.REFUSED, Count.WITHDRAWN, Count.STOPPED)
_NULL = "\\N"


def export_facts(folder: Path) -> int:
    """Write what the journal tells of every dossier, in place of what was written before; how many there are.

    Moments are cut to the hour, so that a row does not say when somebody stood at a counter. Raises NoAnalysis.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="motcua-facts-"))
    try:
        with session() as opened:
            text, made, rows = work / "facts.tsv", work / "facts.parquet", 0
            with text.open("w", encoding="utf-8") as out:
                for row in _rows():
                    out.write("\t".join(row) + "\n")
                    rows += 1
            opened.query(
                f"INSERT INTO FUNCTION file('{quoted(str(made))}', Parquet, '{_STRUCTURE}') "  # noqa: S608
                f"SELECT * FROM file('{quoted(str(text))}', TabSeparated, '{_STRUCTURE}')"
            )
        for old in folder.glob("*.parquet"):
            old.unlink()
        shutil.move(made, folder / made.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return rows


def _rows() -> Iterator[list[str]]:
    levels = dict(Agency.objects.order_by("valid_from").values_list("path", "level"))
    sectors = dict(Procedure.objects.values_list("code", "sector"))
    for row in Measured.objects.filter(submitted_at__isnull=False).order_by("submitted_at").iterator(5_000):
        facts = facts_of(row)
        if facts.agency:
            yield _row(facts, levels.get(facts.agency, ""), sectors.get(facts.procedure, ""))


def _row(facts: Facts, level: str, sector: str) -> list[str]:
    share = share_of(facts)
    counted = {count for _day, count in share.flows}
    ended = next((str(it) for it in _ENDS if it in counted), "")
    said = {
        "agency": facts.agency,
        "province": facts.agency.split("/")[1],
        "level": level,
        "procedure": facts.procedure,
        "sector": _escaped(sector),
        "channel": str(facts.channel),
        "offered": facts.level,
        "submitted": _hour(facts.submitted_at),
        "received": _hour(facts.accepted_at),
        "due": _day(facts.basis_at),
        "finished": _hour(facts.finished_at),
        "class": next((words for it, words in _CLASSES.items() if it in counted), ""),
        "worked_minutes": _NULL if facts.worked_minutes is None else str(facts.worked_minutes),
        "ending": ended,
        "ended": _day(facts.ended_at) if ended else _NULL,
        "rating": str(facts.rating),
        "rated": _day(facts.rated_at),
        "state": str(share.stock or ""),
    }
    said |= {name: str(int(count in counted)) for name, count in _FLAGS.items()}
    return [said[name] for name in COLUMNS]


def _hour(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H}:00:00" if moment else _NULL


def _day(moment: datetime | None) -> str:
    return local(moment).date().isoformat() if moment else _NULL


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ")
