"""Addresses as they are stored and as they are shown."""

from __future__ import annotations

import re

_SPACING = re.compile(r"[\s.()\-]")
# Mobile numbers since the change of prefixes in 2018 (Decision 798/QĐ-BTTTT): 03, 05, 07, 08, 09 and eight digits.
_MOBILE = re.compile(r"0(?=[35789])([0-9]{9})")
_FOREIGN = re.compile(r"\+[1-9][0-9]{7,14}")


def normal_phone(text: str) -> str:
    """A number that takes SMS, as E.164: "0912 345 678" -> "+84912345678". Empty when it is none.

    Numbers of other countries need their "+". Source: ITU-T E.164.
    """
    digits = _SPACING.sub("", text)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    elif digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    if found := _MOBILE.fullmatch(digits):
        return f"+84{found[1]}"
    return digits if _FOREIGN.fullmatch(digits) and not digits.startswith("+84") else ""


def mask_address(address: str) -> str:
    """ "+84912345678" -> "+84******678", "nhung@example.org" -> "n***@example.org"; never the whole address."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}***@{domain}"
    return f"{name[:3]}{'*' * (len(name) - 6)}{name[-3:]}" if len(name) > 6 else "*" * len(name)
