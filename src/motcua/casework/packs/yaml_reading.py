"""A YAML text as plain data, with the node that knows the lines. No bombs, no tags, no key twice.

libyaml reads; what it would build is measured from its events first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

MOST_PARTS = 300_000
Mark = tuple[int, int]
Found = tuple[str, Mark, Mapping[str, Any]]
_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset(
    _TAG + it for it in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge")
)
_KINDS = {
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    "timestamp": "a date",
}


class BadYaml(ValueError):
    """`faults`: (rule, line and column, what its words name)."""

    def __init__(self, faults: list[Found]) -> None:
        self.faults = faults
        super().__init__(str(faults))


def read_yaml(text: str, *, deepest: int) -> tuple[Any, Any]:
    """What a text with one document says, and its root node (None for an empty text). Raises BadYaml.

    Dates are dates; keys are texts; numbers are finite.
    """
    try:
        _measure(text, deepest)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, None
            if faults := list(_faults(node)):
                raise BadYaml(faults)
            content = loader.construct_document(node)
            if depth_of(content) > deepest:
                raise BadYaml([("too-deep", _mark(node.start_mark), {"most": deepest})])
            return content, node
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = _mark(error.problem_mark or error.context_mark)
        raise BadYaml([("bad-yaml", mark, {"why": _why(error)})]) from None
    except yaml.YAMLError as error:
        raise BadYaml([("bad-yaml", (1, 1), {"why": str(error)})]) from None


def mark_of(node: Any, at: tuple[str | int, ...], *, key: bool = False) -> Mark:
    """Line and column of the value that keys and places lead to, or of its key; the last of them that is there."""
    last = node
    for position, step in enumerate(at):
        found = child_of(node, step)
        if found is None:
            return _mark(last.start_mark)
        own, node = found
        last = own if key or position < len(at) - 1 else node
    return _mark(last.start_mark)


def child_of(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """Key and value at a key, twice the item at a place; None where there is none."""
    if isinstance(node, yaml.MappingNode):
        # What is merged (<<) stands before what the table says itself.
        return next(((own, it) for own, it in reversed(node.value) if own.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def depth_of(content: Any) -> int:
    """How deep lists and tables stand in each other."""
    depth, level = 0, [content]
    while level:
        depth += 1
        inner = (it.values() if isinstance(it, dict) else it for it in level if isinstance(it, dict | list))
        level = [value for values in inner for value in values]
    return depth - 1


def _measure(text: str, deepest: int) -> None:
    """Depth, tags and size with all aliases written out, before anything is built. Raises BadYaml."""
    sizes: dict[str, int] = {}
    open_: list[list[Any]] = [["", 0]]  # anchor and parts of what is open
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        size = 0
        match event:
            case yaml.AliasEvent():
                if any(name == event.anchor for name, _size in open_):
                    raise BadYaml([("endless-alias", _mark(event.start_mark), {"name": event.anchor})])
                size = sizes.get(event.anchor or "", 1)
            case yaml.CollectionStartEvent():
                open_.append([event.anchor or "", 1])
                _check_tag(event)
                if len(open_) > deepest + 1:
                    raise BadYaml([("too-deep", _mark(event.start_mark), {"most": deepest})])
            case yaml.CollectionEndEvent():
                name, size = open_.pop()
                sizes[name] = size
            case yaml.ScalarEvent():
                size = sizes[event.anchor or ""] = 1
                _check_tag(event)
        open_[-1][1] += size
        if open_[-1][1] > MOST_PARTS:
            raise BadYaml([("too-big-inside", _mark(event.start_mark), {"most": MOST_PARTS})])


def _check_tag(event: Any) -> None:
    if event.tag is not None and event.tag not in {"!", *_TAGS}:
        raise BadYaml([("yaml-tag", _mark(event.start_mark), {"tag": event.tag})])


def _faults(root: Any) -> Iterator[Found]:
    """Keys that are no texts or stand twice, before merging hides them."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
            continue
        waiting.extend(value for _key, value in node.value)
        first: dict[str, int] = {}
        for own, _value in node.value:
            kind = own.tag.removeprefix(_TAG)
            if not isinstance(own, yaml.ScalarNode) or kind not in {"str", "merge"}:
                key = str(own.value) if isinstance(own, yaml.ScalarNode) else "here"
                words = {"key": key, "kind": _KINDS.get(kind, "a list or table")}
                yield "key-not-text", _mark(own.start_mark), words
            elif own.value in first:
                said: dict[str, Any] = {"key": own.value, "first": first[own.value]}
                yield "duplicate-key", _mark(own.start_mark), said
            else:
                first[own.value] = own.start_mark.line + 1


class _Loader(yaml.CSafeLoader):
    """Plain data; numbers and dates that are none are faults with their line."""

    def construct_scalar_safely(self, node: Any) -> Any:
        kind = node.tag.removeprefix(_TAG)
        try:
            value = yaml.constructor.SafeConstructor.yaml_constructors[node.tag](self, node)
        except (ValueError, OverflowError) as error:
            why = {
                "value": f"{str(node.value)[:60]} ({error})" if kind == "timestamp" else str(node.value)[:60]
            }
            raise BadYaml([("not-a-number", _mark(node.start_mark), why)]) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise BadYaml([("not-a-number", _mark(node.start_mark), {"value": str(node.value)})])
        return value


for _kind in ("int", "float", "timestamp"):
    _Loader.add_constructor(_TAG + _kind, _Loader.construct_scalar_safely)


def _mark(mark: Any) -> Mark:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _why(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(filter(None, [error.context, error.problem]))
