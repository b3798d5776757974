"""Who may lend which authority to whom, and what a paper says above the name of who signs. Pure.

Source: Decree 30/2020/NĐ-CP art. 13 (who signs for whom) and annex I (how it is printed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Authority = Literal["KT", "TL", "TUQ", "Q"]
Problem = Literal[
    "same_person",
    "other_agency",
    "not_head",
    "not_held",
    "not_lendable",
    "not_a_deputy",
    "not_a_unit_head",
    "by_administrator",
    "end_missing",
    "basis_missing",
    "period_ends_first",
    "period_past",
]

# What belongs to a post's work; rights over accounts, settings and the journal are nobody's to lend.
LENDABLE = ("leader", "specialist", "reception")
_COLLECTIVE = "Ủy ban nhân dân"


@dataclass(frozen=True, slots=True)
class Place:
    """Who holds a post where. `rank`: head or deputy of the unit, or ""."""

    officer: str
    agency: str
    unit: str
    rank: str


@dataclass(frozen=True, slots=True)
class Lending:
    """What is asked for. `holds`: whether the delegator has the right themself; `by_administrator`: who enters it."""

    authority: Authority
    right: str
    delegator: Place
    delegate: Place
    holds: bool
    by_administrator: bool
    valid_from: date
    valid_to: date | None
    has_basis: bool


def problem_of(asked: Lending, *, today: date) -> Problem | None:
    """Why it cannot be granted; None when it can. The period is half-open days."""
    return _period_problem(asked, today) or _persons_problem(asked) or _authority_problem(asked)


def _period_problem(asked: Lending, today: date) -> Problem | None:
    if asked.valid_to is not None and asked.valid_to <= asked.valid_from:
        return "period_ends_first"
    # What was signed before nobody had lent anything cannot be made good afterwards.
    return "period_past" if asked.valid_from < today else None


def _persons_problem(asked: Lending) -> Problem | None:
    if asked.delegator.officer == asked.delegate.officer:
        return "same_person"
    if asked.delegator.agency != asked.delegate.agency:
        return "other_agency"
    if asked.delegator.rank != "head":
        return "not_head"
    if asked.right not in LENDABLE:
        return "not_lendable"
    return None if asked.holds else "not_held"


def _authority_problem(asked: Lending) -> Problem | None:
    """KT. and Q. are for a deputy in the head's own unit, TL. for the head of another unit, TUQ. for any officer."""
    same_unit, rank = asked.delegator.unit == asked.delegate.unit, asked.delegate.rank
    if asked.authority in {"KT", "Q"} and not (same_unit and rank == "deputy"):
        return "not_a_deputy"
    if asked.authority == "TL" and (same_unit or rank != "head"):
        return "not_a_unit_head"
    # Acting heads are appointed; no head makes one.
    if asked.authority == "Q" and not asked.by_administrator:
        return "by_administrator"
    if asked.authority == "TUQ" and asked.valid_to is None:
        return "end_missing"
    return None if asked.authority == "KT" or asked.has_basis else "basis_missing"


@dataclass(frozen=True, slots=True)
class Signing:
    """In which capacity somebody signs. `authority` "" when for themself; `head_title` only under a delegation."""

    agency: str
    title: str
    authority: Authority | Literal[""] = ""
    head_title: str = ""


def signature_lines(signing: Signing) -> tuple[str, ...]:
    """The lines above the signature, in capitals, top first.

    A People's Committee is a collective: its head and who stands for the head sign on its behalf (TM.).
    """
    return tuple(line.upper() for line in (*_on_behalf(signing), *_capacity(signing)))


def _on_behalf(signing: Signing) -> tuple[str, ...]:
    is_collective = signing.agency.casefold().startswith(_COLLECTIVE.casefold())
    return (f"TM. {_COLLECTIVE}",) if is_collective and signing.authority in {"", "KT", "Q"} else ()


def _capacity(signing: Signing) -> tuple[str, ...]:
    if not signing.authority:
        return (signing.title,)
    head = f"{signing.authority}. {signing.head_title}"
    # An acting head signs as head, not in the post they have beside.
    return (head,) if signing.authority == "Q" else (head, signing.title)


def position(signing: Signing) -> str:
    """The position as signed, in one line: "Chủ tịch", "KT. Chủ tịch, Phó Chủ tịch"."""
    return ", ".join(_capacity(signing))
