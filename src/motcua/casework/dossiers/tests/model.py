"""What a dossier should be after any acts, in plain Python: the oracle of `test_stateful`.

Nothing here asks the code under test; of the product only the pure arithmetic of working time is used. The ways through
the procedures are written down once more by hand, in `ways`.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from motcua.casework.dossiers.tests.model_parts import (
    AFTER,
    ENDING,
    ENTRIES,
    FREE,
    KINDS,
    PAPERS,
    RECALLABLE,
    STATUSES,
    Before,
    Stand,
    Stopped,
    Try,
)
from motcua.casework.dossiers.tests.ways import HOLDERS, Doing, Way
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due, hand_over_by
from motcua.foundation.worktime.events import Event, ImpossibleEvent, Kind
from motcua.foundation.worktime.history import Counting, history
from motcua.foundation.worktime.limits import parse_limit
from motcua.foundation.worktime.moments import add_working_time, roll_forward, working_time_between


@dataclass
class Model:
    """A dossier. `arrived`: gateways at which tokens wait for others."""

    way: Way
    calendar: Calendar
    status: int = 1
    revision: int = 1
    open: list[Stand] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=lambda: ["dossier.submitted"])
    papers: Counter[str] = field(default_factory=Counter)
    brought: int = 0
    opinions: int = 0
    answered: int = 0
    public: str = ""
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    basis_at: datetime | None = None
    silent_at: datetime | None = None
    # Until when the supplement may be brought; when the applicant is told again; whether they were.
    bring: tuple[datetime, datetime] | None = None
    warned: bool = False
    rounds: int = 0
    clock: list[Event] = field(default_factory=list)
    asked_from: int = 0
    before: Before | None = None
    stopped: Stopped | None = None
    doers: dict[str, str] = field(default_factory=dict)
    services: int = 0
    numbers: int = 0
    # Of the last draft; of the last time that something else was declared.
    drafted_at: datetime | None = None
    declared_at: datetime | None = None
    # How often it went to the other agency; how often it had when an opinion was asked for.
    transfers: int = 0
    asked_after: int = 0

    # --- What may be done -------------------------------------------------------------------------------------

    def doing(self, stand: Stand) -> Doing:
        return self.way.steps[stand.step]

    @property
    def tasks(self) -> list[Stand]:
        return [it for it in self.open if it.kind == "task"]

    def stand(self, number: int) -> Stand | None:
        return next((it for it in self.open if it.number == number), None)

    def may(self, tried: Try) -> bool:
        """Whether the act is allowed."""
        stand = self.stand(tried.number)
        if stand is None or stand.kind != "task" or self.status not in STATUSES[tried.act]:
            return False
        doing = self.doing(stand)
        if tried.act in KINDS and doing.act not in KINDS[tried.act]:
            return False
        if tried.act == "assign":
            leads = tried.who == "leader" and not doing.elsewhere
            return leads and tried.to in HOLDERS[doing.role]
        if tried.act == "release":
            leads = tried.who == "leader" and not doing.elsewhere
            return stand.by is not None and (stand.by == tried.who or leads)
        is_theirs = stand.by == tried.who or (stand.by is None and tried.who in doing.who)
        if not is_theirs or tried.who not in HOLDERS[doing.role]:
            return False
        if tried.act in {"draft", "decline"}:
            return any(self.way.signs(doing, it) for it in doing.outcomes)
        if tried.act in {"submit", "sign"} and not self._is_drafted:
            return False
        return tried.act not in ENDING or tried.outcome in self.outcomes(doing, tried.act)

    @property
    def _is_drafted(self) -> bool:
        """By what is declared now."""
        if self.drafted_at is None:
            return False
        return self.declared_at is None or self.declared_at <= self.drafted_at

    def outcomes(self, doing: Doing, act: str) -> list[str]:
        """The outcomes by which this act ends the step."""
        if act not in ENDING or doing.act not in KINDS[act]:
            return []
        if act == "return":
            return list(doing.back)
        if act in {"submit", "complete"}:
            return [it for it in doing.outcomes if self.way.signs(doing, it) == (act == "submit")]
        return list(doing.outcomes)

    def tries(self, people: tuple[str, ...]) -> list[Try]:
        """Every act of everybody at every open task, allowed or not."""
        found = []
        for stand in self.tasks:
            for act in ENTRIES:
                outcomes = self.outcomes(self.doing(stand), act) or [""]
                named = people if act == "assign" else ("",)
                found += [
                    Try(act, who, stand.step, stand.number, outcome, to)
                    for who in people
                    for outcome in outcomes
                    for to in named
                ]
        return found

    def may_recall(self, who: str) -> bool:
        last = self.before
        if not last or last.by != who or last.revision != self.revision or self.status not in {2, 4, 9}:
            return False
        followed = [it for it in self.open if it.number in last.opened]
        return bool(followed or last.joined) and not any(it.touched or it.paused for it in followed)

    def begin(self, at: datetime) -> None:
        self._open("reception", at, paused=False)

    # --- Acts -------------------------------------------------------------------------------------------------

    def do(self, tried: Try, at: datetime) -> None:
        """An allowed act."""
        stand = self.stand(tried.number)
        assert stand
        self.journal.append(ENTRIES[tried.act])
        if tried.act in {"claim", "assign", "release"}:
            stand.by = {"claim": tried.who, "assign": tried.to}.get(tried.act)
            stand.touched = True
            return
        self.revision += 1
        if tried.act == "sign":
            self.status = AFTER["sign"]
        if tried.act in ENDING:
            self._end_task(stand, tried, at)
        self.status = AFTER.get(tried.act, self.status)
        self._make_papers(tried.act, at)
        if tried.act == "accept":
            self.accepted_at, self.due_at = at, due(at, parse_limit(self.way.limit), self.calendar).at
            self.basis_at, self.silent_at = self.due_at, self._silence(at)
            # The desk hands it over the same day, in the next morning what came after 15:00.
            stand.due = min(hand_over_by(at, self.calendar), self.due_at)
        if tried.act == "ask":
            self.opinions, self.asked_after = self.opinions + 1, self.transfers
        if tried.act == "transfer":
            self._transfer()
        if tried.act == "request":
            self.rounds += 1
            self.bring, self.warned = self._terms(at), False
        if tried.act in {"request", "pay"}:
            self._pause(at, 5 if tried.act == "request" else 6)
        if tried.act == "refuse":
            self._close()

    def _transfer(self) -> None:
        """Whoever had a task there has it no more, nor does who did another one; the dates stay."""
        self.transfers, self.before = self.transfers + 1, None
        for stand in self.tasks:
            stand.touched = True
            if not self.doing(stand).elsewhere:
                stand.by = None
        self.doers = {it: who for it, who in self.doers.items() if self.way.steps[it].elsewhere}

    @property
    def answers(self) -> str:
        """Who answers the last question: it was asked of the agency that does not decide, which may have changed."""
        return "stranger" if (self.transfers - self.asked_after) % 2 == 0 else "builder"

    def _make_papers(self, act: str, at: datetime) -> None:
        if PAPERS.get(act) == "draft":
            self.drafted_at = at
        if act == "correct":
            self.declared_at = at
        if act in PAPERS:
            self.papers[PAPERS[act]] += 1
        if act == "hand out" and self.way.slip:
            self.papers["return"] += 1

    def _end_task(self, stand: Stand, tried: Try, at: datetime) -> None:
        doing = self.doing(stand)
        target = (doing.outcomes | doing.back)[tried.outcome]
        before = deepcopy((self.open, self.arrived))
        public, others = self.public, len(self.open) - 1
        self.doers[stand.step] = tried.who
        opened = self._leave(stand, target, at)
        stayed = len(self.open) - len(opened) == others
        waits = len(self.arrived) - len(before[1])
        is_plain = stayed and waits >= 0 and all(it.kind == "task" for it in opened)
        if tried.act in RECALLABLE and is_plain and (opened or waits > 0):
            numbers = {it.number for it in opened}
            self.before = Before(
                tried.who, self.revision, stand.number, numbers, waits > 0, self.status, *before, public
            )
        else:
            self.before = None

    def recall(self, who: str) -> None:
        last = self.before
        assert last
        claims = {it.number: it for it in self.open}
        self.open, self.arrived, self.status, self.public = last.open, last.arrived, last.status, last.public
        # Whoever took another task meanwhile keeps it.
        self.open = [claims.get(it.number, it) for it in self.open]
        task = self.stand(last.stand)
        assert task
        task.by, task.touched = who, False
        # Opened again, after what was open beside it.
        self.open.remove(task)
        self.open.append(task)
        self.before, self.revision = None, self.revision + 1
        self.journal.append("dossier.recalled")

    def answer_opinion(self) -> None:
        self.answered += 1
        self.revision += 1
        self.journal.append("dossier.opinion_given")

    def _pause(self, at: datetime, status: int) -> None:
        self.asked_from, self.status = self.status, status
        for stand in self.open:
            stand.paused = stand.touched = True
        self._tick(Kind.STOPPED, at)

    def supplement(self, at: datetime) -> None:
        """What was asked for is there: every limit again from now on."""
        self.brought += 1
        self.bring, self.declared_at = None, at
        self._go_on("dossier.supplemented", at)

    def _go_on(self, entry: str, at: datetime) -> None:
        self.status, self.revision = self.asked_from, self.revision + 1
        self.journal.append(entry)
        self._tick(Kind.RESTARTED, at)
        for stand in self.open:
            stand.paused = False
            self._count(stand, at, only=set(stand.timers))

    def _tick(self, kind: Kind, at: datetime, until: datetime | None = None) -> None:
        """Something happens to the clock, if one runs."""
        if self.accepted_at:
            self.clock.append(Event(kind, at, until))
            self._counted(at)

    def _counted(self, at: datetime) -> None:
        """Both dates by the clock and today's calendar. A date that was named stays named, unless it became a day off."""
        assert self.accepted_at
        counting = Counting(parse_limit(self.way.limit), self.calendar)
        plain = [it for it in self.clock if it.kind is not Kind.EXTENDED]
        named = None
        try:
            found = history(self.accepted_at, counting, self.clock, at=at)
        except ImpossibleEvent:
            found = history(self.accepted_at, counting, plain, at=at)
            named = self._named()
        self.basis_at, self.due_at = found.basis_at or self.basis_at, found.due_at or self.due_at
        if named and self.due_at:
            self.due_at = max(self.due_at, named)
        self.silent_at = self._silence(at)

    def _named(self) -> datetime | None:
        """The date that an extension named since the last restart."""
        since = [it for it in self.clock if it.kind in {Kind.EXTENDED, Kind.RESTARTED}]
        until = since[-1].until if since else None
        if until is None:
            return None
        return datetime.combine(roll_forward(until.date(), self.calendar), until.timetz())

    def _silence(self, at: datetime) -> datetime | None:
        """When the law decides, by the same clock without an extension; never while it stands still."""
        if not self.way.silence or not self.accepted_at:
            return None
        counting = Counting(parse_limit(self.way.silence[0]), self.calendar)
        plain = [it for it in self.clock if it.kind is not Kind.EXTENDED]
        return history(self.accepted_at, counting, plain, at=at).due_at

    def _terms(self, at: datetime) -> tuple[datetime, datetime]:
        """15 working days, and the warning three before (vietnam.md T6)."""
        return due(at, parse_limit("15wd"), self.calendar).at, due(at, parse_limit("12wd"), self.calendar).at

    # --- Acts of the law without a task -----------------------------------------------------------------------

    def may_free(self, act: str, who: str, at: datetime) -> bool:
        whose, statuses = FREE[act]
        if who != whose or self.status not in statuses:
            return False
        if act in {"resume", "recall stop"}:
            kind = self.stopped.kind if self.stopped else ""
            return kind == ("suspend" if act == "resume" else "stop")
        if act == "recompute":
            return self.would_change(at)
        return act != "suspend" or self.way.suspends

    def would_change(self, at: datetime) -> bool:
        """Whether today's calendar gives another date."""
        again = deepcopy(self)
        again._counted(at)
        return (again.due_at, again.basis_at) != (self.due_at, self.basis_at)

    def new_date(self, days: int, at: datetime) -> datetime | None:
        """The due moment moved to the first working day after so many days; None where the law allows none any more:
        moved before, or less than a working day before the due day (vietnam.md T8)."""
        if self.due_at is None or self.status not in FREE["extend"][1]:
            return None
        last = self.due_at.date() - timedelta(days=1)
        while not self.calendar.is_working(last):
            last -= timedelta(days=1)
        if any(it.kind is Kind.EXTENDED for it in self.clock) or at.date() > last:
            return None
        day = roll_forward(self.due_at.date() + timedelta(days=days), self.calendar)
        return datetime.combine(day, self.due_at.timetz())

    def do_free(self, act: str, at: datetime) -> None:
        """An allowed one."""
        if act == "confirm":
            self._go_on("dossier.payment_confirmed", at)
        elif act in {"recall stop", "resume"}:
            self._recall_stop(at, "dossier.stop_recalled" if act == "recall stop" else "dossier.resumed")
        elif act == "recompute":
            self.revision += 1
            self.journal.append("dossier.recomputed")
            self._counted(at)
        else:
            self._end(act, at)

    def _end(self, act: str, at: datetime) -> None:
        is_stop, before = act in {"stop", "suspend", "close"}, self.status
        ran = self.accepted_at is not None and not (self.clock and self.clock[-1].kind is Kind.STOPPED)
        if is_stop:
            kind = "suspend" if act == "suspend" else "stop"
            self.stopped = Stopped(kind, self.bring, at, before, self.open, self.arrived, ran)
        if is_stop or before != 1:
            self.papers["stopping" if self.accepted_at or not is_stop else "refusal"] += 1
        if ran:
            self._tick(Kind.STOPPED, at)
        self._close()
        self.status, self.revision = 8 if is_stop else 7, self.revision + 1
        entry = "dossier.suspended" if act == "suspend" else "dossier.stopped"
        self.journal.append(entry if is_stop else "dossier.withdrawn")

    def _close(self) -> None:
        self.open, self.arrived, self.before = [], [], None

    def extend(self, until: datetime, at: datetime) -> None:
        """An apology names another date; what is open and not overdue has the working time between besides."""
        assert self.due_at
        gained = working_time_between(self.due_at, until, self.calendar)
        for stand in self.open:
            if stand.due and stand.due > at:
                stand.due = min(add_working_time(stand.due, gained, self.calendar), until)
        self.papers["apology"] += 1
        self.revision += 1
        self.journal.append("dossier.extended")
        self._tick(Kind.EXTENDED, at, until)

    def sweep(self, at: datetime) -> None:
        """What the timer of supplements does now: it closes what is overdue, or tells the applicant again."""
        if self.status != 5 or not self.bring:
            return
        if self.bring[0] <= at:
            self._end("close", at)
        elif self.bring[1] <= at and not self.warned:
            self.warned = True
            self.journal.append("dossier.supplement_warned")

    def fall_silent(self, at: datetime) -> None:
        """What the law makes of the agency's silence."""
        runs = not (self.clock and self.clock[-1].kind is Kind.STOPPED)
        if self.status not in {2, 4} or not runs or not self.silent_at or self.silent_at >= at:
            return
        assert self.way.silence
        self.status = 10 if self.way.silence[1] == "approved" else 8
        self.stopped = None
        self._close()
        self.revision += 1
        self.journal.append("dossier.silence")

    def _recall_stop(self, at: datetime, entry: str) -> None:
        """Everything as it was, later by the working time between."""
        was, self.stopped = self.stopped, None
        assert was
        self.open, self.arrived, self.status, self.revision = (
            was.open,
            was.arrived,
            was.status,
            self.revision + 1,
        )
        self.journal.append(entry)
        stood = working_time_between(was.at, at, self.calendar)

        def later(moment: datetime) -> datetime:
            is_moved = bool(stood) and moment > was.at
            return add_working_time(moment, stood, self.calendar) if is_moved else moment

        for stand in self.open:
            stand.due = later(stand.due) if stand.due else None
            stand.timers = {name: later(moment) for name, moment in stand.timers.items()}
        if was.ran:
            self._tick(Kind.RESUMED, at)
        if was.status == 5 and was.bring:
            over = was.bring[0] <= was.at
            self.bring = self._terms(at) if over else (later(was.bring[0]), later(was.bring[1]))

    # --- Without anybody --------------------------------------------------------------------------------------

    def fire(self, stand: Stand, name: str, at: datetime) -> None:
        """A timer that is due, or ("") a waiting one."""
        self.revision += 1
        self.journal.append("dossier.timer_fired")
        if not name:
            self._leave(stand, self.way.steps[stand.step].outcomes[""], at)
            return
        del stand.timers[name]
        _after, target, interrupts = self.doing(stand).timers[name]
        if interrupts:
            self._leave(stand, target, at)
        else:
            self._go(target, at, paused=stand.paused)

    def due_timers(self, at: datetime) -> list[tuple[int, str]]:
        return [
            (stand.number, name)
            for stand in self.open
            if not stand.paused
            for name, moment in stand.timers.items()
            if moment <= at
        ]

    def happen(self, stand: Stand, entry: str, at: datetime) -> None:
        """A service has run, a message has come."""
        self.revision += 1
        self.services += entry == "dossier.service_run"
        self.journal.append(entry)
        self._leave(stand, self.doing(stand).outcomes[""], at)

    # --- Tokens -----------------------------------------------------------------------------------------------

    def _leave(self, stand: Stand, target: str, at: datetime) -> list[Stand]:
        known = {it.number for it in self.open}
        self.open.remove(stand)
        self._go(target, at, paused=stand.paused)
        return [it for it in self.open if it.number not in known]

    def _go(self, target: str, at: datetime, *, paused: bool) -> None:
        if target in self.way.splits:
            for one in self.way.splits[target]:
                self._go(one, at, paused=paused)
        elif target in self.way.joins:
            self._join(target, at, paused=paused)
        elif target == "end":
            self.open.clear()
            self.arrived.clear()
        elif target in self.way.steps:
            self._open(target, at, paused=paused)

    def _join(self, target: str, at: datetime, *, paused: bool) -> None:
        """One of the branches has arrived: on, when it was the last."""
        branches, following = self.way.joins[target]
        if any(it.step in branches for it in self.open):
            self.arrived.append(target)
            return
        self.arrived = [it for it in self.arrived if it != target]
        self._go(following, at, paused=paused)

    def _open(self, step: str, at: datetime, *, paused: bool) -> None:
        doing = self.way.steps[step]
        self.numbers += 1
        stand = Stand(self.numbers, step, doing.kind, at, paused=paused, by=self.doers.get(doing.did))
        self._count(stand, at, only=set(doing.timers))
        self.open.append(stand)
        self.public = doing.public or self.public

    def _count(self, stand: Stand, at: datetime, *, only: set[str]) -> None:
        doing = self.doing(stand)
        if stand.kind == "task":
            stand.due = due(at, parse_limit(doing.limit), self.calendar).at
            if self.due_at and self.status in {2, 4}:  # no step is due after the whole
                stand.due = min(stand.due, self.due_at)
        for name in only:
            stand.timers[name] = due(at, parse_limit(doing.timers[name][0]), self.calendar).at
