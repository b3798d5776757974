"""Ways through procedures as `model` knows them, written down by hand, and one made up with everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from motcua.casework.dossiers.tests.process_factories import LANES, step

# Who holds the right that a step needs where it lies.
HOLDERS = {
    "reception": ("reception",),
    "specialist": ("specialist", "builder"),
    "leader": ("leader",),
    "province": ("province",),
    "environment": ("environment",),
    "": (),
}


@dataclass(frozen=True)
class Doing:
    """A step. `role`: whose right it needs; `who`: of those, who may do it unasked; `timers`: (after, target,
    interrupts) by name; `public`: what the applicant reads in English."""

    role: str = ""
    act: str = ""
    limit: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)
    timers: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    checks: int = 0
    did: str = ""
    public: str = ""
    only: tuple[str, ...] = ()
    kind: str = "task"

    @property
    def who(self) -> tuple[str, ...]:
        return self.only or HOLDERS[self.role]

    @property
    def elsewhere(self) -> bool:
        return self.role in {"province", "environment"}


@dataclass(frozen=True)
class Way:
    """`joins`: where branches meet: the steps that are still to come, and what follows. `slip`: the result is handed out
    with one; `silence`: after what time the law decides, and how; `suspends`: a special law names a suspension;
    `slips_in`: the answer that is corrected."""

    name: str
    limit: str
    steps: dict[str, Doing]
    splits: dict[str, list[str]] = field(default_factory=dict)
    joins: dict[str, tuple[set[str], str]] = field(default_factory=dict)
    uploads: bool = False
    slip: bool = False
    silence: tuple[str, str] | None = None
    suspends: bool = True
    slips_in: str = "given_name"

    def signs(self, doing: Doing, outcome: str) -> bool:
        """Whether a signature, or what decides that there is one, follows."""
        return doing.outcomes[outcome] in {"signing", "by_case"}


def _reception(limit: str, to: str, public: str = "") -> Doing:
    return Doing("reception", "accept", limit, {"accept": to}, public=public)


def _line(name: str, hours: tuple[int, int, int, int], limit: str, *, checks: int, uploads: bool) -> Way:
    first, second, third, last = (f"{it}wh" for it in hours)
    steps = {
        "reception": _reception(first, "verification"),
        "verification": Doing(
            "specialist",
            "complete-task",
            second,
            {"submit": "signing"},
            {"return": "reception"},
            checks=checks,
        ),
        "signing": Doing("leader", "sign", third, {"sign": "returning"}, {"return": "verification"}),
        "returning": Doing("reception", "return-result", last, {"returned": "end"}),
    }
    return Way(name, limit, steps, uploads=uploads)


STRAIGHT = replace(
    _line("straight", (1, 4, 2, 1), "sameday", checks=3, uploads=False), slip=True, suspends=False
)
# As if its law said what silence means.
GENERIC = replace(
    _line("generic", (4, 8, 4, 4), "5wd", checks=2, uploads=True),
    silence=("8wd", "refused"),
    slips_in="subject",
)


def _opinion(role: str, limit: str, silent: str) -> Doing:
    timers = {"silent": (silent, "opinions", True)}
    return Doing(role, "give-opinion", limit, {"given": "opinions"}, timers=timers, public=_ASKED)


_ASKED = "Opinions are asked for and the site is visited"
_BEFORE = "Before the signer"
_BUILDER = ("builder",)


def _permit(name: str, limit: str, opinions: dict[str, Doing], deciding: str) -> Way:
    steps = {
        "reception": _reception("4wh", "examination", "The desk looks at your application"),
        "examination": Doing(
            "specialist", "complete-task", "16wh", {"complete": "ask"}, {"return": "reception"},
            {"slow": ("12wh", "urging", False)}, only=_BUILDER, public="Being examined",
        ),
        "urging": Doing("leader", "complete-task", "4wh", {"urged": "urged"}),
        **opinions,
        "visit": Doing("specialist", "give-opinion", "3wd", {"visited": "asked"}, only=_BUILDER, public=_ASKED),
        "drafting": Doing(
            "specialist", "complete-task", "12wh", {"submit": "by_case"}, checks=4, did="examination",
            only=_BUILDER, public="The permit is being drafted",
        ),
        "review": Doing(
            "specialist", "complete-task", "8wh", {"agree": "signing"}, {"return": "drafting"}, only=_BUILDER,
            public=_BEFORE,
        ),
        "signing": Doing("leader", "sign", "8wh", {"sign": "returning"}, {"return": "drafting"}, public=_BEFORE),
        "returning": Doing("reception", "return-result", "4wh", {"returned": "end"}, public="The result is ready"),
    }  # fmt: skip
    splits = {"ask": [*opinions, "visit"], "by_case": [deciding]}
    joins = {"opinions": (set(opinions), "asked"), "asked": ({*opinions, "visit"}, "drafting")}
    return Way(name, limit, steps, splits, joins, silence=("12wd", "approved"), slips_in="designer")


HOUSE = _permit("house", "15d", {"opinion_house": _opinion("province", "3wd", "4wd")}, "signing")
WORKS = _permit(
    "works",
    "20d",
    {
        "opinion_works": _opinion("province", "5wd", "7wd"),
        "opinion_environment": _opinion("environment", "5wd", "7wd"),
    },
    "review",
)

TITLE = {"vi": "Bước", "en": "Step", "de": "Schritt"}
# Side by side: a visit somebody is reminded of, a check followed by a service, a payment; then a pause; then the rest.
MIXED_CONTENT: dict[str, Any] = {
    "code": "1.001193",
    "start": "reception",
    "lanes": LANES,
    "steps": [
        step("reception", "reception", "accept", ("accept", "ask")),
        {"name": "ask", "kind": "parallel", "to": ["visit", "check", "paid"]},
        step(
            "visit", "specialist", "complete-task", ("done", "asked"),
            timers=[{"name": "slow", "after": "4wh", "to": "reminding", "interrupts": False}],
        ),
        step("reminding", "leader", "complete-task", ("seen", "reminded")),
        {"name": "reminded", "kind": "end", "title": TITLE},
        step("check", "specialist", "complete-task", ("done", "noting"), ("back", "check")),
        {"name": "noting", "kind": "service", "service": "test.note", "to": "asked"},
        {"name": "paid", "kind": "message", "message": "payment", "to": "asked"},
        {"name": "asked", "kind": "parallel", "to": ["cooling"]},
        {"name": "cooling", "kind": "timer", "after": "1wd", "to": "drafting"},
        step("drafting", "specialist", "complete-task", ("submit", "signing"), ("refuse", "review")),
        step(
            "review", "leader", "complete-task", ("agree", "signing"), ("back", "drafting"),
            timers=[{"name": "late", "after": "1wd", "to": "drafting", "interrupts": True}],
        ),
        step("signing", "leader", "sign", ("sign", "returning"), ("back", "drafting")),
        step("returning", "reception", "return-result", ("returned", "end")),
        {"name": "end", "kind": "end", "terminates": True},
    ],
}  # fmt: skip
_WORK = ("specialist", "complete-task", "2wh")
MIXED = Way(
    "mixed",
    "sameday",
    {
        "reception": _reception("2wh", "ask"),
        "visit": Doing(*_WORK, {"done": "asked"}, timers={"slow": ("4wh", "reminding", False)}),
        "reminding": Doing("leader", "complete-task", "2wh", {"seen": "reminded"}),
        "check": Doing(*_WORK, {"done": "noting"}, {"back": "check"}),
        "noting": Doing(kind="service", outcomes={"": "asked"}),
        "paid": Doing(kind="message", outcomes={"": "asked"}),
        "cooling": Doing(kind="timer", outcomes={"": "drafting"}, timers={"": ("1wd", "drafting", True)}),
        "drafting": Doing(*_WORK, {"submit": "signing", "refuse": "review"}),
        "review": Doing(
            "leader", "complete-task", "2wh", {"agree": "signing"}, {"back": "drafting"},
            {"late": ("1wd", "drafting", True)},
        ),
        "signing": Doing("leader", "sign", "2wh", {"sign": "returning"}, {"back": "drafting"}),
        "returning": Doing("reception", "return-result", "2wh", {"returned": "end"}),
    },
    {"ask": ["visit", "check", "paid"]},
    {"asked": ({"visit", "check", "noting", "paid"}, "cooling")},
    slip=True,
    suspends=False,
)  # fmt: skip
WAYS = {way.name: way for way in (STRAIGHT, GENERIC, HOUSE, WORKS, MIXED)}
