"""Single values written into a YAML file, so that the rest of its text stays as it was. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from .draft_files import yaml_text

Path = tuple[str | int, ...]
_MISSING = object()
# What would end a plain text inside {…} or […].
_FLOW = frozenset(",[]{}\n")


def value_at(data: Any, path: Path, default: Any = None) -> Any:
    """What stands at a path of keys and positions, `default` where nothing does."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return default
    return data


def with_values(text: str, changes: Mapping[Path, Any]) -> str:
    """The file with these values. `None` takes a key away.

    A value that stands there is replaced where it stands, and comments stay; for one that does not, and for tables and
    lists, the whole file is written anew, without its comments. Raises YAMLError for a text that is none.
    """
    spans, rest = [], {}
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for path, value in changes.items():
        node = _node(root, path)
        if (
            isinstance(node, yaml.ScalarNode)
            and isinstance(value, str | int)
            and node.style not in ("|", ">")
        ):
            spans.append((node.start_mark.index, node.end_mark.index, _scalar(value)))
        else:
            rest[path] = value
    for start, end, written in sorted(spans, reverse=True):
        text = text[:start] + written + text[end:]
    return _written_anew(text, rest) if rest else text


def _node(node: Any, path: Path) -> Any:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node


def _scalar(value: str | int) -> str:
    dumped = yaml.safe_dump(value, allow_unicode=True, width=10**9)
    written = dumped.removesuffix("...\n").removesuffix("\n")
    return json.dumps(value, ensure_ascii=False) if _FLOW & set(written) else written


def _written_anew(text: str, changes: Mapping[Path, Any]) -> str:
    data = yaml.safe_load(text)
    for path, value in changes.items():
        _set(data, path, value)
    return yaml_text(json.loads(json.dumps(data, default=str)))


def _set(data: Any, path: Path, value: Any) -> None:
    *above, last = path
    for step in above:
        if isinstance(data, dict) and not isinstance(data.get(step), dict | list):
            data[step] = {}
        data = data[step]
    if value is None:
        data.pop(last, None)
    else:
        data[last] = value
