"""The figures, added up as the journal is followed: small tables, so that a page asks little however many dossiers.

Rows of a scope come in two kinds: `is_below` False: the agency's own dossiers (those it decides); True: the sum of all
agencies strictly below it. An agency with all below it is the sum of both. The scope "/" stands above all.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from motcua.oversight.indicators.rules.counts import Count, Stock

_STATES = [(str(it), str(it)) for it in Stock]


def _scope() -> models.CharField[str, str]:
    return models.CharField(max_length=300)


class Tally(models.Model):
    """A column for each `Count`. A correction may take away what was added another day: rows can be negative, sums
    over all days known cannot."""

    scope = _scope()
    is_below = models.BooleanField()
    # 1 counter, 2 online, 3 post.
    channel = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


for _count in Count:
    _kind: Any = models.BigIntegerField if _count is Count.WORKED_MINUTES else models.IntegerField
    Tally.add_to_class(str(_count), _kind(db_default=0, default=0))


class DayTally(Tally):
    """By day, all procedures together. `known_on`: the local day on which the journal got the entries that say so, so
    that figures can be read as they were known then."""

    day = models.DateField()
    known_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "is_below", "day", "known_on", "channel"], name="day_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"


class MonthTally(Tally):
    """By month and procedure, as it is known now."""

    # Its first day.
    month = models.DateField()
    procedure = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "is_below", "month", "procedure", "channel"], name="month_tally_once"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="tally_of_a_month"),
        ]
        indexes = [models.Index(fields=["procedure", "month"], name="month_tally_procedure")]

    def __str__(self) -> str:
        return f"{self.scope} {self.month:%Y-%m} {self.procedure}"


class StockNow(models.Model):
    """What stands open now, by the day it is due (null: no limit). Rows with nothing are deleted."""

    scope = _scope()
    is_below = models.BooleanField()
    state = models.CharField(max_length=8, choices=_STATES)
    due_on = models.DateField(null=True)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "is_below", "state", "due_on"], name="stock_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(count__gte=0), name="stock_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.state} {self.due_on}"


class StockFlow(models.Model):
    """How the stock changed on a day (the local day of the act): its sum up to a day is the stock at the day's end."""

    scope = _scope()
    is_below = models.BooleanField()
    day = models.DateField()
    state = models.CharField(max_length=8, choices=_STATES)
    due_on = models.DateField(null=True)
    change = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "is_below", "day", "state", "due_on"],
                name="stock_flow_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day} {self.state} {self.change}"


class StockDay(models.Model):
    """The stock at the end of a day, frozen the night after: it stays, whatever is entered later."""

    scope = _scope()
    is_below = models.BooleanField()
    day = models.DateField()
    waiting = models.PositiveIntegerField()
    running = models.PositiveIntegerField()
    # Of those running: the due day was over, or this very day.
    late = models.PositiveIntegerField()
    standing = models.PositiveIntegerField()
    ready = models.PositiveIntegerField()
    # How far the journal had been followed.
    position = models.BigIntegerField()
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "is_below", "day"], name="stock_day_once")]
        indexes = [models.Index(fields=["day"], name="stock_day_day")]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"


class Arrivals(models.Model):
    """How many came in, by quarter of an hour of the local day (0 to 95)."""

    scope = _scope()
    is_below = models.BooleanField()
    day = models.DateField()
    slot = models.PositiveSmallIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "is_below", "day", "slot"], name="arrivals_once"),
            models.CheckConstraint(condition=models.Q(slot__lt=96), name="arrivals_within_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day} {self.slot}"


class Duration(models.Model):
    """How long finished dossiers took: working hours without stops, rounded up, by month of the finish."""

    scope = _scope()
    is_below = models.BooleanField()
    procedure = models.CharField(max_length=8)
    month = models.DateField()
    hours = models.PositiveIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "is_below", "procedure", "month", "hours"], name="duration_once"
            ),
            models.CheckConstraint(condition=models.Q(month__day=1), name="duration_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.procedure} {self.hours} h"
