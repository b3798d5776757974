"""Spreadsheets (Office Open XML, ISO/IEC 29500) written line by line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from openpyxl.cell import WriteOnlyCell

from motcua.foundation.kernel.text import clean_line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def append_line(sheet: Any, values: Iterable[Any]) -> None:
    """A line of texts, numbers, local moments (naive) and None for a write-only sheet of openpyxl."""
    sheet.append([_cell(sheet, value) for value in values])


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    """A text is a text: one that begins with "=" would be a formula, and come from whoever filled in a form."""
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, datetime):
            cell.number_format = "dd/mm/yyyy hh:mm"
        return cell
    cell = WriteOnlyCell(sheet, clean_line(value))
    cell.data_type = "s"
    return cell
