from datetime import datetime, time

import pytest

from motcua.foundation.notifications.rules.addresses import mask_address, normal_phone
from motcua.foundation.notifications.rules.timing import after_quiet


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912345678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("+84 (0)912", ""),
        ("+84 912.345-678", "+84912345678"),
        ("+4915112345678", "+4915112345678"),
        ("+", ""),
        ("", ""),
        ("0112345678", ""),
        ("+840912345678", ""),
        ("09123456789", ""),
        ("0912345678;0912345679", ""),
    ],
)
def test_a_number_is_brought_into_one_form_or_is_none(typed, number):
    assert normal_phone(typed) == number


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("+84912345678", "+84******678"),
        ("nhung@example.org", "n***@example.org"),
        ("n@example.org", "n***@example.org"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_an_address_is_never_shown_whole(address, masked):
    assert mask_address(address) == masked


NIGHT = (time(21), time(7))


@pytest.mark.parametrize(
    ("moment", "hours", "goes"),
    [
        ("10T20:59", NIGHT, "10T20:59"),
        ("10T21:00", NIGHT, "11T07:00"),
        ("10T06:59", NIGHT, "10T07:00"),
        ("10T07:00", NIGHT, "10T07:00"),
        ("31T23:00", NIGHT, "32T07:00"),
        ("10T12:30", (time(12), time(13)), "10T13:00"),
        ("10T13:00", (time(12), time(13)), "10T13:00"),
        ("10T03:00", (time(0), time(0)), "10T03:00"),
    ],
)
def test_quiet_hours_end_at_their_end(moment, hours, goes):
    def at(text):
        day, hour = text.split("T")
        return (
            datetime.fromisoformat(f"2026-04-01T{hour}")
            if day == "32"
            else datetime.fromisoformat(f"2026-03-{day}T{hour}")
        )

    assert after_quiet(at(moment), *hours) == at(goes)
