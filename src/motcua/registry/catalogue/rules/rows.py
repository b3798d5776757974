"""The two files' rows: what a row must be, and an index row with its values typed. Pure.

Source: the columns and keys of procedures_index.csv and procedures_local.jsonl (SOURCES.md beside the data).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs

COLUMNS = (
    *(
        "code",
        "name",
        "levels",
        "sector",
        "ministry",
        "agency",
        "decision",
        "audience",
        "channels",
        "time_value",
    ),
    *("time_unit", "fee_direct", "fee_online", "result_codes", "result_names", "documents_count", "url"),
)
_LEVELS = "ministry|province|commune|other"
_CHANNELS = "online|post|direct"
_UNITS = ["working_day", "day", "hour", "month"]
_URL = {"type": "string", "pattern": r"^https?://[^\s\"'<>]+$", "maxLength": 500}
_MINISTRY = {"type": "string", "pattern": r"^[a-z0-9-]{0,60}$"}
# A list inside a CSV value: at most so many.
_MOST = 300


def _text(longest: int, least: int = 0) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": longest}


def _many(item: Mapping[str, Any], most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": item, "maxItems": most, "minItems": least}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Every property is needed; others may be there and are kept."""
    return {"type": "object", "properties": properties, "required": list(properties)}


_CHANNEL = _object(
    {
        "channel": {"enum": _CHANNELS.split("|")},
        "time": {"anyOf": [{"type": "null"}, {"type": "number", "minimum": 0, "maximum": 9999}]},
        "unit": {"enum": [*_UNITS, None]},
        "fee_headline": {
            "anyOf": [
                {"type": "null"},
                {"type": "integer", "minimum": 0, "maximum": 10**12},
                {"type": "string", "pattern": r"^[0-9]{1,12} [A-Z]{3}$"},
            ]
        },
        "fee_amounts": _many(_object({"amount": _text(40), "currency": _text(10)}), 100),
        "note": _text(20_000),
    }
)
_DOCUMENT = _object(
    {
        "name": _text(20_000),
        "originals": {"type": "integer", "minimum": 0, "maximum": 10**9},
        "copies": {"type": "integer", "minimum": 0, "maximum": 10**9},
        "case": _text(5_000),
    }
)
_RESULT = _object(
    {"code": {"anyOf": [{"type": "null"}, _text(100)]}, "name": _text(5_000)},
)
LOCAL_SCHEMA = _object(
    {
        "code": _text(60, 8),
        "name": _text(5_000, 1),
        "levels": _many({"enum": _LEVELS.split("|")}, 4, 1),
        "sector": _text(300, 1),
        "ministry": _MINISTRY,
        "agency": _text(2_000),
        "decision": _text(200),
        "kind": _text(300),
        "audience": _many(_text(300), 50),
        "channels": _many(_CHANNEL, 100),
        "results": _many(_RESULT, 200),
        "documents": _many(_DOCUMENT, 200),
        "legal_basis": _many(_text(300), 500),
        "url": _URL,
    }
)
_MONEY = {"type": "string", "pattern": r"^([0-9]{1,12}( [A-Z]{3})?)?$"}
INDEX_SCHEMA = _object(
    {
        "code": _text(60, 8),
        "name": _text(5_000, 1),
        "levels": {"type": "string", "pattern": rf"^({_LEVELS})(\|({_LEVELS}))*$", "maxLength": 100},
        "sector": _text(300, 1),
        "ministry": _MINISTRY,
        "agency": _text(2_000),
        "decision": _text(200),
        "audience": _text(5_000),
        "channels": {"type": "string", "pattern": rf"^(({_CHANNELS})(\|({_CHANNELS}))*)?$", "maxLength": 100},
        "time_value": {"type": "string", "pattern": r"^([0-9]{1,4}(\.[0-9]{1,2})?)?$"},
        "time_unit": {"enum": ["", "unspecified", *_UNITS]},
        "fee_direct": _MONEY,
        "fee_online": _MONEY,
        "result_codes": _text(5_000),
        "result_names": _text(20_000),
        "documents_count": {"type": "string", "pattern": r"^[0-9]{1,4}$"},
        "url": _URL,
    }
)
_SCHEMAS = {"index": INDEX_SCHEMA, "local": LOCAL_SCHEMA}


@cache
def _validator(source: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_SCHEMAS[source], offline=True)


def faults(source: str, row: Any) -> Iterator[str]:
    """What is wrong with a row, at most five: "channels/0/unit: "week" is not one of ..."."""
    for error in islice(_validator(source).iter_errors(row), 5):
        where = "/".join(str(step) for step in error.instance_path)
        message = error.message if len(error.message) < 200 else f"{error.message[:200]} …"
        yield f"{where}: {message}" if where else message


def typed_index(row: Mapping[str, str]) -> dict[str, Any]:
    """An index row without faults, its lists, figures and amounts as values."""
    time = row["time_value"]
    return dict(row) | {
        "levels": row["levels"].split("|"),
        "audience": _list(row["audience"]),
        "channels": _list(row["channels"]),
        "time_value": float(time) if time else None,
        "time_unit": row["time_unit"] if row["time_unit"] in _UNITS else None,
        "fee_direct": _fee(row["fee_direct"]),
        "fee_online": _fee(row["fee_online"]),
        "result_codes": _list(row["result_codes"]),
        "result_names": _list(row["result_names"]),
        "documents_count": int(row["documents_count"]),
    }


def _list(text: str) -> list[str]:
    return [it for it in text.split("|") if it][:_MOST]


def _fee(text: str) -> int | str | None:
    return int(text) if text.isdecimal() else text or None
