"""A page as templates show it: questions, people and addresses as framed groups, lists of items, computed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.forms import BoundField


@dataclass(frozen=True, slots=True)
class Same:
    """A person named before, who can be filled in by a button: its value, and the name on it."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """When a piece is asked, as conditions on the same page say.

    key: of the question. is_hidden: they do not hold. tests: what a script looks at to show and hide it, JSON
    [[name of the input, test, value], …]; "" where only the server can tell.
    """

    key: str
    is_hidden: bool
    tests: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing on a page.

    kind: `field` (`field` alone); `block` (`pieces` in a frame, with people named before to fill in); `list` (its items
    are `pieces` of kind `block`; `field` carries what is wrong with the list as a whole); `value` (`text`, computed).
    id: of the frame. key: as buttons name it. can_change: of a list, whether one more may be added, of an item, whether
    it may be removed. next_id: of the item that would be added. shown: None for what is always asked.
    """

    kind: Literal["field", "block", "list", "value"]
    field: BoundField | None = None
    id: str = ""
    key: str = ""
    label: str = ""
    hint: str = ""
    text: str = ""
    is_optional: bool = False
    pieces: tuple[Piece, ...] = ()
    same: tuple[Same, ...] = ()
    item_label: str = ""
    can_change: bool = False
    next_id: str = ""
    shown: Shown | None = None

    @property
    def bound(self) -> BoundField:
        """The field of a `field` or `list`."""
        if self.field is None:
            raise ValueError(f"a {self.kind} has no field")
        return self.field


class Pieces(NamedTuple):
    """What a group of a page asks and shows."""

    title: str
    hint: str
    pieces: list[Piece]
    # Of title and hint, where they are not in the reader's language.
    lang: str = ""

    @property
    def is_hidden(self) -> bool:
        return all(it.shown and it.shown.is_hidden for it in self.pieces)
