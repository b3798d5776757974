"""Fees as the pages show them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from motcua.casework.fees.rules.lines import FeeLine
from motcua.foundation.ui import formats
from motcua.registry.catalogue.rules.texts import in_language, source_words


def fee_rows(lines: list[FeeLine], spoken: str, *, sources: bool = False) -> list[dict[str, str]]:
    """Fees with their amounts and, where wanted, the law they come from, for components/fee_table."""
    return [
        {
            "label": in_language(line.name, spoken),
            "note": ". ".join(filter(None, [*_fee_notes(line, spoken), source_words(line.source) * sources])),
            "amount": "" if line.amount_vnd is None else formats.format_money(line.amount_vnd, spoken),
        }
        for line in lines
    ]


def _fee_notes(line: FeeLine, spoken: str) -> list[str]:
    """Why it is this fee, and what makes the amount."""
    because = [in_language(line.because, spoken).rstrip(".")] if line.because else []
    return because + _amount_notes(line, spoken)


def _amount_notes(line: FeeLine, spoken: str) -> list[str]:
    if line.exempt:
        return [_("Exempt: %(ground)s") % {"ground": in_language(line.exempt, spoken)}]
    if line.amount_vnd is None:
        return [in_language(line.text or {}, spoken).rstrip(".")]
    if line.unit_vnd and line.count > 1:
        return [f"{line.count} × {formats.format_money(line.unit_vnd, spoken)}"]
    return []


def fee_total(lines: list[FeeLine], spoken: str) -> str:
    """The sum, empty when an amount is not known or there is one line only."""
    amounts = [line.amount_vnd for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return formats.format_money(sum(known), spoken) if len(known) == len(amounts) > 1 else ""
