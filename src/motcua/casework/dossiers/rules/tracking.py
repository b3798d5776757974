"""Tracking numbers of consignments: what they look like, by carrier. Pure but for the pack's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
# Where no carrier is named.
_ANY = re.compile(r"[A-Z0-9][A-Z0-9.-]{2,38}[A-Z0-9]")


class WrongNumber(ValueError):
    """No tracking number of this carrier. `has_wrong_digit`: only its check digit is wrong, so it was mistyped."""

    def __init__(self, *, has_wrong_digit: bool = False) -> None:
        super().__init__("wrong check digit" if has_wrong_digit else "wrong form")
        self.has_wrong_digit = has_wrong_digit


@dataclass(frozen=True, slots=True)
class Carrier:
    """One of a pack's `carriers.yaml`; `name` is a proper name, the same in every language."""

    code: str
    name: str
    number: re.Pattern[str]
    example: str
    follow: str = ""


def parse_carriers(data: Mapping[str, Any]) -> dict[str, Carrier]:
    """By code, in the order of the file. Raises KeyError, re.error; ValueError for an example that is none."""
    found = {}
    for row in data["carriers"]:
        carrier = Carrier(
            row["code"], row["name"], re.compile(row["number"]), row["example"], row.get("follow", "")
        )
        if row.get("s10") and not _S10.fullmatch(carrier.example):
            raise ValueError(f"{carrier.code}: the example is no number of UPU S10")
        checked_number(carrier.example, carrier)
        found[carrier.code] = carrier
    return found


@lru_cache(maxsize=4)
def load_carriers(pack: Path) -> dict[str, Carrier]:
    """The carriers of a pack, read once a process."""
    return parse_carriers(yaml.safe_load((pack / "carriers.yaml").read_text(encoding="utf-8")))


def s10_digit(serial: str) -> int:
    """The check digit of eight digits. Source: UPU standard S10-12, 5.2 (weighted modulo 11)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def checked_number(typed: str, carrier: Carrier | None) -> str:
    """The number in capitals, without blanks. Raises WrongNumber."""
    number = "".join(typed.split()).upper()
    if not (carrier.number if carrier else _ANY).fullmatch(number):
        raise WrongNumber
    standard = _S10.fullmatch(number)
    if standard and s10_digit(standard[1]) != int(standard[2]):
        raise WrongNumber(has_wrong_digit=True)
    return number
