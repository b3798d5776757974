"""What everybody may see: written at night, with what would tell of a few people left out already."""

from __future__ import annotations

from django.db import models


class PublishedMonth(models.Model):
    """A month of the public figures, as the journal told it when they were written."""

    # Its first day.
    month = models.DateField(primary_key=True)
    # The last day counted; within the month: it is not over.
    until = models.DateField()
    # How far the journal had been followed.
    position = models.BigIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="published_month_begins"),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("month")), name="published_month_has_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Published(models.Model):
    """A figure of a scope, with all below it. Both numbers null: too few to show; no row: nobody.

    A count has no denominator of its own: it is 1.
    """

    scope = models.CharField(max_length=300)
    month = models.ForeignKey(PublishedMonth, on_delete=models.CASCADE, db_column="month")
    code = models.CharField(max_length=60)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "month", "code"], name="published_once"),
            models.CheckConstraint(
                condition=models.Q(numerator=None, denominator=None)
                | models.Q(numerator__isnull=False, denominator__isnull=False),
                name="published_whole_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.month_id} {self.code}"
