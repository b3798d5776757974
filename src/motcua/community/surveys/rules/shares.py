"""Shares of whole numbers, without floats. Pure."""

from __future__ import annotations


def per_mille(part: int, whole: int) -> int | None:
    """`part` of `whole` in tenths of a percent, half up; None of nothing: no data."""
    return (part * 2_000 + whole) // (2 * whole) if whole else None
