"""Linked procedures: one application that becomes several dossiers, as a version's `linked` says. Pure.

Source: vietnam.md 1.3 (T9), 5; Decree 63/2024/NĐ-CP on linked electronic procedures [M]. Reference: docs/linked.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["value", "answer", "result"]
KINDS: tuple[Kind, ...] = ("value", "answer", "result")
# What of a result can be passed on as an answer.
OF_RESULT = ("number", "issued_on", "code")
# How a member that others wait for may end without a result that can be passed on.
ENDINGS = ("refused", "withdrawn", "stopped", "revoked")
STOP, GO_ON = "stop", "go_on"
YES = "yes"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from: a value of the pack, an answer or computed value of the application, or a result.

    value: the value itself; name: of the answer, or of the member whose result it is; part: one of OF_RESULT.
    """

    kind: Kind
    value: Any = None
    name: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One procedure of the group. `after`: members whose results it waits for.

    question: asked where it may be left out. ask_as: its question -> the name under which the application asks it.
    answers: its question -> where the answer comes from. papers: its file question -> the member whose result meets it.
    when: how a member it waits for ended -> "stop" (it is not filed) or "go_on" (the person completes it themselves).
    """

    name: str
    procedure: str
    title: Mapping[str, str]
    after: tuple[str, ...] = ()
    question: Mapping[str, str] | None = None
    ask_as: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Source] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    when: Mapping[str, str] = field(default_factory=dict)

    @property
    def choice(self) -> str:
        """The question of the application whether this member is wanted."""
        return f"with_{self.name}"

    def asked_as(self, name: str) -> str:
        """The application's name for one of its questions."""
        return self.ask_as.get(name, name)

    def is_passed(self, name: str) -> bool:
        """Whether the application does not ask the question, as it is answered otherwise."""
        return name in self.answers or name in self.papers

    def on(self, ending: str) -> str:
        """What becomes of it when one it waits for ended so."""
        return self.when.get(ending, STOP)


def members_of(linked: Mapping[str, Any] | None) -> tuple[Member, ...]:
    """The members in their order; none where the procedure is no group. `linked`: of a version, checked when loaded."""
    return tuple(_member(it) for it in (linked or {}).get("members", ()))


def _member(data: Mapping[str, Any]) -> Member:
    return Member(
        name=data["name"],
        procedure=data["procedure"],
        title=data["title"],
        after=tuple(data.get("after", ())),
        question=data.get("may_be_left_out"),
        ask_as=data.get("ask_as", {}),
        answers={name: _source(it) for name, it in data.get("answers", {}).items()},
        papers={name: it["result"] for name, it in data.get("papers", {}).items()},
        when=data.get("when", {}),
    )


def _source(data: Mapping[str, Any]) -> Source:
    if "value" in data:
        return Source("value", value=data["value"])
    if "answer" in data:
        return Source("answer", name=data["answer"])
    return Source("result", name=data["result"], part=data["part"])


def is_wanted(member: Member, answers: Mapping[str, Any]) -> bool:
    """Whether the person wants this member: always, where it cannot be left out."""
    return member.question is None or answers.get(member.choice) == YES


def answers_for(
    member: Member,
    questions: Iterable[str],
    application: Mapping[str, Any],
    results: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """The answers of one member, for the `questions` of its form.

    application: answers and computed values of the whole. results: by member, OF_RESULT -> text; those that are there.
    """
    found: dict[str, Any] = {}
    for name in questions:
        value = _value(member, name, application, results)
        if value not in (None, "", [], {}):
            found[name] = value
    return found


def _value(
    member: Member,
    name: str,
    application: Mapping[str, Any],
    results: Mapping[str, Mapping[str, str]],
) -> Any:
    source = member.answers.get(name)
    if source is None:
        return application.get(member.asked_as(name))
    match source.kind:
        case "value":
            return source.value
        case "answer":
            return application.get(source.name)
    return results.get(source.name, {}).get(source.part)


def carried_again(member: Member, kept: Mapping[str, Any], fresh: Mapping[str, Any]) -> dict[str, Any]:
    """What a prepared member holds once results are there: what they say replaces what was kept before."""
    passed = {name for name, source in member.answers.items() if source.kind == "result"}
    return {**kept, **{name: value for name, value in fresh.items() if name in passed}}


def awaited(member: Member, wanted: Collection[str]) -> tuple[str, ...]:
    """The members it really waits for: those it names that the person wants."""
    return tuple(name for name in member.after if name in wanted)
