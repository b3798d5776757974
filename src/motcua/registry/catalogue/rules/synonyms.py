"""Words that mean the same, and words that mean little. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.registry.catalogue.rules.spelling import Word, words_of


@dataclass(frozen=True, slots=True)
class Meaning:
    """A group of equal words found in a text: its number, and where (from the first word up to, not with, the last).

    is_sure: not where other accents were typed than the group's words have ("mật" for "mất").
    """

    group: int
    first: int
    last: int
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of words or phrases that mean the same. Phrases are tuples of marked or folded words."""

    marked: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    folded: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    small: frozenset[tuple[str, ...]] = frozenset()
    # Folded first words of phrases, and how long the longest from it is: most words of a text begin none.
    firsts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Synonyms:
        """From synonyms.yaml: {"groups": [{"words": {language: [phrase]}}], "small": {language: [phrase]}}."""
        marked: dict[tuple[str, ...], int] = {}
        folded: dict[tuple[str, ...], int] = {}
        for number, group in enumerate(content.get("groups", ())):
            for phrase in _phrases(group["words"]):
                words = words_of(phrase)
                marked.setdefault(tuple(word.marked for word in words), number)
                folded.setdefault(tuple(word.folded for word in words), number)
        small = frozenset(
            tuple(word.folded for word in words_of(it)) for it in _phrases(content.get("small", {}))
        )
        firsts: dict[str, int] = {}
        for known in (*folded, *small):
            firsts[known[0]] = max(firsts.get(known[0], 0), len(known))
        return cls(marked, folded, small, firsts)

    def in_text(self, words: Sequence[Word], *, strict: bool) -> Iterator[Meaning]:
        """The groups a text speaks of; the longest phrase from each word on. strict: accents must be the same."""
        for first, begins in enumerate(words):
            longest = self.firsts.get(begins.folded, 0)
            for last in range(min(len(words), first + longest), first, -1):
                part = words[first:last]
                group, is_sure = self.marked.get(tuple(word.marked for word in part)), True
                if group is None and not strict:
                    group = self.folded.get(tuple(word.folded for word in part))
                    is_sure = not any(word.has_marks for word in part)
                if group is not None:
                    yield Meaning(group, first, last, is_sure)
                    break

    def small_words(self, words: Sequence[Word]) -> set[int]:
        """The places of words that mean little: "tôi muốn", "thủ tục", "how do I"."""
        return {
            place
            for first, begins in enumerate(words)
            for last in range(first + 1, min(len(words), first + self.firsts.get(begins.folded, 0)) + 1)
            if tuple(word.folded for word in words[first:last]) in self.small
            for place in range(first, last)
        }


def _phrases(by_language: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for phrases in by_language.values():
        yield from phrases
