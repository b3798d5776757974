"""Guides of a pack: a few questions, one after another, that end at procedures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Given:
    """A question that was answered: the question's and the answer's parts of the guide, and the answers before it."""

    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    before: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Walk:
    """How far somebody came. question: the next one, None at the end. codes: the procedures, each once, in order."""

    given: list[Given]
    question: Mapping[str, Any] | None
    codes: list[str]
    left: int


def walk(guide: Mapping[str, Any], answers: Mapping[str, str]) -> Walk:
    """Ask a guide's questions in order as far as they are answered; answers that it does not offer are not given."""
    given: list[Given] = []
    said: dict[str, str] = {}
    codes = list(guide.get("procedures", []))
    for place, question in enumerate(guide["questions"]):
        if any(said.get(code) != answer for code, answer in question.get("if", {}).items()):
            continue
        offered = {str(it["code"]): it for it in question["answers"]}
        answer = offered.get(answers.get(question["code"], ""))
        if answer is None:
            return Walk(given, question, [], len(guide["questions"]) - place)
        given.append(Given(question, answer, dict(said)))
        said[question["code"]] = str(answer["code"])
        codes += answer.get("procedures", [])
    return Walk(given, None, list(dict.fromkeys(codes)), 0)
