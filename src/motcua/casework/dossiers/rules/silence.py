"""What the law makes of an agency's silence: `silence` of a procedure. Pure.

    silence: {after: 15wd, means: approved, source: "…"}

`after`: counted from acceptance as the limit is; `means`: approved or refused. Without it silence means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from motcua.foundation.worktime.limits import Limit, UnreadableLimit, parse_limit

Meaning = Literal["approved", "refused"]
MEANINGS = frozenset({"approved", "refused"})
_KEYS = frozenset({"after", "means", "source"})


class BadSilence(ValueError):
    """A rule of silence that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Silence:
    after: Limit
    means: Meaning


def silence_of(procedure: Mapping[str, Any]) -> Silence | None:
    """The procedure's rule, None without one. Raises BadSilence."""
    data = procedure.get("silence")
    if data is None:
        return None
    if not isinstance(data, Mapping) or set(data) != _KEYS or not data["source"]:
        raise BadSilence("silence: needs after, means and source, and nothing else")
    if data["means"] not in MEANINGS:
        raise BadSilence(f"silence: means is approved or refused, not {data['means']!r}")
    try:
        after = parse_limit(str(data["after"]))
    except UnreadableLimit as error:
        raise BadSilence(f"silence: {error}") from None
    return Silence(after, cast(Meaning, data["means"]))
