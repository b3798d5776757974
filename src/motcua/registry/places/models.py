from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from motcua.registry.places.rules.words import KINDS, in_sentence

# Two local levels since 1 July 2025: districts were abolished (vietnam.md 9).
TWO_LEVELS_SINCE = date(2025, 7, 1)


class Place(models.Model):
    """A province, a district (until 30 June 2025), or a commune, for as long as it existed.

    Codes are those of the General Statistics Office: text with leading zeros, 2 digits for a province, 3 for a
    district, 5 for a commune. New units took over codes of former ones, so a code names a place only together
    with a day (vietnam.md 2.8). Half-open; `valid_from` None: before the data begin.
    """

    class Level(models.TextChoices):
        PROVINCE = "province"
        DISTRICT = "district"
        COMMUNE = "commune"

    code = models.CharField(max_length=5)
    level = models.CharField(max_length=10, choices=Level.choices)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS])
    # With its kind: "Xã Thịnh Minh".
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    # Made by `rules.words`: the name, the name without its kind, the same without blanks, and names of all levels
    # after a blank.
    name_key = models.CharField(max_length=100)
    bare_key = models.CharField(max_length=100)
    joined_key = models.CharField(max_length=100)
    search_text = models.CharField(max_length=300)
    # By the name itself: "Xã" and "Phường" in front would part neighbours in the alphabet.
    sort_key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_place_per_code_and_day",
                expressions=[
                    ("code", "="),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_to"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(level="province", code__regex=r"^\d{2}$", parent=None)
                | Q(level="district", code__regex=r"^\d{3}$", parent__isnull=False)
                | Q(level="commune", code__regex=r"^\d{5}$", parent__isnull=False),
                name="place_code_form",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="place_period",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="place_search"),
            GinIndex(fields=["joined_key"], opclasses=["gin_trgm_ops"], name="place_joined"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """ "Thị trấn Lâm Thao, huyện Lâm Thao, tỉnh Phú Thọ": with all above it. A query for each not yet read."""
        return f"{self.name}, {in_sentence(self.parent.full_name)}" if self.parent else self.name

    def exists_at(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class PlaceSuccession(models.Model):
    """What became of a place. A divided place has several rows, one for each successor."""

    class Kind(models.TextChoices):
        CONTINUED = "continued"
        RENAMED = "renamed"
        MERGED = "merged"
        SPLIT = "split"

    old = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="predecessions")
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="one_succession_per_pair")]

    def __str__(self) -> str:
        return f"{self.old_id} {self.kind} {self.new_id}"
