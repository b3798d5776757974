"""The scenarios of `motcua simulate`: how they are begun from the command line, and what they say."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.config.simulation.nation.running import write_nation
from motcua.config.simulation.province.comparing import Comparison
from motcua.config.simulation.province.quotas import LEAST, TooFew
from motcua.config.simulation.province.running import compare_played, ledger_path, play_province
from motcua.foundation.kernel.errors import DomainError
from motcua.oversight.indicators.facts import MARKER
from motcua.registry.places.services import PlacesMissing

PROVINCE, NATION = "vinh-phuc-2024", "nation"
SCENARIOS = (PROVINCE, NATION)


class Refused(Exception):
    """With the words for the terminal."""


@dataclass(frozen=True, slots=True)
class Said:
    """facts: for `--json`; lines: for people; is_right: the exit status."""

    facts: dict[str, Any]
    lines: list[str]
    is_right: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """`only_compare`: what was played before. `until`: the day before which a nation's facts lie."""

    dossiers: int
    seed: int
    until: date
    only_compare: bool = False


def facts_folder() -> Path:
    """Where a nation's facts lie, and those that are exported."""
    return Path(settings.VAR) / "facts"


def holds_nation() -> bool:
    """Whether the tallies were filled from made-up facts."""
    return (facts_folder() / MARKER).exists()


def run_province(asked: Asked, *, at: datetime, progress: Callable[[int], None]) -> Said:
    """Raises Refused."""
    data = Path(os.environ.get("MOTCUA_DATA", settings.PACKS.parent.parent / "shared" / "data"))
    try:
        if not asked.only_compare:
            play_province((asked.dossiers, asked.seed), data, at=at, progress=progress)
        found = compare_played()
    except TooFew as error:
        raise Refused(f"The scenario needs at least {LEAST} dossiers.") from error
    except PlacesMissing as error:
        raise Refused("The data of places are not installed. Run `make setup`.") from error
    except OSError as error:
        raise Refused(f"There is no ledger to compare with: {error}") from error
    except DomainError as error:
        raise Refused(str(error)) from error
    return Said(_facts(found), _words(found), found.is_equal)


def _facts(found: Comparison) -> dict[str, Any]:
    lines = [asdict(it) | {"equal": it.is_equal} for it in found.lines]
    return {
        "ledger": str(ledger_path()),
        "compared": found.compared,
        "differences": found.differences,
        "figures": lines,
        "equal": found.is_equal,
    }


def _words(found: Comparison) -> list[str]:
    width = max(len(it.name) for it in found.lines)
    lines = [f"Ledger: {ledger_path()}", f"{'':{width}}  {'ledger':22}  {'computed':22}  press"]
    for it in found.lines:
        mark = "equal" if it.is_equal else "DIFFERENT"
        lines.append(f"{it.name:{width}}  {it.ledger:22}  {it.computed:22}  {it.press:6} {mark}")
    lines.append(f"{found.compared:,} sums compared, {len(found.differences)} differ.")
    return lines + found.differences[:20]


def run_nation(asked: Asked, *, at: datetime, tell: Callable[[str, int], None]) -> Said:
    """Raises Refused."""
    try:
        done = write_nation((asked.dossiers, asked.seed, asked.until), facts_folder(), at=at, tell=tell)
    except PlacesMissing as error:
        raise Refused("The data of places are not installed. Run `make setup`.") from error
    except DomainError as error:
        raise Refused(str(error)) from error
    facts = asdict(done) | {"folder": str(facts_folder()), "simulated": True, "seed": asked.seed}
    millions = done.dossiers / 1_000_000
    lines = [
        f"{done.dossiers:,} dossiers' facts, all made up, in {facts_folder()}: {done.files} files,"
        f" {done.bytes / 1e6:,.0f} MB, {done.seconds['files']} s.",
        f"Tallies in {done.seconds['tallies']} s: "
        + ", ".join(f"{rows:,} rows of {name}" for name, rows in done.rows.items()),
        f"{done.table_bytes / 1e6:,.0f} MB of tables, {done.table_bytes / 1e6 / millions:,.0f} MB a million dossiers.",
    ]
    lines += [
        f"{name}: median {median} ms, 95 of 100 {most} ms" for name, (median, most) in done.tiles.items()
    ]
    return Said(facts, lines)
