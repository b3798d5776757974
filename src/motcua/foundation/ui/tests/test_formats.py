from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

MOMENT = datetime(2026, 3, 10, 2, 40, tzinfo=UTC)  # 9:40 in Vietnam
NBSP = "\u00a0"


def render(source: str, language: str, **context: object) -> str:
    with translation.override(language):
        return Template(source).render(Context(context)).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("language", "text"),
    [("vi", "thứ Ba 10/03/2026"), ("en", "Tuesday 10 March 2026"), ("de", "Dienstag, 10.03.2026")],
)
def test_a_date_says_the_weekday_in_each_language(language, text):
    assert render("{{ day|viet_date }}", language, day=date(2026, 3, 10)) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("vi", "9:40, thứ Ba 10/03"), ("en", "9:40, Tuesday 10 March"), ("de", "Dienstag, 10.03., 9:40 Uhr")],
)
def test_a_moment_is_shown_in_local_time_without_the_year_when_short(language, text):
    assert render("{{ at|viet_datetime:'short' }}", language, at=MOMENT) == text


def test_the_clock_has_24_hours_in_english_too():
    assert render("{{ at|viet_time }}", "en", at=datetime(2026, 3, 10, 10, 5, tzinfo=UTC)) == "17:05"


def test_a_sunday_is_named_as_vietnamese_names_it():
    assert render("{{ day|viet_date }}", "vi", day=date(2026, 3, 8)) == "Chủ nhật 08/03/2026"


@pytest.mark.parametrize(("language", "text"), [("vi", "24.000 đ"), ("de", "24.000 đ"), ("en", "24,000 đ")])
def test_an_amount_is_grouped_as_the_language_groups(language, text):
    assert render("{{ 24000|money_vnd }}", language) == text


def test_an_amount_never_breaks_before_its_unit():
    assert NBSP in Template("{{ 24000|money_vnd }}").render(Context())


def test_a_weekday_is_not_broken_in_two():
    with translation.override("vi"):
        shown = Template("{{ day|viet_date }}").render(Context({"day": date(2026, 3, 11)}))
    assert shown == f"thứ{NBSP}Tư 11/03/2026"


@pytest.mark.parametrize(
    ("size", "language", "text"),
    [
        (812, "vi", "812 B"),
        (186_368, "vi", "182 KB"),
        (1_468_006, "vi", "1,4 MB"),
        (1_468_006, "en", "1.4 MB"),
    ],
)
def test_a_file_size_is_short(size, language, text):
    assert render("{{ size|file_size }}", language, size=size) == text


def test_nothing_is_shown_for_values_that_are_missing():
    assert (
        render(
            "{{ none|viet_date }}{{ none|money_vnd }}{{ none|file_size }}{{ none|masked }}", "vi", none=None
        )
        == ""
    )


def test_a_masked_number_hides_its_digits_from_eyes_and_screen_readers():
    html = render("{{ '046123456789'|masked }}", "en")
    assert "046*********" in html
    assert "123456789" not in html
    assert "046 hidden" in html


@pytest.mark.parametrize(
    ("now", "words", "state"),
    [
        (datetime(2026, 3, 10, 1, 0, tzinfo=UTC), "today 9:40", "soon"),
        (datetime(2026, 3, 10, 3, 0, tzinfo=UTC), "overdue since 9:40", "overdue"),
        (datetime(2026, 3, 11, 1, 0, tzinfo=UTC), "1 day overdue", "overdue"),
        (datetime(2026, 3, 8, 1, 0, tzinfo=UTC), "9:40, Tuesday 10 March", "open"),
    ],
)
def test_a_due_moment_reads_from_now(now, words, state):
    assert (
        render("{{ due|due_words:now }}/{{ due|due_state:now }}", "en", due=MOMENT, now=now)
        == f"{words}/{state}"
    )
