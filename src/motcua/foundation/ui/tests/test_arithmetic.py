from django.utils import translation

from motcua.foundation.ui.arithmetic import arithmetic_rows


def step(code: str, begins: str, ends: str, **params):
    return {"code": code, "begins": f"{begins}:00+07:00", "ends": f"{ends}:00+07:00", "params": params}


def labels(*steps) -> list[str]:
    with translation.override("en"):
        rows = arithmetic_rows(steps, "en", reason_words=lambda reason, language: reason.title())
    return [row["label"] for row in rows]


def test_says_every_kind_of_day_in_words():
    day = ("2026-03-02T07:00", "2026-03-02T17:00")
    assert labels(
        step("closed", *day),
        step("closed", *day, last_hour="16:00"),
        step("started", *day),
        step("started", *day, cut_off="15:00"),
        step("counted", *day),
        step("counted", *day, number=2),
        step("counted", *day, number=3, reason="make-up"),
        step("counted", *day, seconds=8 * 3600),
        step("counted", *day, seconds=5400),
        step("skipped_weekend", *day),
        step("skipped_holiday", *day, reason="tet"),
        step("stopped", *day),
        step("resumed", *day),
        step("restarted", *day),
        step("due", *day, number=3),
        step("extended", *day, decided="2026-03-01"),
    ) == [
        "Received after opening hours",
        "Received after 16:00: counts from the next working day",
        "Start",
        "Start; too late for the same day (15:00)",
        "Counted",
        "Day 2",
        "Day 3 (Make-Up)",
        "8 hours counted",
        "1:30 hours counted",
        "Weekend, not counted",
        "Day off: Tet",
        "Clock stopped",
        "The clock goes on",
        "Start again, with the whole limit",
        "Due",
        "New date, announced on Sunday 1\N{NO-BREAK SPACE}March",
    ]


def test_a_due_date_shows_the_moment_and_is_the_total():
    rows = arithmetic_rows(
        [step("due", "2026-03-05T07:00", "2026-03-05T14:00")], "vi", reason_words=lambda reason, _: reason
    )
    assert rows[0]["kind"] == "total"
    assert rows[0]["value"].startswith("14:00, thứ\u00a0Năm")
