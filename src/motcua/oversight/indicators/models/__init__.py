from motcua.oversight.indicators.models.evaluation import Frozen, Measured, Part, Scored, column
from motcua.oversight.indicators.models.tallies import (
    Arrivals,
    DayTally,
    Duration,
    MonthTally,
    StockDay,
    StockFlow,
    StockNow,
    Tally,
)

__all__ = [
    "Arrivals",
    "DayTally",
    "Duration",
    "Frozen",
    "Measured",
    "MonthTally",
    "Part",
    "Scored",
    "StockDay",
    "StockFlow",
    "StockNow",
    "Tally",
    "column",
]
