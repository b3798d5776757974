"""Search and choose: one of thousands, by words, without JavaScript. Type, press "Find", choose from a short list.

A field NAME sends three values: NAME (the choice), NAME_words (what is in the box) and NAME_asked (the words that the
list belongs to). A choice from a list of other words than those in the box is stale and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.text import clean_line

_LONGEST = 100
_FOUND = _("Choose from what was found")
Raw = Mapping[str, Sequence[str] | str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One that can be chosen. `note` says in small print why it is offered."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What fits some words: a short list, and the question above it."""

    choices: tuple[Choice, ...] = ()
    question: str | Promise = _FOUND


@dataclass(frozen=True, slots=True)
class Search:
    """The state of one field: what was chosen, what was typed, and what fits it."""

    value: str = ""
    words: str = ""
    offer: Offer = Offer()

    @property
    def is_open(self) -> bool:
        """Something was typed and nothing chosen from what fits it."""
        return bool(self.words and not self.value)


def read_search(name: str, raw: Raw, find: Callable[[str], Offer], *, known: Choice | None = None) -> Search:
    """A field as a browser sent it. `find` is asked once at most; the only one that fits is taken as chosen.

    known: what was chosen before, which a page without words may send back.
    """
    value, words, asked = (_one(raw, name + part)[:_LONGEST] for part in ("", "_words", "_asked"))
    if not words:
        kept = known if known and value == known.value else None
        return Search(kept.value if kept else "", "", Offer((kept,)) if kept else Offer())
    offer = find(words)
    fitting = [choice.value for choice in offer.choices]
    chosen = value if words == asked and value in fitting else ""
    if not chosen and len(fitting) == 1:
        chosen = fitting[0]
    return Search(chosen, words, offer)


def _one(raw: Raw, name: str) -> str:
    value = raw.get(name, "")
    return clean_line(value if isinstance(value, str) else (value[-1] if value else ""))


class SearchChoiceWidget(forms.Widget):
    """The box, its button and the list. suggest_url: answers a script with the list."""

    template_name = "ui/widgets/search_choice.html"
    use_fieldset = True

    def __init__(self, search: Search, suggest_url: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.search, self.suggest_url = search, suggest_url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return context | list_context(name, self.search) | {"suggest_url": self.suggest_url}


def list_context(name: str, search: Search) -> dict[str, Any]:
    """What `ui/widgets/_search_choices.html` shows: of a page, or as the answer to a script."""
    return {"name": name, "search": search}
