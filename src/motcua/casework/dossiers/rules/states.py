"""The state table: which act leads from which status to which, at which kind of step. Pure.

Statuses are the ten synchronisation statuses of the national portal; transitions per Decree 118/2025/NĐ-CP and
the portal's interface (vietnam.md 1.1, 1.2). Why an act is allowed there only, in words: `reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from motcua.casework.dossiers.rules import articles


class Status(IntEnum):
    SUBMITTED = 1
    ACCEPTED = 2
    REFUSED = 3
    IN_PROCESS = 4
    SUPPLEMENT_REQUESTED = 5
    FINANCIAL_OBLIGATION = 6
    WITHDRAWN = 7
    STOPPED = 8
    FINISHED = 9
    RETURNED = 10


class Clock(StrEnum):
    """What an act does to the legal clock of an accepted dossier (vietnam.md 1.1, 1.3, 1.4)."""

    STAYS = "stays"
    STARTS = "starts"
    # Nothing counts until it goes on.
    STOPS = "stops"
    # From zero, with the whole limit.
    RESTARTS = "restarts"
    # With what remained.
    RESUMES = "resumes"
    ENDS = "ends"
    # The due date is another one, the original stays the basis.
    MOVES = "moves"
    RECOUNTS = "recounts"


# By which act a step of a process is done (`act` in process.yaml).
STEP_ACTS = frozenset({"accept", "complete-task", "give-opinion", "sign", "return-result"})


@dataclass(frozen=True, slots=True)
class Act:
    """`needs`: the kinds of step one of whose open tasks it is done at; empty: none.

    `right`: held at the deciding agency; empty: the right that the task's step names, where the task lies.
    `target`: the status it leads to; None: it stays, or the act's service says. `ends`: it completes the task, with one
    of the step's outcomes. `changes`: it changes the dossier, so that a page from before is old; claiming does not.
    `recallable`: who did it may take it back until the next step has begun. `by_applicant`: the applicant does it too,
    or nobody else where it has no right. `by_client`: a program with the scope for it does it too: what needs no
    officer's name on a paper and decides nothing. `paper`: the kind of document it leaves, if any. `law`: what says so;
    empty for steps of the work, which the procedure's process lays down (Decree 118/2025/NĐ-CP leaves them to it).
    """

    code: str
    entry: str
    sources: frozenset[Status]
    needs: frozenset[str]
    right: str = ""
    target: Status | None = None
    ends: bool = False
    changes: bool = True
    recallable: bool = False
    by_applicant: bool = False
    by_client: bool = False
    paper: str = ""
    clock: Clock = Clock.STAYS
    law: tuple[articles.Article, ...] = ()


_S = Status
_BEFORE_THE_END = frozenset({_S.SUBMITTED, _S.ACCEPTED, _S.IN_PROCESS, _S.FINISHED})
_WORK = frozenset({_S.IN_PROCESS})
_BEFORE_SIGNING = frozenset({_S.SUBMITTED, _S.ACCEPTED, _S.IN_PROCESS})
# Where the agency may stop it.
_ENDABLE = frozenset({_S.IN_PROCESS, _S.SUPPLEMENT_REQUESTED, _S.FINANCIAL_OBLIGATION})
_RUNNING = frozenset({_S.ACCEPTED, _S.IN_PROCESS})


def _kinds(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


_ACTS = (
    # At the counter or by post, for who is present: out of nothing, so from no status (vietnam.md 1.2).
    Act(
        "take-in",
        "dossier.taken_in",
        frozenset(),
        frozenset(),
        "reception",
        _S.ACCEPTED,
        paper="receipt",
        clock=Clock.STARTS,
        law=(articles.ONE_STOP, articles.RECEPTION),
    ),
    Act(
        "accept",
        "dossier.accepted",
        frozenset({_S.SUBMITTED}),
        _kinds("accept"),
        "reception",
        _S.ACCEPTED,
        paper="receipt",
        clock=Clock.STARTS,
        law=(articles.ONE_STOP, articles.RECEPTION),
    ),
    Act(
        "hand-over",
        "dossier.handed_over",
        # From 4, when it was returned to the desk.
        frozenset({_S.ACCEPTED, _S.IN_PROCESS}),
        _kinds("accept"),
        "reception",
        _S.IN_PROCESS,
        ends=True,
        recallable=True,
        by_client=True,
        law=(articles.HAND_OVER,),
    ),
    Act("draft-result", "dossier.result_drafted", _WORK, _kinds("complete-task"), paper="draft"),
    Act(
        "submit-for-signature",
        "dossier.submitted_for_signature",
        _WORK,
        _kinds("complete-task"),
        ends=True,
        recallable=True,
    ),
    # A step after the signature is work too.
    Act(
        "complete-task",
        "dossier.task_completed",
        frozenset({_S.IN_PROCESS, _S.FINISHED}),
        _kinds("complete-task"),
        ends=True,
        recallable=True,
    ),
    # Whose name the paper carries: who stands in for an absent leader signs in their own, and the other way round.
    Act(
        "name-signer",
        "dossier.signer_named",
        _WORK,
        _kinds("sign"),
        "leader",
        paper="draft",
        law=(articles.SIGNING,),
    ),
    Act(
        "sign",
        "dossier.signed",
        _WORK,
        _kinds("sign"),
        "leader",
        _S.FINISHED,
        ends=True,
        paper="result",
        clock=Clock.ENDS,
        law=(articles.SIGNING,),
    ),
    Act(
        "return-task",
        "dossier.task_returned",
        _WORK,
        _kinds("complete-task", "give-opinion", "sign"),
        ends=True,
        recallable=True,
    ),
    Act(
        "return-result",
        "dossier.result_returned",
        frozenset({_S.FINISHED}),
        _kinds("return-result"),
        "reception",
        _S.RETURNED,
        ends=True,
        by_client=True,
        paper="return",
        law=(articles.RETURNING,),
    ),
    Act("claim", "dossier.task_claimed", _BEFORE_THE_END, STEP_ACTS, changes=False),
    Act("assign", "dossier.task_assigned", _BEFORE_THE_END, STEP_ACTS, "leader", changes=False),
    # A claimed or assigned task goes back to everybody who may do it.
    Act("hand-back", "dossier.task_handed_back", _BEFORE_THE_END, STEP_ACTS, changes=False),
    Act("recall", "dossier.recalled", frozenset({_S.ACCEPTED, _S.IN_PROCESS, _S.FINISHED}), frozenset()),
    Act("request-opinion", "dossier.opinion_requested", _WORK, STEP_ACTS),
    # At a step of the process; who was asked beside it answers without one.
    Act(
        "give-opinion",
        "dossier.opinion_given",
        frozenset({_S.IN_PROCESS, _S.SUPPLEMENT_REQUESTED, _S.FINANCIAL_OBLIGATION}),
        _kinds("give-opinion"),
        ends=True,
    ),
    Act(
        "request-supplement",
        "dossier.supplement_requested",
        frozenset({_S.SUBMITTED, _S.IN_PROCESS}),
        _kinds("accept", "complete-task", "sign"),
        target=_S.SUPPLEMENT_REQUESTED,
        paper="supplement",
        clock=Clock.STOPS,
        law=(articles.COMPLETE_ONCE, articles.COUNTED_ANEW),
    ),
    # By the applicant; back to the status and the step that asked.
    Act(
        "supplement",
        "dossier.supplemented",
        frozenset({_S.SUPPLEMENT_REQUESTED}),
        frozenset(),
        by_applicant=True,
        clock=Clock.RESTARTS,
        law=(articles.COUNTED_ANEW,),
    ),
    Act(
        "refuse",
        "dossier.refused",
        frozenset({_S.SUBMITTED}),
        _kinds("accept"),
        "reception",
        target=_S.REFUSED,
        paper="refusal",
        law=(articles.ONE_STOP, articles.REFUSAL_IN_TIME),
    ),
    # At the counter on the applicant's written request.
    Act(
        "withdraw",
        "dossier.withdrawn",
        frozenset({_S.SUBMITTED, _S.ACCEPTED, *_ENDABLE}),
        frozenset(),
        "reception",
        target=_S.WITHDRAWN,
        by_applicant=True,
        paper="stopping",
        clock=Clock.ENDS,
        law=(articles.STOPPING,),
    ),
    Act(
        "stop",
        "dossier.stopped",
        _ENDABLE,
        frozenset(),
        "leader",
        target=_S.STOPPED,
        paper="stopping",
        clock=Clock.ENDS,
        law=(articles.STOPPING,),
    ),
    # By who stopped it; back to the status before.
    Act(
        "recall-stop",
        "dossier.stop_recalled",
        frozenset({_S.STOPPED}),
        frozenset(),
        "leader",
        clock=Clock.RESUMES,
        law=(articles.STATUSES,),
    ),
    Act(
        "suspend",
        "dossier.suspended",
        _WORK,
        frozenset(),
        "leader",
        target=_S.STOPPED,
        paper="stopping",
        clock=Clock.STOPS,
        law=(articles.EXAMINATION,),
    ),
    Act(
        "resume",
        "dossier.resumed",
        frozenset({_S.STOPPED}),
        frozenset(),
        "leader",
        clock=Clock.RESUMES,
        law=(articles.EXAMINATION,),
    ),
    Act(
        "draft-refusal",
        "dossier.refusal_drafted",
        _WORK,
        _kinds("complete-task"),
        paper="draft",
        law=(articles.REFUSAL_IN_TIME,),
    ),
    Act(
        "request-payment",
        "dossier.payment_requested",
        frozenset({_S.ACCEPTED, _S.IN_PROCESS}),
        _kinds("accept", "complete-task"),
        target=_S.FINANCIAL_OBLIGATION,
        paper="payment",
        clock=Clock.STOPS,
        law=(articles.STATUSES,),
    ),
    # Back to the status that asked for it.
    Act(
        "confirm-payment",
        "dossier.payment_confirmed",
        frozenset({_S.FINANCIAL_OBLIGATION}),
        frozenset(),
        "reception",
        clock=Clock.RESTARTS,
        law=(articles.STATUSES,),
    ),
    Act(
        "transfer",
        "dossier.transferred",
        _BEFORE_SIGNING,
        _kinds("accept", "complete-task"),
        law=(articles.ONE_STOP,),
    ),
    Act(
        "correct",
        "dossier.data_corrected",
        _BEFORE_SIGNING,
        _kinds("accept", "complete-task"),
        law=(articles.ONE_STOP,),
    ),
    # The due date is moved once, with an apology; by the head of the agency.
    Act(
        "extend",
        "dossier.extended",
        _RUNNING,
        frozenset(),
        "leader",
        paper="apology",
        clock=Clock.MOVES,
        law=(articles.APOLOGY,),
    ),
    # The due date is counted anew by the calendar of the day.
    Act(
        "recompute",
        "dossier.recomputed",
        _RUNNING,
        frozenset(),
        "leader",
        clock=Clock.RECOUNTS,
        law=(articles.EXAMINATION,),
    ),
)
ACTS = {act.code: act for act in _ACTS}


# Without a result.
ENDED = frozenset({_S.REFUSED, _S.WITHDRAWN, _S.STOPPED})


def is_allowed(act: Act, *, status: Status, kind: str | None) -> bool:
    """Whether the dossier stands where this act may be done. `kind`: of the open task's step, None without a task.

    The right is checked beside it.
    """
    return status in act.sources and (not act.needs or kind in act.needs)
