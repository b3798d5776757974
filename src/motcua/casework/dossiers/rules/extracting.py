"""What a paper that was made searchable seems to say: proposals by the pack's patterns, each with its line. Pure but
for the pack's file. Nothing proposed here is kept before an officer confirms it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from motcua.casework.forms.rules.personal_numbers import find_fault

Form = Literal["personal_number", "date", "name", "number", "text"]
ValueFault = Literal["number_form", "number_made_up", "date", "long"]
LONGEST = 300
_TITLE_LINES = 15
# What recognition takes for digits, and the digits they were.
_LOOKALIKES = str.maketrans(
    {**dict.fromkeys("OoQD", "0"), **dict.fromkeys("Il|", "1"), "Z": "2", "z": "2"}
    | {"S": "5", "s": "5", "B": "8"}
)
_NUMBER = re.compile(r"(?<![0-9])(?:[0-9OoQDIl|SsBZz] ?){12}(?![0-9])")
_DATES = (
    re.compile(r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]{4})"),
    re.compile(r"(?:ngay )?([0-9]{1,2}),? thang ([0-9]{1,2}),? nam ([0-9]{4})"),
)
_SIGN = re.compile(r"[0-9A-Za-zĐđ][0-9A-Za-zĐđ./\-]*")
_NAME = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_BETWEEN = " :.…-–_/"
_LONGEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Field:
    """A value to look for. after: folded words that stand before it. label: by language."""

    name: str
    form: Form
    after: tuple[str, ...]
    label: Mapping[str, str]
    last: bool = False


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper. title: folded words by which it is known; components: codes it is expected for."""

    code: str
    name: Mapping[str, str]
    title: tuple[str, ...]
    components: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What seems to stand there. line: as it was read, page from 1."""

    value: str
    line: str
    page: int


def parse_kinds(data: Mapping[str, Any]) -> tuple[PaperKind, ...]:
    """A pack's `extraction.yaml`. Raises KeyError and ValueError for a file that says something else."""
    return tuple(
        PaperKind(
            code=row["code"],
            name=dict(row["name"]),
            title=tuple(map(level, row["title"])),
            components=tuple(row["components"]),
            fields=tuple(map(_field, row["fields"])),
        )
        for row in data["kinds"]
    )


def _field(row: Mapping[str, Any]) -> Field:
    if row["form"] not in get_args(Form):
        raise ValueError(f"{row['name']}: no form {row['form']!r}")
    # The longest first: "họ và tên mẹ" before "họ và tên".
    after = sorted(map(level, row["after"]), key=len, reverse=True)
    return Field(row["name"], row["form"], tuple(after), dict(row["label"]), bool(row.get("last")))


@lru_cache(maxsize=4)
def load_kinds(pack: Path) -> tuple[PaperKind, ...]:
    """The kinds of papers of a pack, read once a process."""
    return parse_kinds(yaml.safe_load((pack / "extraction.yaml").read_text(encoding="utf-8")))


def level(text: str) -> str:
    """Lower case without accents, letter for letter: position n of the answer is position n of the NFC text."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(unicodedata.normalize("NFD", it.lower().replace("đ", "d"))[:1] or it for it in letters)


def kind_of(kinds: Sequence[PaperKind], component: str, pages: Sequence[Sequence[str]]) -> PaperKind | None:
    """Which paper it is: by its title, else by the component it was handed in for; None: not described."""
    first = [level(line) for line in (pages[0] if pages else ())[:_TITLE_LINES]]
    titled = (it for it in kinds if any(words in line for words in it.title for line in first))
    expected = (it for it in kinds if component in it.components)
    return next(titled, None) or next(expected, None)


def propose(kind: PaperKind, pages: Sequence[Sequence[str]]) -> dict[str, Proposal]:
    """Field name -> what seems to stand there; nothing where nothing was found."""
    others = tuple(words for field in kind.fields for words in field.after if len(words) > 5)
    found = {field.name: _find(field, pages, others) for field in kind.fields}
    return {name: proposal for name, proposal in found.items() if proposal}


def _find(field: Field, pages: Sequence[Sequence[str]], others: tuple[str, ...]) -> Proposal | None:
    last: Proposal | None = None
    for number, lines in enumerate(pages, start=1):
        for rest, line in _places(field, lines, others):
            value = _READ[field.form](rest)
            if value:
                last = Proposal(value, line, number)
                if not field.last:
                    return last
    return last


def _places(field: Field, lines: Sequence[str], others: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What follows the field's words, and in which line."""
    for index, raw in enumerate(lines):
        line = unicodedata.normalize("NFC", raw)
        flat = level(line)
        for end in _ends(flat, field.after):
            rest = _until_next(line[end:], others)
            if rest.strip(_BETWEEN):
                # A date is written after the very word that announces it.
                yield (line[end - 4 :] if field.after == ("ngay",) else rest), line
            elif index + 1 < len(lines):
                yield lines[index + 1], f"{line} {lines[index + 1]}"


def _ends(flat: str, labels: tuple[str, ...]) -> Iterator[int]:
    """Where the words end that announce a value; each place of a line once."""
    for label in labels:
        places = [it.end() for it in re.finditer(rf"(?<![a-z0-9]){re.escape(label)}(?![a-z0-9])", flat)]
        if places:
            yield from places
            return


def _until_next(rest: str, others: tuple[str, ...]) -> str:
    flat = level(rest)
    stops = [place for words in others if (place := flat.find(words)) > 0]
    return rest[: min(stops, default=len(rest))]


def _personal_number(rest: str) -> str:
    found = _NUMBER.search(rest)
    return found[0].translate(_LOOKALIKES).replace(" ", "") if found else ""


def _date(rest: str) -> str:
    flat = level(rest)
    for pattern in _DATES:
        if found := pattern.search(flat):
            return "/".join((found[1].zfill(2), found[2].zfill(2), found[3]))
    return ""


def _name(rest: str) -> str:
    found = _NAME.match(rest.lstrip(_BETWEEN))
    return " ".join(found[0].split()[:_LONGEST_NAME]) if found else ""


def _number(rest: str) -> str:
    found = _SIGN.match(rest.lstrip(_BETWEEN))
    sign = found[0].strip(_BETWEEN) if found else ""
    return sign if any(char.isdigit() for char in sign) else ""


def _text(rest: str) -> str:
    return rest.strip(_BETWEEN + ",;")[:LONGEST]


_READ: dict[Form, Callable[[str], str]] = {
    "personal_number": _personal_number,
    "date": _date,
    "name": _name,
    "number": _number,
    "text": _text,
}


def value_fault(form: Form, value: str) -> ValueFault | None:
    """What cannot be right about a value that is to be confirmed; an empty one is none to confirm."""
    if len(value) > LONGEST:
        return "long"
    if form == "personal_number":
        wrong = find_fault(value)
        return None if not wrong else "number_form" if wrong == "form" else "number_made_up"
    return "date" if form == "date" and not _is_date(value) else None


def _is_date(value: str) -> bool:
    parts = value.split("/")
    try:
        date(int(parts[2]), int(parts[1]), int(parts[0]))
    except (ValueError, IndexError):
        return False
    return len(parts) == 3 and len(parts[2]) == 4
