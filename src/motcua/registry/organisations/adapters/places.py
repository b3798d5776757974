"""Communes since 1 July 2025 with their GSO codes, from the data inside the MIT wheel `vietnamadminunits`.

Only its data file is read; its code (and what that needs) is not installed with it.
"""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_COMMUNES = "SELECT wardCode, ward, province FROM admin_units WHERE provinceCode = ? ORDER BY wardCode"


class PlacesMissing(RuntimeError):
    """The wheel is not installed: run `make setup`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A commune: five-digit GSO code, full name ("Xã Thịnh Minh"), province's full name."""

    code: str
    name: str
    province: str


def read_communes(province_code: str) -> list[Place]:
    """The communes of a province (two-digit GSO code). Raises PlacesMissing."""
    spec = importlib.util.find_spec("vietnamadminunits")
    if not spec or not spec.origin:
        raise PlacesMissing
    database = Path(spec.origin).parent / "data" / "dataset.db"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(_COMMUNES, [province_code.lstrip("0") or "0"]).fetchall()
        rows = rows or connection.execute(_COMMUNES, [province_code]).fetchall()
    return [Place(code=str(code).zfill(5), name=name, province=province) for code, name, province in rows]
