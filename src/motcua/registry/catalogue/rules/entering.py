"""What somebody enters instead of a doubtful value, by the form of its kind. Pure."""

from __future__ import annotations

import re
from typing import Any

from motcua.foundation.kernel.text import clean, clean_line
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit
from motcua.registry.catalogue.rules.doubting_words import RESULT

LEVELS = ("ministry", "province", "commune", "other")
_MONEY = re.compile(r"[0-9]{1,3}(?:[.,]?[0-9]{3}){0,4}|[0-9]{1,12}")
_FOREIGN = re.compile(r"[0-9]{1,12} [A-Z]{3}")
LONGEST_TEXT = 2_000
MOST_LINES = 500


class NotAValue(ValueError):
    """What was typed is none; `form` says which form was asked for."""

    def __init__(self, form: str) -> None:
        self.form = form
        super().__init__(form)


def entered(form: str, typed: str) -> Any:
    """The value of what was typed. Raises NotAValue.

    limit: "5wd", "20d", "8wh", "1m", "sameday", "" for none stated. fee: VND, "10 USD", "province", "" for none
    stated. code: a result's. levels: "province, commune". count: 0 to 99. lines: one a line. channels: "online, post".
    """
    if form not in _READERS:
        raise NotAValue(form)
    value = _READERS[form](typed)
    if value is None:
        raise NotAValue(form)
    return value


def _limit(typed: str) -> str | None:
    text = clean_line(typed).replace(" ", "")
    try:
        return text and str(parse_limit(text))
    except UnreadableLimit:
        return None


def _fee(typed: str) -> int | str | None:
    text = clean_line(typed)
    if text in {"", "province"} or _FOREIGN.fullmatch(text):
        return text
    return int(re.sub(r"[.,]", "", text)) if _MONEY.fullmatch(text) else None


def _code(typed: str) -> str | None:
    text = clean_line(typed).upper()
    return text if RESULT.fullmatch(text) else None


def _text(typed: str) -> str | None:
    text = clean_line(typed)
    return text if 0 < len(text) <= LONGEST_TEXT else None


def _words(typed: str) -> list[str]:
    return list(dict.fromkeys(re.split(r"[,;\s]+", clean_line(typed).strip(",; "))))


def _levels(typed: str) -> list[str] | None:
    words = _words(typed)
    return words if set(words) <= set(LEVELS) else None


def _count(typed: str) -> int | None:
    text = clean_line(typed)
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else None


def _lines(typed: str) -> list[str] | None:
    lines = [clean_line(line) for line in clean(typed).splitlines() if line.strip()]
    return lines if lines and len(lines) <= MOST_LINES and all(len(it) <= 300 for it in lines) else None


def _channels(typed: str) -> list[dict[str, Any]] | None:
    words = _words(typed)
    if not set(words) <= {"online", "counter", "post"}:
        return None
    bare: dict[str, Any] = {
        "time": None,
        "unit": None,
        "limit": "",
        "fee": None,
        "amounts": [],
        "words": "",
        "more": "",
    }
    return [{"channel": word, **bare, "is_cut": False} for word in words]


_READERS = {
    "limit": _limit,
    "fee": _fee,
    "code": _code,
    "text": _text,
    "levels": _levels,
    "count": _count,
    "lines": _lines,
    "channels": _channels,
}
