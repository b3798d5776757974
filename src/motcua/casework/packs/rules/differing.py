"""What differs between two editions of a procedure's files. Pure; `packs.differing` says it in words.

Items of lists are known by their code, name, number or value: one that stands elsewhere is moved, one that has another
code and is otherwise called the same is renamed. Questions are looked at over all pages.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .ordering import in_order
from .texts import LANGUAGES

ADDED, REMOVED, RENAMED, MOVED, CHANGED = "added", "removed", "renamed", "moved", "changed"
_IDS = ("code", "number", "name", "value")
_CALLED = ("name", "title", "label", "field")


@dataclass(frozen=True, slots=True)
class Thing:
    """An item of a list: `kind` is the list's name ("components", "questions", "steps"), `code` what it is known by.

    called: its name by language, or a plain text; "" for none.
    """

    kind: str
    code: str
    called: Mapping[str, str] | str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. place: file and path, stable ("procedure.yaml: components[identity].hint").

    kind: ADDED, REMOVED, RENAMED, MOVED or CHANGED. things: the items it is about, the outer first; () for the
    procedure itself. what: the key path inside the last of them, "" where it is the item itself. language: of a text
    that differs, else "". old, new: values; of RENAMED the codes; of MOVED an item's page or what it stands behind.
    """

    place: str
    kind: str
    things: tuple[Thing, ...] = ()
    what: str = ""
    language: str = ""
    old: Any = None
    new: Any = None


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """How `new` differs from `old`: a procedure's files as `read_pack` gives them, or a published definition with
    "template". [] when nothing does. The order is that of the files and their keys, whatever order they are stored in.
    """
    found: list[Difference] = []
    for file, before, after in _files(old, new):
        found += _compare(before, after, _At(f"{file}: ", (), ""))
    return found


def _files(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    one, other = _plain(old), _plain(new)
    yield "procedure.yaml", _procedure(one), _procedure(other)
    yield "form.json", _form(one.get("form") or {}), _form(other.get("form") or {})
    yield "process.yaml", _process(one.get("process") or {}), _process(other.get("process") or {})
    yield "linked.yaml", one.get("linked") or {}, other.get("linked") or {}
    yield "result.typ", {"template": one.get("template", "")}, {"template": other.get("template", "")}


def _plain(data: Any) -> Any:
    """As JSON keeps it: dates as text, tuples as lists."""
    return json.loads(json.dumps(dict(data), default=str))


def _procedure(files: Mapping[str, Any]) -> dict[str, Any]:
    """The procedure, its fees with the codes that dossiers know them by."""
    procedure = dict(files.get("procedure") or {})
    for key in ("fees", "cases"):
        if isinstance(procedure.get(key), list):
            procedure[key] = [_with_codes(it) for it in procedure[key]]
    if isinstance(procedure.get("fees"), list):
        procedure["fees"] = _numbered(procedure["fees"])
    return procedure


def _with_codes(item: Any) -> Any:
    if isinstance(item, Mapping) and isinstance(item.get("fees"), list):
        return {**item, "fees": _numbered(item["fees"])}
    return item


def _numbered(fees: Sequence[Any]) -> list[Any]:
    return [
        {**it, "code": str(it.get("code", at))} if isinstance(it, Mapping) else it
        for at, it in enumerate(fees, start=1)
    ]


def _form(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form with its questions in one list, each with its page and the rule its answer keeps."""
    schema = form.get("schema") or {}
    rules, required = schema.get("properties") or {}, schema.get("required") or []
    questions, pages = [], []
    for page in form.get("pages", []):
        groups = page.get("groups", [])
        pages.append({**page, "groups": len(groups)})
        for group in groups:
            shared = {f"group_{key}": it for key, it in group.items() if key != "fields"}
            for field in group.get("fields", []):
                own = {"page": page["name"], "must": field["name"] in required}
                questions.append({**field, **shared, **own, "answer": rules.get(field["name"])})
    named = {it["name"] for it in questions}
    rest = {
        **schema,
        "properties": {key: it for key, it in rules.items() if key not in named},
        "required": [it for it in required if it not in named],
    }
    # What every form's schema may refer to comes with publication, not from the author.
    rest.pop("$defs", None)
    return {
        **{key: it for key, it in form.items() if key not in {"pages", "schema"}},
        "pages": pages,
        "questions": questions,
        "schema": rest,
    }


def _process(process: Mapping[str, Any]) -> dict[str, Any]:
    lanes = process.get("lanes") or {}
    rows = [
        {"name": name, **(it if isinstance(it, Mapping) and "title" in it else {"title": it})}
        for name, it in sorted(lanes.items())
    ]
    return {**process, "lanes": rows}


@dataclass(frozen=True, slots=True)
class _At:
    """Where the comparison stands."""

    place: str
    things: tuple[Thing, ...]
    what: str

    def key(self, key: str) -> _At:
        dot = "" if self.place.endswith(": ") else "."
        return _At(f"{self.place}{dot}{key}", self.things, f"{self.what}.{key}" if self.what else key)

    def item(self, item: Any, code: str) -> _At:
        thing = Thing(self.what.rpartition(".")[2], code, _called(item))
        return _At(f"{self.place}[{code}]", (*self.things, thing), "")

    def told(self, kind: str, old: Any = None, new: Any = None, language: str = "") -> Difference:
        return Difference(self.place, kind, self.things, self.what, language, old, new)


def _called(item: Any) -> Mapping[str, str] | str:
    """Words in languages before a name that programs know it by."""
    found = [item[it] for it in _CALLED if item.get(it)] if isinstance(item, Mapping) else []
    return next((it for it in found if _is_text(it)), str(found[0]) if found else "")


def _compare(old: Any, new: Any, at: _At) -> Iterator[Difference]:
    if old == new:
        return
    if _is_text(old) and _is_text(new):
        yield from _texts(old, new, at)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in in_order({*old, *new}):
            yield from _values(old.get(key), new.get(key), at.key(key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(old, new, at)
    else:
        yield at.told(CHANGED, old, new)


def _values(old: Any, new: Any, at: _At) -> Iterator[Difference]:
    if old is None or new is None:
        if isinstance(old, list) or isinstance(new, list):
            yield from _compare(old or [], new or [], at)
        elif old != new:
            yield at.told(ADDED if old is None else REMOVED, old, new)
        return
    yield from _compare(old, new, at)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and set(value) <= set(LANGUAGES)


def _texts(old: Mapping[str, Any], new: Mapping[str, Any], at: _At) -> Iterator[Difference]:
    for language in LANGUAGES:
        before, after = old.get(language), new.get(language)
        if before != after:
            kind = ADDED if before is None else REMOVED if after is None else CHANGED
            yield at.told(kind, before, after, language)


def _lists(old: list[Any], new: list[Any], at: _At) -> Iterator[Difference]:
    key = next((it for it in _IDS if _identifies(it, old) and _identifies(it, new)), None)
    if key:
        yield from _items(old, new, key, at)
    elif len(old) == len(new) and not all(isinstance(it, str | int) for it in [*old, *new]):
        for number, (before, after) in enumerate(zip(old, new, strict=True), start=1):
            yield from _compare(before, after, at.item(after, str(number)))
    else:
        yield from _loose(old, new, at)


def _identifies(key: str, items: Sequence[Any]) -> bool:
    found = [it[key] for it in items if isinstance(it, dict) and isinstance(it.get(key), str | int)]
    return len(found) == len(items) == len(set(found))


def _loose(old: list[Any], new: list[Any], at: _At) -> Iterator[Difference]:
    """Of what nothing identifies: which are gone, which are new, or that only the order differs."""
    gone, come = [it for it in old if it not in new], [it for it in new if it not in old]
    for kind, items in ((REMOVED, gone), (ADDED, come)):
        for it in items:
            yield at.told(kind, *((it, None) if kind == REMOVED else (None, it)))
    if not gone and not come:
        yield at.told(MOVED, old, new)


def _items(old: list[Any], new: list[Any], key: str, at: _At) -> Iterator[Difference]:
    before, after = {str(it[key]): it for it in old}, {str(it[key]): it for it in new}
    renamed = _renamed(before, after, key)
    for code, item in before.items():
        if code not in after and code not in renamed:
            yield at.item(item, code).told(REMOVED, old=item)
    shifted = _moved(before, after, renamed)
    was = {now: then for then, now in renamed.items()}
    for code, item in after.items():
        here = at.item(item, code)
        if code not in before and code not in was:
            yield here.told(ADDED, new=item)
            continue
        one, other = dict(before[was.get(code, code)]), dict(item)
        if code in was:
            yield here.told(RENAMED, was[code], code)
            one[key] = other[key]
        pages = (
            (one.pop("page", None), other.pop("page", None)) if here.things[-1].kind == "questions" else None
        )
        if pages and pages[0] != pages[1]:
            yield here.told(MOVED, *pages)
        elif code in shifted:
            yield here.told(MOVED, None, shifted[code])
        yield from _compare(one, other, here)


def _renamed(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> dict[str, str]:
    """Old code -> new code of what is called or made the same under another code."""
    gone = {code: it for code, it in before.items() if code not in after}
    come = {code: it for code, it in after.items() if code not in before}
    found: dict[str, str] = {}
    for code, item in gone.items():
        for other, candidate in come.items():
            if other not in found.values() and _is_same(item, candidate, key):
                found[code] = other
                break
    return found


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    rest = [{name: it for name, it in item.items() if name != key} for item in (one, other)]
    if rest[0] == rest[1]:
        return len(rest[0]) > 0
    return any(rest[0].get(name) is not None and rest[0].get(name) == rest[1].get(name) for name in _CALLED)


def _moved(before: Mapping[str, Any], after: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, str]:
    """Codes that stand elsewhere among those that stayed -> the code they stand behind now ("": first).

    Questions are held against those of their own page: a page that is moved moves no question.
    """
    stayed = [renamed.get(code, code) for code in before if code in after or code in renamed]
    places: dict[Any, list[str]] = {}
    for code in after:
        places.setdefault(after[code].get("page"), []).append(code)
    found: dict[str, str] = {}
    for codes in places.values():
        common = [it for it in stayed if it in codes]
        keep = _longest_rise([common.index(it) for it in codes if it in common])
        rank = {it: at for at, it in enumerate(common)}
        for at, code in enumerate(codes):
            if code in rank and rank[code] not in keep:
                found[code] = codes[at - 1] if at else ""
    return found


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The numbers of a longest rising part, so that the fewest others count as moved."""
    ends: list[int] = []
    chain: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(ends, number)
        chain[number] = ends[at - 1] if at else None
        ends[at : at + 1] = [number]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = chain[last]
    return found
