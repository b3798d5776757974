"""What would help who reads a procedure: help beside every question, plain words. Advice, not findings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .findings import At, Fault, fault
from .form_lint import asked
from .texts import LANGUAGES, missing_languages

_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# Titles that the law gives, which nobody may rewrite.
_OFFICIAL = frozenset({"official_name", "legal_basis", "declaration", "law", "name", "publication"})


@dataclass(frozen=True, slots=True)
class PlainLanguage:
    """By language: how many words a sentence may have, and words to avoid with what to say instead."""

    longest: Mapping[str, int]
    avoid: Mapping[str, Mapping[str, str]]


def parse_plain(data: Mapping[str, Any]) -> PlainLanguage:
    """From the parsed `plain_language.yaml`. Raises ValueError for a language without both parts."""
    languages = data.get("languages") if isinstance(data, Mapping) else {}
    if not isinstance(languages, Mapping):
        raise ValueError("plain_language.yaml: languages is a table by language")
    for language in LANGUAGES:
        rules = languages.get(language)
        if not isinstance(rules, Mapping) or not isinstance(rules.get("longest_sentence"), int):
            raise ValueError(f"plain_language.yaml: {language} needs longest_sentence, a number of words")
        if not isinstance(rules.get("avoid", {}), Mapping):
            raise ValueError(
                f"plain_language.yaml: {language}: avoid is a table of words and what to say instead"
            )
    return PlainLanguage(
        {it: languages[it]["longest_sentence"] for it in LANGUAGES},
        {it: {word.lower(): use for word, use in languages[it].get("avoid", {}).items()} for it in LANGUAGES},
    )


def advise_procedure(files: Mapping[str, Any], plain: PlainLanguage) -> Iterator[Fault]:
    """What could be better in a procedure's parsed files {"procedure", "form"}."""
    for question in asked(files["form"]):
        item = question.item
        missing = missing_languages(item.get("hint") or item.get("help"))
        if missing and item["kind"] != "calculated":
            values = {"name": item["name"], "languages": ", ".join(missing)}
            yield fault("form.json", question.name_at, "no-help", **values)
    for name, content in (("procedure.yaml", files["procedure"]), ("form.json", files["form"])):
        for at, text in _texts(content, ()):
            place = ".".join(map(str, at))
            for language in LANGUAGES:
                for rule, why in check_text(str(text.get(language, "")), language, plain):
                    yield fault(name, (*at, language), rule, place=f"{place}.{language}", why=why)


def check_text(text: str, language: str, plain: PlainLanguage) -> Iterator[tuple[str, str]]:
    """What is hard to read in a text of one language, each with its rule: long sentences, words with a plainer one."""
    longest = plain.longest[language]
    for sentence in _SENTENCE_END.split(text):
        count = len(_WORD.findall(sentence))
        if count > longest:
            yield "long-sentence", f"a sentence of {count} words, {longest} at most: {sentence[:60]}…"
    folded = text.lower()
    for word, use in plain.avoid[language].items():
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded):
            yield "hard-word", f"“{word}”: say “{use}”"


def _texts(content: Any, at: At) -> Iterator[tuple[At, Mapping[str, Any]]]:
    """Every text in three languages, with where it stands, but for what the law words."""
    if isinstance(content, Mapping):
        if all(isinstance(content.get(it), str) for it in LANGUAGES):
            yield at, content
            return
        for key, value in content.items():
            if key not in _OFFICIAL:
                yield from _texts(value, (*at, str(key)))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _texts(value, (*at, number))
