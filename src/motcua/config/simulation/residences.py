"""Where made-up people live. Pure."""

from __future__ import annotations

from motcua.config.simulation.births import Place
from motcua.config.simulation.people import Person


def residence(person: Person, place: Place) -> str:
    """Where the person lives, by their number."""
    return f"Khu {int(person.personal_number[-6:]) % 19 + 1}, {place.words}"
