"""What the warehouse adds to the settings, and how its readings are told people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.casework.warehouse.contributions import register_entry_words
from motcua.casework.warehouse.web.words import ENTRIES, PROVEN, READINGS
from motcua.foundation.installation.contributions import Declaration, Group, register_group, register_setting
from motcua.registry.people.contributions import register_reading

USUAL_DAYS, MOST_DAYS = 90, 366


def register() -> None:
    register_group(
        Group(
            "documents",
            _("Documents of people"),
            _("How people share what the State issued to them."),
            order=60,
        )
    )
    register_setting(
        Declaration(
            "documents.longest_share_days",
            "int",
            _("A share lasts so many days at most"),
            _("Whoever shares a document by a code chooses when that ends, within so many days."),
            USUAL_DAYS,
            bounds=(1, MOST_DAYS),
        )
    )
    register_entry_words(PROVEN)
    for kind in READINGS:
        register_reading(kind, lambda facts, kind=kind: ENTRIES[kind])  # type: ignore[misc]
