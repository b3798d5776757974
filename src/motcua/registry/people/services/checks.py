"""What every act on people asks first: is the number possible, may the officer?"""

from __future__ import annotations

from datetime import date

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import Refused
from motcua.registry.people.adapters.provinces import number_provinces
from motcua.registry.people.errors import PERSONAL_FAULTS, TAX_FAULTS, ImpossibleNumber
from motcua.registry.people.rules.numbers import personal_fault, tax_fault

# Who enters people at the counter.
DESK = "reception"
# Who answers for the register being right.
KEEPER = "data_protection"


def require_right(actor: Actor, *rights: str) -> None:
    """Raises Refused unless the actor is an officer who holds one of the rights somewhere."""
    if not (actor.is_officer and actor.scopes(*rights)):
        raise Refused


def require_possible(number: str, *, birth: date, sex: str) -> None:
    """Raises ImpossibleNumber with the reason."""
    if fault := personal_fault(number, number_provinces(), birth=birth, sex=sex):
        raise ImpossibleNumber(field="personal_number", reason=PERSONAL_FAULTS[fault])


def require_tax_code(code: str) -> None:
    """Raises ImpossibleNumber with the reason."""
    if fault := tax_fault(code):
        raise ImpossibleNumber(field="tax_code", reason=TAX_FAULTS[fault])
