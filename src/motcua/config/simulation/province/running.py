"""The order `--scenario vinh-phuc-2024`: play, follow the journal, compare; or compare again what was played."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.config.simulation.province.comparing import Comparison, compare
from motcua.config.simulation.province.ground import PlayedBefore, lay_ground
from motcua.config.simulation.province.ledger import Ledger, load_ledger
from motcua.config.simulation.province.playing import Game
from motcua.foundation.journal.services import catch_up, follow_once
from motcua.oversight.indicators.services import NAME as FIGURES

LEDGER = "vinh-phuc-2024-ledger.json"


def ledger_path() -> Path:
    return Path(settings.VAR) / "scenario" / LEDGER


def play_province(
    order: tuple[int, int],
    data: Path,
    *,
    at: datetime,
    progress: Callable[[int], None] = lambda entered: None,
) -> Ledger:
    """order: dossiers, seed. Raises PlayedBefore, TooFew, PlacesMissing, CannotBegin."""
    if Dossier.objects.exists():
        raise PlayedBefore
    game = Game(lay_ground(data=data, seed=order[1], at=at), order, at=at)
    ledger = game.run(progress)
    ledger.save(ledger_path())
    return ledger


def compare_played() -> Comparison:
    """With the ledger of the last run. Raises OSError.

    Messages to applicants of 2024 and the like are left to the follower: figures wait for none of them.
    """
    follow_once(only=FIGURES)
    # It waits where a follower is at it already.
    catch_up(FIGURES, clock=timezone.now)
    return compare(load_ledger(ledger_path()))
