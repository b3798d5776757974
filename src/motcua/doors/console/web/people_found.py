"""What the search across rooms finds of people: exactly who bears a number, or a name and date of birth."""

from __future__ import annotations

import re
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from motcua.doors.console.web.people_forms import KINDS
from motcua.foundation.ui.formats import format_date
from motcua.foundation.ui.searching import Hit, SearchSource, register_search
from motcua.registry.people.models import Person
from motcua.registry.people.rules.numbers import is_paper_number
from motcua.registry.people.selectors import Sought, find_people
from motcua.registry.people.services.checks import DESK, KEEPER

_DAY = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
# Shorter ones are numbers of houses and communes; with signs between they are codes of dossiers.
_LEAST_PAPER = 7


def register() -> None:
    register_search(
        SearchSource(
            area="desk",
            title=gettext_lazy("People"),
            find=find,
            order=30,
            shows=lambda request: bool(request.actor.scopes(DESK, KEEPER)),  # type: ignore[attr-defined]
        )
    )


def find(request: HttpRequest, words: str) -> list[Hit]:
    """As on the page "People": the search by a number is an entry of the journal; names go with a date of birth."""
    sought = sought_in(words)
    if not sought:
        return []
    actor = request.actor  # type: ignore[attr-defined]
    return [_hit(person) for person in find_people(actor, sought, at=timezone.now())]


def sought_in(words: str) -> Sought | None:
    """Whom the words may mean: "025 197 004 187", "C01X00T47", "nguyen thi mau 14/8/1997"; None: nobody."""
    number = "".join(words.split()).upper()
    if len(number) == 12 and number.isascii() and number.isdecimal():
        return Sought(number=number)
    if len(number) >= _LEAST_PAPER and " " not in words.strip() and is_paper_number(number):
        return Sought(number=number)
    if not (found := _DAY.search(words)):
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    name = (words[: found.start()] + words[found.end() :]).strip(" ,;")
    return Sought(name=name, birth_date=born) if name else None


def _hit(person: Person) -> Hit:
    born = format_date(person.birth_date, (get_language() or "vi").split("-")[0], weekday=False)
    facts = (person.masked_number, born, str(dict(KINDS)[person.kind]))
    return Hit(
        title=person.full_name,
        url=reverse("console:person", args=[person.id]),
        note=" · ".join(fact for fact in facts if fact),
    )
