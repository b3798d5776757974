"""Checks of a pack's files that belong to no procedure: synonyms, everyday words, guides, essential services. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_CODE = re.compile(r"[0-9]\.[0-9]{6}", re.ASCII)
_NAME = re.compile(r"[a-z0-9_]{1,20}", re.ASCII)
_LANGUAGES = {"vi", "en", "de"}


def lint_synonyms(content: Mapping[str, Any]) -> Iterator[str]:
    for number, group in enumerate(content.get("groups", []), start=1):
        words: Any = group.get("words") if isinstance(group, dict) else None
        if problem := _wrong_words(words):
            yield f"group {number}: {problem}"
        elif sum(len(it) for it in words.values()) < 2:
            yield f"group {number}: one word alone has no synonym"
    if problem := _wrong_words(content.get("small", {"vi": []})):
        yield f"small: {problem}"


def lint_everyday(content: Mapping[str, Any]) -> Iterator[str]:
    """Codes need not be known: an import may bring the procedures later."""
    for code, words in content.get("procedures", {}).items():
        if not _CODE.fullmatch(str(code)):
            yield f"{code} is no code of a procedure"
        if problem := _wrong_words(words):
            yield f"{code}: {problem}"


def lint_guides(content: Mapping[str, Any]) -> Iterator[str]:
    """Every guide has questions whose answers name procedures; a question asked only after an answer names it."""
    for guide in content.get("guides", []):
        place = str(guide.get("code"))
        if not _NAME.fullmatch(str(guide.get("code"))):
            yield f"{place}: a code is small letters, figures and underscores"
        yield from _wrong_texts(place, guide, ("name", "text"))
        asked: dict[str, set[str]] = {}
        for question in guide.get("questions", []):
            here = f"{place}: {question.get('code')}"
            yield from _wrong_texts(here, question, ("text",))
            for before, answer in (question.get("if") or {}).items():
                if answer not in asked.get(before, ()):
                    yield f"{here}: is asked after {before}: {answer}, which no question before offers"
            asked[str(question.get("code"))] = {str(it.get("code")) for it in question.get("answers", [])}
            for answer in question.get("answers", []):
                yield from _wrong_texts(f"{here}: {answer.get('code')}", answer, ("text",))
        yield from (f"{place}: {code} is no code of a procedure" for code in _wrong_codes(guide))
        if not asked:
            yield f"{place}: has no question"


def lint_essential(content: Mapping[str, Any]) -> Iterator[str]:
    """Codes need not be known: an import may bring the procedures later."""
    groups = {str(it) for it in content["groups"]}
    for number, service in enumerate(content["services"], start=1):
        place = f"service {number}"
        if str(service["group"]) not in groups:
            yield f"{place}: group {service['group']} is not among groups"
        yield from _wrong_texts(place, service, ("name",))
        for code in service["codes"]:
            if not _CODE.fullmatch(str(code)):
                yield f"{place}: {code} is no code of a procedure"


LINTS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "synonyms": lint_synonyms,
    "everyday": lint_everyday,
    "guides": lint_guides,
    "essential": lint_essential,
}


def _wrong_words(words: Any) -> str:
    if not isinstance(words, dict) or not words or set(words) - _LANGUAGES:
        return "words are lists by language: vi, en, de"
    for phrases in words.values():
        if not isinstance(phrases, list) or not all(isinstance(it, str) and it.strip() for it in phrases):
            return "words are texts; put quotes around those with a comma or that look like figures"
    return ""


def _wrong_texts(place: str, thing: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if set(thing.get(name) or {}) != _LANGUAGES:
            yield f"{place}: {name} must be there in vi, en and de"


def _wrong_codes(guide: Mapping[str, Any]) -> Iterator[Any]:
    answers = [answer for question in guide.get("questions", []) for answer in question.get("answers", [])]
    for holder in (guide, *answers):
        yield from (it for it in holder.get("procedures", []) if not _CODE.fullmatch(str(it)))
