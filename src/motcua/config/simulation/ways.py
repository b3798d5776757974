"""The ways of made-up dossiers through their processes: which acts lead to which state. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_VERIFIED = ("accept", "hand-over")
_SUBMIT = ("draft-result", "submit-for-signature")
_SIGNED = ("sign", "return-result")


@dataclass(frozen=True, slots=True)
class Way:
    """Acts, as `dossiers.rules.courses` writes them, of the examination and of the drafting.

    asks: the process itself asks others for their opinion. brief: due too soon to be extended.
    """

    examined: tuple[str, ...] = ()
    drafted: tuple[str, ...] = _SUBMIT
    asks: bool = False
    brief: bool = False


PLAIN, BRIEF, UNPOSTED = Way(), Way(brief=True), Way(("complete-task@examination",))
POSTED = Way(
    ("complete-task@examination", "complete-task@posting", "fire@posted", "complete-task@objections")
)
HOUSE = Way(("complete-task@examination", "give-opinion@visit", "give-opinion@opinion_house"), asks=True)
WORKS = Way(
    (
        "complete-task@examination",
        "give-opinion@visit",
        "give-opinion@opinion_works",
        "give-opinion@opinion_environment",
    ),
    ("draft-result", "submit-for-signature@drafting", "submit-for-signature@review"),
    asks=True,
)
# How long the process posts before "fire@posted".
POSTING = "2wd"
_SUPPLEMENT, _OPINION = ("request-supplement", "supplement"), ("request-opinion", "give-opinion")
# State -> the acts that were done after the submission on the plain way.
STATES: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "submitted_claimed": ("claim",),
    "incomplete": ("request-supplement",),
    "accepted": ("accept",),
    "accepted_claimed": ("accept", "claim"),
    "verification": _VERIFIED,
    "verification_claimed": (*_VERIFIED, "claim"),
    "opinion_asked": (*_VERIFIED, "request-opinion"),
    "supplement_asked": (*_VERIFIED, "request-supplement"),
    "supplemented": (*_VERIFIED, *_SUPPLEMENT),
    "signing": (*_VERIFIED, *_SUBMIT),
    "signing_claimed": (*_VERIFIED, *_SUBMIT, "claim"),
    "finished": (*_VERIFIED, *_SUBMIT, "sign"),
    "refused": ("refuse",),
    "withdrawn_early": ("withdraw",),
    "withdrawn": (*_VERIFIED, "withdraw"),
    "stopped": (*_VERIFIED, "stop"),
    "payment_asked": (*_VERIFIED, "request-payment"),
    "returned_extended": (*_VERIFIED, "extend", *_SUBMIT, *_SIGNED),
    "returned_supplemented_twice": (*_VERIFIED, *_SUPPLEMENT, *_SUPPLEMENT, *_SUBMIT, *_SIGNED),
    "returned_supplemented": (*_VERIFIED, *_SUPPLEMENT, *_SUBMIT, *_SIGNED),
    "returned_asked": (*_VERIFIED, *_OPINION, *_SUBMIT, *_SIGNED),
    "returned": (*_VERIFIED, *_SUBMIT, *_SIGNED),
}


def acts_of(state: str, way: Way, turn: int = 0) -> tuple[str, ...]:
    """The acts that lead to a state. turn: any number; says how far an examination went, where it has several steps."""
    if way.brief and state == "returned_extended":
        state = "returned"
    acts = STATES[state]
    if way in {PLAIN, BRIEF}:
        return acts
    if state == "verification":
        return (*acts, *way.examined[: turn % (len(way.examined) + 1)])
    if way.asks and state == "opinion_asked":
        return (*_VERIFIED, way.examined[0])
    if way.asks and state == "returned_asked":
        acts = STATES["returned"]
    if _SUBMIT[0] not in acts:
        return acts
    drafting = acts.index(_SUBMIT[0])
    return (*acts[:drafting], *way.examined, *way.drafted, *acts[drafting + len(_SUBMIT) :])
