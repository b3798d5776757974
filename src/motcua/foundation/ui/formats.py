"""Dates, times, amounts and sizes as people of each language write them. Value and language in, text out."""

from __future__ import annotations

from datetime import date, datetime

NBSP = "\u00a0"

_WEEKDAYS = {
    "vi": (*(f"thứ{NBSP}{it}" for it in ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")), f"Chủ{NBSP}nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def format_date(day: date, language: str, *, weekday: bool = True, year: bool = True) -> str:
    """ "thứ Ba 10/03/2026", "Tuesday 10 March 2026", "Dienstag, 10.03.2026"; without the parts not wanted."""
    if language == "vi":
        text, joint = f"{day:%d/%m}" + (f"/{day.year}" if year else ""), " "
    elif language == "de":
        text, joint = f"{day:%d.%m.}" + (str(day.year) if year else ""), ", "
    else:
        text, joint = f"{day.day}{NBSP}{_MONTHS[day.month - 1]}" + (f"{NBSP}{day.year}" if year else ""), " "
    names = _WEEKDAYS.get(language, _WEEKDAYS["en"])
    return f"{names[day.weekday()]}{joint}{text}" if weekday else text


def format_time(moment: datetime, language: str) -> str:
    """24-hour clock in every language: "9:40", "17:00"."""
    return f"{moment.hour}:{moment.minute:02d}"


def format_datetime(moment: datetime, language: str, *, weekday: bool = True, year: bool = True) -> str:
    """ "9:40, thứ Hai 02/03/2026", "9:40, Monday 2 March 2026", "Montag, 02.03.2026, 9:40 Uhr"."""
    time, day = (
        format_time(moment, language),
        format_date(moment.date(), language, weekday=weekday, year=year),
    )
    return f"{day}, {time}{NBSP}Uhr" if language == "de" else f"{time}, {day}"


def format_number(number: int, language: str) -> str:
    """Groups of three: "24.000" in Vietnamese and German, "24,000" in English."""
    grouped = f"{number:,}"
    return grouped if language == "en" else grouped.replace(",", ".")


def format_money(amount_vnd: int, language: str) -> str:
    """ "24.000 đ" or "24,000 đ"; amount in whole đồng."""
    return f"{format_number(amount_vnd, language)}{NBSP}đ"


def format_size(size_bytes: int, language: str) -> str:
    """ "812 B", "182 KB", "1,4 MB" (steps of 1024; decimal comma except in English)."""
    if size_bytes < 1024:
        return f"{size_bytes}{NBSP}B"
    if size_bytes < 1024 * 1024:
        return f"{round(size_bytes / 1024)}{NBSP}KB"
    megabytes = f"{size_bytes / 1024 / 1024:.1f}"
    return f"{megabytes if language == 'en' else megabytes.replace('.', ',')}{NBSP}MB"
