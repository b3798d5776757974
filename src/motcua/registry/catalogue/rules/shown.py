"""What lists and pages show of a captured procedure, after what was decided about its doubtful values. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from motcua.foundation.kernel.text import fold
from motcua.registry.catalogue.rules.captured import Content
from motcua.registry.catalogue.rules.places import put, rows_of

FREE: Mapping[str, str] = {"vi": "Miễn phí", "en": "No charge", "de": "Gebührenfrei"}
PROVINCE: Mapping[str, str] = {
    "vi": "Theo nghị quyết của Hội đồng nhân dân tỉnh",
    "en": "Set by the province",
    "de": "Von der Provinz festgesetzt",
}


def corrected(content: Content, decided: Iterable[tuple[str, Any]]) -> Content:
    """The content with the values that stand for what was read, by their places."""
    for where, value in decided:
        content = put(content, where, value)
    return content


def open_rows(places: Iterable[str], name: str, key: str) -> set[int]:
    """Rows of a list whose value is in doubt: `channels`, `fee` -> {0, 2}."""
    wanted = [it for it in places if it.startswith(f"{name}[") and it.endswith(f"].{key}")]
    return {row for it in wanted for row in rows_of(it)}


def facts_of(content: Content, places: Collection[str]) -> dict[str, Any]:
    """`limit` and `fee` for lists: of the first channel that states one, nothing where that one is in doubt.

    places: of the values in doubt.
    """
    return {"limit": _limit(content, places), "fee": _fee(content, places)}


def _limit(content: Content, places: Collection[str]) -> str:
    doubtful = open_rows(places, "channels", "limit")
    rows = [(at, row["limit"]) for at, row in enumerate(content["channels"]) if row["limit"]]
    return "" if not rows or rows[0][0] in doubtful else str(rows[0][1])


def _fee(content: Content, places: Collection[str]) -> dict[str, str]:
    doubtful = open_rows(places, "channels", "fee")
    rows = [(at, row["fee"]) for at, row in enumerate(content["channels"]) if row["fee"] is not None]
    return {} if not rows or rows[0][0] in doubtful else fee_texts(rows[0][1])


def fee_texts(fee: int | str | None) -> dict[str, str]:
    """A fee by language: 0, 20000, "10 USD", "province"; nothing for None and ""."""
    if fee is None or fee == "":
        return {}
    if fee == 0:
        return dict(FREE)
    if fee == "province":
        return dict(PROVINCE)
    if isinstance(fee, str):
        return {"vi": fee, "en": fee, "de": fee}
    dotted = f"{fee:,}".replace(",", ".")
    return {"vi": f"{dotted} đ", "en": f"{fee:,} đ", "de": f"{dotted} đ"}


def sector_slug(name: str) -> str:
    """A sector's code from its name on the portal: "Hộ tịch" -> "ho-tich"; at most 100 characters."""
    return fold(name).replace(" ", "-")[:100]
