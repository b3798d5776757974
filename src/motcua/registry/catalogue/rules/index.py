"""What can be searched, in memory: texts as weighed terms, and the scores of a question against them. Pure.

Terms are folded syllables ("sinh"), pairs of neighbours ("khai sinh": most Vietnamese words are two syllables), marked
syllables ("mất", apart from "mật") and meanings (groups of synonyms). Rare terms weigh more: ln(1 + N / documents with
the term), the inverse document frequency of Spärck Jones (1972).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from motcua.registry.catalogue.rules.spelling import Vocabulary, Word, words_of
from motcua.registry.catalogue.rules.synonyms import Synonyms

# How much a kind of term weighs against the others.
PAIR, MARKED, MEANING = 0.8, 0.4, 1.3
# A text that says more than was asked for still gets this share of its score.
LONG_TEXT = 0.5
# What a whole document adds to its best text.
WHOLE = 0.35
SMALL_WORD = 0.12
# Of a meaning's own words, as the meaning counts already.
SAID_BY_MEANING = 0.3
GUESSED, UNFINISHED, UNKNOWN, UNSURE = 0.8, 0.6, 0.5, 0.3
# Finding a word that is near takes a hundredth of a second each.
MOST_RESPELLED = 3
# A hit below this part of the question, or of the best hit, is noise.
LEAST_COVERED, LEAST_OF_BEST = 0.34, 0.45


@dataclass(frozen=True, slots=True)
class Text:
    """Words under which something is found. weight: 1 for a name."""

    words: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found. prior: 0 to 0.1, decides between equals."""

    key: str
    texts: Sequence[Text]
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    key: str
    score: float


@dataclass(slots=True)
class _Slot:
    """A part of a question: its weight, and the terms that answer it, each with how well."""

    weight: float
    terms: dict[str, float] = field(default_factory=dict)


class Index:
    """Entries, ready to be asked. Building takes some 0.2 ms an entry; asking reads the terms of the question only."""

    def __init__(self, entries: Iterable[Entry], synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._entries = list(entries)
        self._owner: list[int] = []
        self._weight: list[float] = []
        self._postings: dict[str, list[int]] = defaultdict(list)
        texts = [(at, text) for at, entry in enumerate(self._entries) for text in entry.texts if text.words]
        terms = [self._enter(at, text) for at, text in texts]
        self._idf = {
            term: math.log(1 + len(self._entries) / len({self._owner[unit] for unit in units}))
            for term, units in self._postings.items()
        }
        self._mass = [sum(map(self._value, it)) for it in terms]
        counts = {term: len(units) for term, units in self._postings.items() if _is_word(term)}
        self._vocabulary = Vocabulary(counts)

    def _enter(self, owner: int, text: Text) -> set[str]:
        terms = set(_terms(words_of(text.words), self._synonyms))
        unit = len(self._owner)
        self._owner.append(owner)
        self._weight.append(text.weight)
        for term in terms:
            self._postings[term].append(unit)
        return terms

    def _value(self, term: str) -> float:
        return self._idf.get(term, 0.0) * _kind(term)

    def ask(self, question: str, *, typing: bool = False) -> list[Scored]:
        """Entries that answer, best first. typing: the last word may be unfinished."""
        slots = self._slots(words_of(question)[:24], typing=typing)
        whole = sum(slot.weight for slot in slots)
        if not whole:
            return []
        gained, said = self._gains(slots)
        best: dict[int, float] = {}
        covered: dict[int, float] = defaultdict(float)
        for unit, gain in gained.items():
            owner, cover = self._owner[unit], gain / whole
            length = LONG_TEXT + (1 - LONG_TEXT) * said[unit] / (self._mass[unit] or 1)
            best[owner] = max(best.get(owner, 0.0), self._weight[unit] * cover * length)
            covered[owner] = max(covered[owner], cover * min(1.0, self._weight[unit]))
        self._add_other_texts(slots, whole, covered, best)
        return self._ranked(best, covered)

    def spelled_otherwise(self, question: str) -> str:
        """The question with its unknown words replaced by the known ones nearest to them; "" where that is the same."""
        words = [word.folded for word in words_of(question)[:8]]
        unknown = [word for word in words if word not in self._vocabulary]
        nearest = {word: self._vocabulary.nearest(word) for word in unknown[:MOST_RESPELLED]}
        near = [nearest.get(word, "" if word in unknown else word) for word in words]
        other = " ".join(filter(None, near))
        return other if other != " ".join(words) else ""

    def _add_other_texts(
        self, slots: list[_Slot], whole: float, covered: dict[int, float], best: dict[int, float]
    ) -> None:
        """What the texts of an entry cover together: its name one part of the question, its sector another."""
        together: dict[int, float] = defaultdict(float)
        for slot in slots:
            part: dict[int, float] = {}
            for term, factor in slot.terms.items():
                for unit in self._postings.get(term, ()):
                    gain = factor * min(1.0, self._weight[unit])
                    if gain > part.get(self._owner[unit], 0.0):
                        part[self._owner[unit]] = gain
            for owner, gain in part.items():
                together[owner] += gain * slot.weight / whole
        for owner, cover in together.items():
            covered[owner] = max(covered[owner], cover)
            best[owner] += WHOLE * cover

    def _gains(self, slots: list[_Slot]) -> tuple[dict[int, float], dict[int, float]]:
        """By text: how much of the question it answers, how much of itself that is."""
        gained: dict[int, float] = defaultdict(float)
        said: dict[int, float] = defaultdict(float)
        for slot in slots:
            part: dict[int, float] = {}
            for term, factor in slot.terms.items():
                value = self._value(term)
                for unit in self._postings.get(term, ()):
                    said[unit] += value
                    if factor > part.get(unit, 0.0):
                        part[unit] = factor
            for unit, factor in part.items():
                gained[unit] += slot.weight * factor
        return gained, said

    def _ranked(self, best: dict[int, float], covered: dict[int, float]) -> list[Scored]:
        least = max(best.values(), default=0.0) * LEAST_OF_BEST
        found = [
            Scored(self._entries[at].key, score + self._entries[at].prior)
            for at, score in best.items()
            if score >= least and covered[at] >= LEAST_COVERED
        ]
        return sorted(found, key=lambda it: (-it.score, it.key))

    def _slots(self, words: Sequence[Word], *, typing: bool) -> list[_Slot]:
        words = self._apart(words)
        small = self._synonyms.small_words(words)
        share = [SMALL_WORD if place in small else 1.0 for place in range(len(words))]
        slots = []
        # A word nobody knows counts as well: a question of which only a small part is understood finds nothing.
        unknown = UNKNOWN * math.log(1 + len(self._entries))
        for meaning in self._synonyms.in_text(words, strict=False):
            factor = max(share[meaning.first : meaning.last])
            term = f"#{meaning.group}"
            if meaning.is_sure:
                for place in range(meaning.first, meaning.last):
                    share[place] = min(share[place], SAID_BY_MEANING)
            else:
                factor *= UNSURE
            slots.append(_Slot(self._value(term) * factor, {term: 1.0}))
        meant = [
            self._meant(word, unfinished=typing and place == len(words) - 1)
            for place, word in enumerate(words)
        ]
        for place, variants in enumerate(meant):
            slots.append(self._slot(variants, share[place]) if variants else _Slot(unknown * share[place]))
            if place:
                pairs = {
                    f"{one} {two}": better * worse
                    for one, better in meant[place - 1].items()
                    for two, worse in variants.items()
                    if f"{one} {two}" in self._postings
                }
                slots.append(self._slot(pairs, min(share[place - 1], share[place])))
            marked = f"={words[place].marked}"
            if words[place].has_marks and marked in self._postings:
                slots.append(self._slot({marked: 1.0}, share[place]))
        return [slot for slot in slots if slot.weight]

    def _slot(self, terms: dict[str, float], share: float) -> _Slot:
        if not terms:
            return _Slot(0.0)
        return _Slot(share * max(self._value(term) for term in terms), terms)

    def _apart(self, words: Sequence[Word]) -> list[Word]:
        """Words typed as one, taken apart."""
        apart: list[Word] = []
        for word in words:
            known = word.folded in self._vocabulary or self._vocabulary.meant_by(word.folded)
            parts = None if known else self._parts_of(word.folded)
            apart += [Word(part, part) for part in parts] if parts else [word]
        return apart

    def _parts_of(self, word: str) -> tuple[str, str] | None:
        """Two neighbours that were typed as one: "kethon" -> ("ket", "hon"); the pair that is used most."""
        pairs = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        known = [it for it in pairs if " ".join(it) in self._postings]
        return max(known, key=lambda it: len(self._postings[" ".join(it)]), default=None)

    def _meant(self, word: Word, *, unfinished: bool) -> dict[str, float]:
        """The known words it may be, each with how sure that is."""
        known = word.folded in self._vocabulary
        meant = {word.folded: 1.0} if known else {}
        if not known:
            meant |= dict.fromkeys(self._vocabulary.meant_by(word.folded), GUESSED)
        if unfinished or not meant:
            for longer in self._vocabulary.beginning_with(word.folded):
                meant.setdefault(longer, UNFINISHED)
        return meant


def _kind(term: str) -> float:
    if term[0] == "#":
        return MEANING
    if term[0] == "=":
        return MARKED
    return PAIR if " " in term else 1.0


def _is_word(term: str) -> bool:
    return term[0] not in "#=" and " " not in term


def _terms(words: Sequence[Word], synonyms: Synonyms) -> Iterator[str]:
    for place, word in enumerate(words):
        yield word.folded
        if word.has_marks:
            yield f"={word.marked}"
        if place:
            yield f"{words[place - 1].folded} {word.folded}"
    for meaning in synonyms.in_text(words, strict=True):
        yield f"#{meaning.group}"
