"""A doubtful value, and what becomes of those known when a newer file is read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Doubtful:
    """`value` as read at `place` (`rules.places`), `words` that stand beside it in the file.

    `guess`: what it may mean, None where nothing can be guessed. `why`, where the guess comes from: "words" beside it,
    another "channel", the other file ("index"), a "rule", "differ" (a rule, though the words say another amount),
    "bare" (a lone 1 without a unit means that nothing is stated).
    """

    kind: str
    place: str
    value: Any
    words: Any = ""
    guess: Any = None
    why: str = ""

    @property
    def said(self) -> dict[str, Any]:
        words = self.words[:LONGEST_WORDS] if isinstance(self.words, str) else self.words
        return {"value": self.value, "words": words}


class Known(Protocol):
    """A doubt that is kept (`models.Doubt`): columns of the model, so of any type to the type checker."""

    kind: Any
    place: Any
    said: Any
    guess: Any
    why: Any
    state: Any


K = TypeVar("K", bound=Known)


@dataclass(slots=True)
class Reconciled(Generic[K]):
    """`new` ones; `moved`: the same at another place; `reopened`: another value, or there again; `guessed`: only the
    guess is another; `gone`: not there any more."""

    new: list[Doubtful] = field(default_factory=list)
    moved: list[tuple[K, Doubtful]] = field(default_factory=list)
    reopened: list[tuple[K, Doubtful]] = field(default_factory=list)
    guessed: list[tuple[K, Doubtful]] = field(default_factory=list)
    gone: list[K] = field(default_factory=list)


def reconcile(known: Sequence[K], found: Iterable[Doubtful]) -> Reconciled[K]:
    """Compare the doubts kept about a procedure with those found now."""
    result: Reconciled[K] = Reconciled()
    left = {(it.kind, it.place): it for it in known}
    unmatched = []
    for doubt in found:
        held = left.pop((doubt.kind, doubt.place), None)
        if held is None:
            unmatched.append(doubt)
        elif held.state == "gone" or held.said != doubt.said:
            result.reopened.append((held, doubt))
        elif (held.guess, held.why) != (doubt.guess, doubt.why):
            result.guessed.append((held, doubt))
    for doubt in unmatched:
        same = next((it for it in left.values() if _is_same(it, doubt)), None)
        if same is None:
            result.new.append(doubt)
        else:
            result.moved.append((left.pop((same.kind, same.place)), doubt))
    result.gone = [it for it in left.values() if it.state != "gone"]
    return result


def _is_same(held: Known, doubt: Doubtful) -> bool:
    return held.state != "gone" and held.kind == doubt.kind and held.said == doubt.said
