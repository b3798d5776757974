"""Text of an SMS: one segment. Source: 3GPP TS 23.038 6.2.1 (default alphabet), 3GPP TS 23.040 (160 septets)."""

from __future__ import annotations

import re
import unicodedata

SEPTETS = 160
_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each takes two septets: the escape and itself.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."}
)


def septets(text: str) -> int:
    """How many septets the text takes in GSM-7. Raises ValueError when it has characters outside of it."""
    if strange := set(text) - _ALPHABET - _EXTENSION:
        raise ValueError(f"not in GSM-7: {sorted(strange)}")
    return len(text) + sum(char in _EXTENSION for char in text)


def _is_plain(text: str) -> bool:
    return set(text) <= _ALPHABET | _EXTENSION


def sms_text(text: str) -> str:
    """The words on one line in GSM-7, at most 160 septets, cut at a space.

    Texts with other letters lose all accents, as is customary in Vietnam: "Hồ sơ" -> "Ho so"; German umlauts are in
    the alphabet and stay. What then still has no place there (emoji) is left out.
    """
    line = re.sub(r"\s+", " ", text.translate(_PLAIN)).strip()
    if not _is_plain(line):
        decomposed = unicodedata.normalize("NFD", line)
        line = "".join(char for char in decomposed if _is_plain(char) and not unicodedata.combining(char))
        line = re.sub(r" +", " ", line).strip()
    return _cut(line)


def _cut(line: str) -> str:
    if septets(line) <= SEPTETS:
        return line
    while septets(line) > SEPTETS:
        head, space, _ = line.rpartition(" ")
        line = head if space else line[: SEPTETS // 2]
    return line
