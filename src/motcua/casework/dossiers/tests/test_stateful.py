"""Random acts of random people against a small model: status, tokens, clocks, journal and documents agree after each.

On real connections and with real commits. More of it: MOTCUA_NIGHTLY=1 (`make nightly`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.casework.dossiers.models import Dossier, Opinion
from motcua.casework.dossiers.rules.silence import silence_of
from motcua.casework.dossiers.services import tasking
from motcua.casework.dossiers.services.overdue import sweep_supplements
from motcua.casework.dossiers.services.silence import decide_by_silence
from motcua.casework.dossiers.tests.comparing import Compared
from motcua.casework.dossiers.tests.model import Model
from motcua.casework.dossiers.tests.model_parts import FREE, Stand, Try
from motcua.casework.dossiers.tests.players import Players, at_once
from motcua.casework.dossiers.tests.ways import WAYS, Way
from motcua.casework.process import contributions
from motcua.casework.process.services import defer_due_timers, defer_waiting_services
from motcua.foundation.journal.models import Batch, Entry, Leaf
from motcua.foundation.journal.services import follow_once, verify_journal
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.organisations.selectors import calendar_of

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("races")]
OFFICERS = ("reception", "specialist", "builder", "leader", "province", "environment", "stranger")
EVERYBODY = (*OFFICERS, "mother", "neighbour")
IS_NIGHT = os.environ.get("MOTCUA_NIGHTLY") == "1"
# Of each way.
EXAMPLES, STEPS = (100, 60) if IS_NIGHT else (5, 20)
# How often each, of all.
HAPPENINGS = (
    *["go_on"] * 8, *["act"] * 5, *["refused"] * 4, *["recall"] * 4, *["twice_at_once"] * 2, *["supplement"] * 3,
    *["time_passes"] * 3, "answer", "answer", "payment", "publish", *["by_law"] * 5, *["extend"] * 2, "day_off", "day_off",
    "overdue", "silence",
)  # fmt: skip


class Died(RuntimeError):
    """A service whose process was killed."""


@pytest.fixture
def db(shared_database: None) -> None:
    """Not a transaction: what is done is committed, and seen by other connections."""


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often the service of the made-up process ran; "dies": how often it fails first."""
    counts: Counter[str] = Counter()

    def note(subject: UUID, at: Any) -> None:
        if counts["dies"]:
            counts["dies"] -= 1
            raise Died
        counts[str(subject)] += 1

    monkeypatch.setitem(contributions._services, "test.note", note)
    return counts


class Acts(Compared, RuleBasedStateMachine):
    """One dossier, its people, and what the model says of both."""

    players: Players
    notes: Counter[str]
    way: Way

    def __init__(self) -> None:
        super().__init__()
        self.at = self.players.begins
        self.entries: list[Any] = []
        # Whether a paper waits to be sent; whether jobs were lost once.
        self.waiting = self.lost = False
        # The token of each of the model's numbers; what was taken back has a new one.
        self.tokens: dict[int, UUID] = {}

    # --- What happens -----------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        """A new dossier, and so many steps of its usual way, so that all places are reached."""
        self.dossier = self.players.submit(self.way, at=self.at)
        calendar = calendar_of(self.dossier.agency, on=self.at.date())
        self.model = Model(self.way, calendar)
        self.model.begin(self.at)
        self.compare()
        for _ in range(data.draw(st.integers(0, len(self.way.steps)), label="ahead")):
            self.go_on(data)

    @rule(data=st.data())
    def happen(self, data: st.DataObject) -> None:
        """One of everything. Not a rule each: hypothesis leaves out some rules for a whole run."""
        name = data.draw(st.sampled_from(HAPPENINGS), label="what")
        getattr(self, name)(data)

    def act(self, data: st.DataObject) -> None:
        """One of the acts that are allowed now."""
        allowed = [it for it in self.model.tries(EVERYBODY) if self.model.may(it)]
        if not allowed:
            return
        # First the act, so that those that everybody may do do not crowd out the others.
        acts = sorted({it.act for it in allowed})
        act = data.draw(st.sampled_from(acts), label="act")
        if act == "refuse":  # it ends everything: not so often
            act = data.draw(st.sampled_from(acts), label="act")
        self._do(data.draw(st.sampled_from([it for it in allowed if it.act == act]), label="try"))

    def go_on(self, data: st.DataObject) -> None:
        """What usually comes next, by whoever's turn it is."""
        ends = {"accept", "hand-over", "draft", "submit", "complete", "sign", "hand out", "opinion"}
        allowed = [it for it in self.model.tries(OFFICERS) if it.act in ends and self.model.may(it)]
        if self.model.papers["draft"]:
            allowed = [it for it in allowed if it.act != "draft"] or allowed
        if allowed:
            self._do(data.draw(st.sampled_from(allowed), label="try"))
        elif any(it.kind == "message" for it in self.model.open):
            self.payment(data)
        elif self.model.status == 5:
            self._supplement("mother", brings=True)
        elif self.model.status == 6:
            self._by_law("confirm", "reception")
        elif self.model.status == 8:
            kind = self.model.stopped.kind if self.model.stopped else ""
            self._by_law("resume" if kind == "suspend" else "recall stop", "leader")
        else:
            self.time_passes(data)

    def refused(self, data: st.DataObject) -> None:
        """An act that is not allowed, or with an old page: nothing changes."""
        is_old = data.draw(st.booleans(), label="old page")
        tries = [it for it in self.model.tries(EVERYBODY) if is_old or not self.model.may(it)]
        if not tries:
            return
        tried = data.draw(st.sampled_from(tries), label="try")
        revision = self.model.revision - is_old
        self.expect_refusal(lambda: self._perform(tried, revision=revision))

    def twice_at_once(self, data: st.DataObject) -> None:
        """Two connections do the same: one does it, the other is refused."""
        allowed = [it for it in self.model.tries(OFFICERS) if self.model.may(it)]
        allowed = [it for it in allowed if it.act not in {"claim", "assign", "draft", "ask"}]
        if not allowed:
            return
        tried = data.draw(st.sampled_from(allowed), label="try")
        perform = self._call(tried, revision=self.model.revision)
        outcomes = at_once(perform, perform)
        assert sum(isinstance(it, DomainError) for it in outcomes) == 1, outcomes
        assert sum(isinstance(it, Exception) for it in outcomes) == 1, outcomes
        self._did(tried)

    def recall(self, data: st.DataObject) -> None:
        """By who did the last act, or by anybody."""
        model, last = self.model, self.model.before
        is_last = last and model.may_recall(last.by) and data.draw(st.booleans(), label="the last")
        who = last.by if last and is_last else data.draw(st.sampled_from(EVERYBODY), label="who")

        def call() -> object:
            page = self.players.page(self.dossier, model.revision)
            return tasking.recall(actor=self.players.actor(who), target=page, at=self.at)

        if model.may_recall(who):
            call()
            model.recall(who)
            self.compare()
        else:
            self.expect_refusal(call)

    def by_law(self, data: st.DataObject) -> None:
        """An act without a task, mostly by who may, seldom one that ends everything."""
        acts = (
            "stop",
            "stop",
            "recall stop",
            "recall stop",
            "recall stop",
            "confirm",
            "withdraw",
            "withdraw for",
            "suspend",
            "resume",
            "resume",
            "recompute",
        )
        act = data.draw(st.sampled_from(acts), label="free act")
        is_final = act.startswith("withdraw") and data.draw(st.integers(0, 3), label="meant")
        whose = data.draw(st.sampled_from(EVERYBODY), label="who") if is_final else FREE[act][0]
        self._by_law(act, whose)

    def _by_law(self, act: str, who: str) -> None:
        model, revision = self.model, self.model.revision

        def call() -> object:
            return self.players.free(act, who, self.dossier, revision=revision, at=self.at)

        if model.may_free(act, who, self.at):
            call()
            model.do_free(act, self.at)
            self.compare()
        # Done, or with an old page, or not theirs.
        self.expect_refusal(call)

    def extend(self, data: st.DataObject) -> None:
        """An apology, by the leader or somebody else, in time or not, once or again."""
        model, days = self.model, data.draw(st.integers(1, 9), label="days")
        who = data.draw(st.sampled_from(("leader", "leader", "leader", "specialist")), label="who")
        until = model.new_date(days, self.at)
        on = until.date() if until else self.at.date() + timedelta(days=days)
        page = self.players.page(self.dossier, model.revision)

        def call() -> object:
            by = {"target": page, "at": self.at}
            return self.players.extend(who, self.dossier, on=on, by=by)

        if until and who == "leader":
            call()
            model.extend(until, self.at)
            self.compare()
        self.expect_refusal(call)

    def day_off(self, data: st.DataObject) -> None:
        """The office will be closed on one of the next days: what is promised stays until somebody counts anew."""
        on = self.at.date() + timedelta(days=data.draw(st.integers(1, 8), label="in days"))
        self.players.close_office(self.dossier, on=on, at=self.at)
        dossier = Dossier.objects.select_related("agency").get(pk=self.dossier.pk)
        self.model.calendar = calendar_of(dossier.agency, on=self.at.date())
        self.compare()
        self._by_law("recompute", "leader")

    def overdue(self, _data: st.DataObject) -> None:
        """The timer of supplements, just before, when the applicant is told again, and when it closes."""
        bring = self.model.bring
        if self.model.status != 5 or not bring:
            sweep_supplements(at=self.at)
            self.compare()
            return
        moment = bring[0] if self.model.warned else bring[1]
        for at in (moment - timedelta(minutes=1), moment, moment):
            self.at = max(self.at, at)
            sweep_supplements(at=self.at)
            self.model.sweep(self.at)
            self.compare()

    def silence(self, _data: st.DataObject) -> None:
        """Nobody decides in time, where the procedure has a rule; else nothing happens."""
        moment = self.model.silent_at
        waits = any(self.model.stand(it) for it, _name in self.model.due_timers(moment)) if moment else False
        if moment and not waits and not any(it.kind == "service" for it in self.model.open):
            self.at = max(self.at, moment)
        for _ in range(2):
            decide_by_silence(at=self.at)
            self.model.fall_silent(self.at)
            self.compare()
            self.at += timedelta(minutes=1)

    def answer(self, data: st.DataObject) -> None:
        """To the last question that was asked beside the process."""
        model, who = self.model, data.draw(st.sampled_from(("stranger", "builder", "mother")), label="who")
        opinion = Opinion.objects.filter(dossier=self.dossier, question="?").order_by("-id").first()
        if not opinion:
            return

        def call() -> object:
            return self.players.answer(who, opinion.id, at=self.at)

        if who == model.answers and not opinion.answered_at and model.status in {2, 4, 5, 6}:
            call()
            model.answer_opinion()
            self.compare()
        else:
            self.expect_refusal(call)

    def supplement(self, data: st.DataObject) -> None:
        """What was asked for, sent twice; or with nothing in hand, or by somebody else."""
        people = ("mother", "mother", "mother", "neighbour", "builder")
        self._supplement(data.draw(st.sampled_from(people)), brings=data.draw(st.booleans()))

    def _supplement(self, who: str, *, brings: bool) -> None:
        model, revision = self.model, self.model.revision
        is_asked = model.status == 5

        def call() -> object:
            return self.players.supplement(who, self.dossier, revision=revision, at=self.at)

        if is_asked and brings:
            self.players.bring(self.dossier, at=self.at, number=model.brought)
            self.waiting = True
        if is_asked and brings and who == "mother":
            call()
            model.supplement(self.at)
            self.waiting = False
            self.compare()
            self.expect_refusal(call)
        elif not is_asked or who != "mother" or not self.waiting:
            self.expect_refusal(call)

    def time_passes(self, data: st.DataObject) -> None:
        """Timers and services by their jobs; lost ones are found by the sweep, each job may run twice."""
        self.at += timedelta(hours=data.draw(st.sampled_from((1, 3, 5, 26, 100)), label="hours"))
        lost, dies = data.draw(st.booleans(), label="jobs lost"), data.draw(st.integers(0, 1), label="dies")
        jobs = ProcrastinateJob.objects.filter(
            task_name="dossiers.advance", args__subject=str(self.dossier.id)
        )
        done: list[dict[str, str]] = []
        while True:
            if lost:
                jobs.filter(status="todo").delete()
            # Without a loss the jobs alone do everything.
            self.lost |= lost
            if self.lost:
                defer_due_timers(before=self.at + timedelta(seconds=1))
                defer_waiting_services(before=self.at + timedelta(seconds=1))
            waiting = [it for it in self._due(jobs) if it not in done]
            if not waiting:
                break
            self._advance(waiting[0], dies=dies)
            done.append(waiting[0])
        assert not self.model.due_timers(self.at)
        assert not any(it.kind == "service" for it in self.model.open)
        for args in done[:2]:
            assert self._run(args) is None
        self.compare()

    def payment(self, _data: st.DataObject) -> None:
        """A message; the second time nobody waits for it."""
        stand = next((it for it in self.model.open if it.kind == "message"), None)

        def call() -> object:
            return tasking.take_message(
                actor=SYSTEM, dossier_id=self.dossier.id, message="payment", at=self.at
            )

        if stand:
            call()
            self.model.happen(stand, "dossier.message_received", self.at)
            self.compare()
        self.expect_refusal(call)

    def publish(self, _data: st.DataObject) -> None:
        """New versions of procedure and process: what runs keeps its own."""
        self.players.publish(self.way, at=self.at)
        self.compare()

    def teardown(self) -> None:
        self.players.take_back_versions(self.dossier)
        self.players.open_offices(at=self.at)

    # --- Doing ------------------------------------------------------------------------------------------------

    def _do(self, tried: Try) -> None:
        self._perform(tried, revision=self.model.revision)
        self._did(tried)

    def _did(self, tried: Try) -> None:
        self.model.do(tried, self.at)
        if tried.act == "transfer":  # from now on by the people there, and their working time
            self.players = self.players.there
            self.model.calendar = calendar_of(self.players.home.agency, on=self.at.date())
        self.compare()

    def _call(self, tried: Try, *, revision: int) -> Callable[[], object]:
        page = self.players.page(self.dossier, revision, self.tokens[tried.number])
        checks = self.way.steps[tried.step].checks
        return self.players.call(self.dossier, tried, page, checks=checks, way=self.way, at=self.at)

    def _perform(self, tried: Try, *, revision: int) -> object:
        return self._call(tried, revision=revision)()

    def _due(self, jobs: Any) -> list[dict[str, str]]:
        rows = jobs.filter(status="todo").order_by("scheduled_at", "id")
        return [it.args for it in rows if it.scheduled_at is None or it.scheduled_at <= self.at]

    def _run(self, args: dict[str, str]) -> object:
        return tasking.advance(
            dossier_id=UUID(args["subject"]), token_id=UUID(args["token"]), timer=args["timer"], at=self.at
        )

    def _advance(self, args: dict[str, str], *, dies: int) -> None:
        """One job. What it does to the model, the model knows by its own timers."""
        token = UUID(args["token"])
        number = next((it for it, known in self.tokens.items() if known == token), 0)
        stand, name = self.model.stand(number), args["timer"]
        if stand and stand.kind == "service":
            self._serve(stand, args, dies=dies)
            return
        is_due = (number, name) in self.model.due_timers(self.at)
        assert (self._run(args) is not None) == is_due, args
        if is_due and stand:
            self.model.fire(stand, name, self.at)
        self.compare()

    def _serve(self, stand: Stand, args: dict[str, str], *, dies: int) -> None:
        self.notes["dies"] = dies
        if dies:
            with pytest.raises(Died):
                self._run(args)
            self.compare()
        assert self._run(args) is not None
        self.model.happen(stand, "dossier.service_run", self.at)
        self.compare()

    def expect_refusal(self, call: Callable[[], object]) -> None:
        with pytest.raises(DomainError):
            call()
        self.compare()


def seal_everything() -> None:
    """Transactions in other databases of the cluster have to end first."""
    last = Entry.objects.order_by("-sequence").values_list("pk", flat=True).first()
    for _ in range(500):
        follow_once()
        if Leaf.objects.filter(entry_id=last).exists():
            return
        Event().wait(0.02)
    raise AssertionError("not sealed")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whatever_people_do_the_dossier_is_as_the_model_says(
    world, notes, settings_of_journal, law_of_the_way, way
):
    machine = type("Machine", (Acts,), {"players": Players.of(world), "notes": notes, "way": way})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not IS_NIGHT,
            # A failure is told as it was found: making it smaller takes minutes.
            phases=list(Phase) if IS_NIGHT else [Phase.generate],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    seal_everything()
    assert Batch.objects.exists()
    report = verify_journal()
    assert (report.fault_count, report.entries) == (0, Entry.objects.count())


@pytest.fixture
def law_of_the_way(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a special law named what silence means and a suspension."""
    rule = None
    if way.silence:
        rule = silence_of(
            {"silence": {"after": way.silence[0], "means": way.silence[1], "source": "made up"}}
        )
    services = "motcua.casework.dossiers.services"
    for room in (f"{services}.clock", f"{services}.silence"):
        monkeypatch.setattr(f"{room}.rule_of_silence", lambda dossier: rule)
    named = {"vi": "Điều 1 Luật Thí dụ"} if way.suspends else {}
    monkeypatch.setattr(f"{services}.ending.suspension_law", lambda procedure: named)


@pytest.fixture
def settings_of_journal(settings, tmp_path):
    """The heads of this database, and of no other."""
    settings.JOURNAL_HEADS_FILE = tmp_path / "heads.jsonl"
