"""Procedures as lists show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language

from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.words import limit_words


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def link_of(procedure: Procedure, *, longest: int = 400) -> dict[str, str]:
    """title, note (limit and fee), url. longest: legal names can have a thousand characters."""
    facts = [limit_words(procedure.facts["limit"]), in_language(procedure.facts["fee"], language())]
    return {
        "title": Truncator(in_language(procedure.names, language())).chars(longest),
        "note": " · ".join(fact for fact in facts if fact),
        "url": reverse("catalogue:procedure", args=[procedure.code]),
    }


def links_of(procedures: Iterable[Procedure], *, longest: int = 400) -> list[dict[str, str]]:
    return [link_of(it, longest=longest) for it in procedures]
