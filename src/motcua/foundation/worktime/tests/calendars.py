"""The days off of 2024 to 2026, small and by hand, until and beside the calendar of the pack."""

from datetime import date, timedelta

from motcua.foundation.worktime.calendars import Calendar


def _days(first: date, count: int, reason: str) -> dict[date, str]:
    return {first + timedelta(days=number): reason for number in range(count)}


FIXED_HOLIDAYS = {(1, 1): "New Year", (4, 30): "Reunification", (5, 1): "Labour Day", (9, 2): "National Day"}

# Labour Code 45/2019/QH14 Art. 112 and the yearly announcements.
VIETNAM_2024_2026 = Calendar(
    table_until=date(2026, 12, 31),
    days_off={
        **_days(date(2024, 2, 8), 7, "Tết"),
        date(2024, 4, 18): "Hùng Kings",
        date(2024, 4, 29): "swapped for 4 May",
        date(2024, 9, 3): "National Day",
        **_days(date(2025, 1, 27), 5, "Tết"),
        date(2025, 4, 7): "Hùng Kings",
        date(2025, 5, 2): "swapped for 26 April",
        date(2025, 9, 1): "National Day",
        date(2026, 1, 2): "swapped for 10 January",
        **_days(date(2026, 2, 16), 5, "Tết"),
        date(2026, 4, 27): "Hùng Kings",
        date(2026, 8, 31): "swapped for 22 August",
        date(2026, 9, 1): "National Day",
    },
    working_days={
        date(2024, 5, 4): "worked for 29 April",
        date(2025, 4, 26): "worked for 2 May",
        date(2026, 1, 10): "worked for 2 January",
        date(2026, 8, 22): "worked for 31 August",
    },
    fixed_holidays=FIXED_HOLIDAYS,
)
