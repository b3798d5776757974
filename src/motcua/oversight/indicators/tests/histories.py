"""Made-up histories of dossiers, as entries of the journal: what may happen, in any order that may come about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from motcua.foundation.journal.models import Entry, Leaf
from motcua.foundation.kernel.ids import new_id

FIRST = datetime(2024, 1, 30, 15, 0, tzinfo=UTC)
Said = tuple[str, dict[str, Any]]


@dataclass
class Life:
    """One dossier on its way. `said`: its entries so far, the last one's status and what it stood at before."""

    random: Random
    codes: Sequence[str]
    status: int = 0
    before: int = 0
    is_accepted: bool = False
    is_suspended: bool = False
    is_rated: bool = False

    def moment(self, most: int = 40) -> str:
        """Within some days, also around midnight in Vietnam."""
        return (FIRST + timedelta(minutes=self.random.randrange(most * 24 * 60))).isoformat()

    def begin(self) -> Said:
        pick = self.random
        facts: dict[str, Any] = {
            "procedure": pick.choice(["1.001193", "1.000656"]),
            "agency": pick.choice(self.codes),
            "papers": ["a"] * pick.randrange(3),
            "level": pick.choice(["", "partial", "full", "proactive"]),
        }
        facts |= {name: True for name in ("to_pay", "no_result") if pick.random() < 0.3}
        if pick.random() < 0.2:
            facts["reused"] = ["a"]
        if pick.random() < 0.2:
            facts |= {"papers": ["a", "b"], "states": [pick.randrange(4), 1]}
        if pick.random() < 0.6:
            return self._at(1, "submitted", facts | {"channel": 2})
        facts |= {"channel": pick.choice([1, 3])}
        if pick.random() < 0.15:
            return self._at(3, "refused", facts | {"came_at": self.moment()})
        if pick.random() < 0.4:
            facts |= {"on_paper": 2, "unscanned": pick.randrange(2)}
        self.is_accepted = True
        due = {"accepted_at": self.moment(), "due_at": self.moment(60)}
        return self._at(2, "taken_in", facts | due)

    def go_on(self) -> Said | None:
        """What happens next; None: nothing any more."""
        ways: dict[int, list[Callable[[], Said]]] = {
            1: [self._accept, self._accept, self._transfer, self._ask, lambda: self._at(3, "refused", {}),
                lambda: self._at(7, "withdrawn", {})],
            2: [self._hand_over, self._hand_over, self._transfer, self._extend, self._pay],
            4: [self._sign, self._sign, self._ask, self._pay, self._transfer, self._extend, self._recompute,
                self._stop, self._suspend, self._silence, lambda: self._at(7, "withdrawn", {})],
            5: [self._supplement, self._supplement, self._stop],
            6: [self._confirm, self._confirm, self._stop],
            8: [self._undo],
            9: [lambda: self._at(10, "result_returned", {"way": self.random.choice(["counter", "warehouse"])}),
                self._rate],
            10: [self._rate],
        }  # fmt: skip
        fitting = [it for it in ways.get(self.status, []) if it != self._rate or not self.is_rated]
        return self.random.choice(fitting)() if fitting else None

    def _at(self, status: int, kind: str, facts: dict[str, Any]) -> Said:
        self.before, self.status = self.status, status
        return f"dossier.{kind}", facts | {"status": status}

    def _due(self) -> dict[str, Any]:
        basis = {"basis_at": self.moment(60)} if self.random.random() < 0.3 else {}
        return {"due_at": self.moment(60), **basis}

    def _accept(self) -> Said:
        self.is_accepted = True
        return self._at(2, "accepted", {"due_at": self.moment(60)})

    def _hand_over(self) -> Said:
        return self._at(4, "handed_over", {"step": "desk", "next_step": "work"})

    def _transfer(self) -> Said:
        return self._at(self.status, "transferred", {"from": "x", "to": self.random.choice(self.codes)})

    def _ask(self) -> Said:
        return self._at(5, "supplement_requested", {"due_at": self.moment()})

    def _supplement(self) -> Said:
        due = {"due_at": self.moment(60)} if self.is_accepted else {}
        return self._at(
            4 if self.is_accepted else 1, "supplemented", {"papers": ["z"], "reused": ["z"], **due}
        )

    def _pay(self) -> Said:
        return self._at(6, "payment_requested", {"amount_vnd": 5})

    def _confirm(self) -> Said:
        return self._at(4, "payment_confirmed", {"due_at": self.moment(60)})

    def _extend(self) -> Said:
        return self._at(self.status, "extended", {"due_at": self.moment(60)})

    def _recompute(self) -> Said:
        return self._at(4, "recomputed", self._due())

    def _stop(self) -> Said:
        return self._at(8, "stopped", {})

    def _suspend(self) -> Said:
        self.is_suspended = True
        return self._at(8, "suspended", {})

    def _undo(self) -> Said:
        kind, self.is_suspended = ("resumed" if self.is_suspended else "stop_recalled"), False
        return self._at(self.before, kind, self._due())

    def _sign(self) -> Said:
        worked = {"worked_minutes": self.random.randrange(5000)} if self.random.random() < 0.9 else {}
        return self._at(9, "signed", worked)

    def _silence(self) -> Said:
        return self._at(self.random.choice([8, 10]), "silence", {"due_at": self.moment()})

    def _rate(self) -> Said:
        self.is_rated = True
        return "survey.answered", {"rating": self.random.randrange(1, 4), "way": "link"}


def entries(random: Random, codes: Sequence[str], *, dossiers: int) -> list[Entry]:
    """Of several dossiers, in the order in which the journal gets them; clocks go on, jump and go back."""
    lives: dict[UUID, Life] = {new_id(): Life(random, codes) for _ in range(dossiers)}
    open_, made, at = list(lives), [], FIRST
    while open_:
        dossier = random.choice(open_)
        life = lives[dossier]
        said = life.go_on() if life.status else life.begin()
        if not said or random.random() < 0.03:
            open_.remove(dossier)
            continue
        at += timedelta(hours=random.choice([0, 1, 5, 30, -20]))
        recorded = at + timedelta(hours=random.choice([0, 0, 0, 3, 50]))
        kind, facts = said
        made.append(
            Entry(
                kind=kind, at=at, recorded_at=recorded, actor_kind="system", object_kind="dossier",
                object_id=dossier, facts=facts,
            )
        )  # fmt: skip
    return made


def sealed(made: Sequence[Entry], *, after: int) -> dict[int, Entry]:
    """Stored, with positions after a position."""
    Entry.objects.bulk_create(made)
    numbered = dict(enumerate(made, start=after + 1))
    Leaf.objects.bulk_create(
        Leaf(position=position, entry_id=it.id, hash=b"0" * 32, tag=b"0" * 32, batch=1)
        for position, it in numbered.items()
    )
    return numbered
