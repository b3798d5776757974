"""Doubtful fees: a 0 that is none, mis-keyed thousands, amounts that differ from the words beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.rules.captured import Content
from motcua.registry.catalogue.rules.doubtful import Doubtful
from motcua.registry.catalogue.rules.places import place

# A fee below this is a mis-keyed thousand; below 10 it is a place-holder.
LEAST_FEE, LEAST_FIGURE = 1_000, 10
PROVINCE = "province"
_PROVINCE = re.compile(r"hoi dong nhan dan|hdnd|(uy ban nhan dan|ubnd) (cap )?tinh|dia phuong quy dinh")
_NONE = re.compile(r"(do |: |- )?(khong|mien)\b")
_DOLLARS = re.compile(r"(\d{1,4}) ?USD", re.IGNORECASE)


def zero_fees(content: Content) -> Iterator[Doubtful]:
    """The portal says "Miễn phí" and the words in brackets do not."""
    groups: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(content["channels"]):
        if row["fee"] == 0 and (kind := _zero_kind(row)):
            groups.setdefault((kind, row["words"]), []).append(at)
    for (kind, words), rows in groups.items():
        guess: Any = PROVINCE if kind == "fee_zero_province" else None
        amounts = set(content["channels"][rows[0]]["amounts"])
        if guess is None and len(amounts) == 1:
            guess = amounts.pop()
        where = place("channels", rows, "fee")
        yield Doubtful(kind, where, 0, words, guess, "words" if guess is not None else "")


def _zero_kind(row: dict[str, Any]) -> str:
    words = fold(row["words"])
    if _PROVINCE.search(words):
        return "fee_zero_province"
    is_free = not words or _NONE.match(words)
    return "" if is_free and not row["amounts"] else "fee_zero_words"


def thousands(content: Content) -> Iterator[Doubtful]:
    """A fee below 1,000 đ: the thousands were left out. The amounts in the words beside it tell."""
    groups: dict[tuple[int, str], list[int]] = {}
    for at, row in enumerate(content["channels"]):
        if isinstance(row["fee"], int) and 0 < row["fee"] < LEAST_FEE:
            groups.setdefault((row["fee"], row["words"]), []).append(at)
    for (fee, words), rows in groups.items():
        beside = {it for row in rows for it in content["channels"][row]["amounts"] if it >= LEAST_FEE}
        guess, why = _thousands_guess(fee, words, beside)
        yield Doubtful("fee_thousands", place("channels", rows, "fee"), fee, words, guess, why)


def _thousands_guess(fee: int, words: str, beside: set[int]) -> tuple[Any, str]:
    dollars = {int(it) for it in _DOLLARS.findall(words)}
    if fee in dollars:
        return f"{fee} USD", "words"
    if fee < LEAST_FIGURE:
        return None, ""
    if fee * 1000 in beside:
        return fee * 1000, "words"
    return fee * 1000, "differ" if beside else "rule"


def fees_beside_words(content: Content) -> Iterator[Doubtful]:
    """An amount that is none of those the words name: often a reduction for a time."""
    groups: dict[tuple[int, str], list[int]] = {}
    for at, row in enumerate(content["channels"]):
        if isinstance(row["fee"], int) and row["fee"] >= LEAST_FEE and _named(row):
            groups.setdefault((row["fee"], row["words"]), []).append(at)
    for (fee, words), rows in groups.items():
        named = {it for row in rows for it in _named(content["channels"][row])}
        if fee not in named:
            guess = named.pop() if len(named) == 1 else None
            where = place("channels", rows, "fee")
            yield Doubtful("fee_words", where, fee, words, guess, "words" if guess else "")


def _named(row: dict[str, Any]) -> list[int]:
    """Amounts of the words: the capture begins the list with the headline itself."""
    return [it for it in row["amounts"][1:] if it >= LEAST_FEE]
