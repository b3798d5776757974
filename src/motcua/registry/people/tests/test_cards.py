from __future__ import annotations

import io
from datetime import date

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from motcua.registry.people.adapters.card_photo import NoCodeFound, PictureRefused
from motcua.registry.people.errors import BadCardText
from motcua.registry.people.rules.cards import BadCard, read_card
from motcua.registry.people.selectors import card_on

TODAY = date(2026, 3, 10)
PROVINCES = {"001", "025"}
TEXT = "001099012345|012345678|Nguyễn Văn A|01021999|Nam|Số 1, phố X, phường Y, Hà Nội|15032021"


def read(text):
    return read_card(text, PROVINCES, today=TODAY)


def test_a_card_says_who_its_holder_is():
    card = read(TEXT)
    assert (card.number, card.full_name, card.birth_date, card.sex) == (
        "001099012345",
        "Nguyễn Văn A",
        date(1999, 2, 1),
        "male",
    )
    assert (card.old_number, card.issued) == ("012345678", date(2021, 3, 15))


def test_newer_cards_append_fields_that_are_ignored():
    assert read(f"{TEXT}|Nguyễn Văn B|Trần Thị C||") == read(TEXT)


def test_the_old_number_may_be_missing():
    assert read(TEXT.replace("012345678", "")).old_number == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("https://example.org/?a=1|2|3|4|5|6|7", "not_a_card"),
        ("", "not_a_card"),
        ("001099012345|012345678|Nguyễn Văn A", "not_a_card"),
        ("|" * 5000, "not_a_card"),
        (TEXT.replace("01021999", "1999-02-01"), "not_a_card"),
        (TEXT.replace("001099012345", "001199012345"), "number"),
        (TEXT.replace("001099012345", "00109901234"), "number"),
        (TEXT.replace("001099012345", "003099012345"), "number"),
        (TEXT.replace("012345678", "abc"), "number"),
        (TEXT.replace("01021999", "31021999"), "date"),
        (TEXT.replace("15032021", "15032031"), "date"),
        (TEXT.replace("15032021", "15031990"), "date"),
        (TEXT.replace("Nam", "X"), "sex"),
        (TEXT.replace("Nguyễn Văn A", ""), "name"),
    ],
)
def test_what_is_no_card_is_refused_for_its_reason(text, fault):
    with pytest.raises(BadCard) as refused:
        read(text)
    assert refused.value.fault == fault


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(BadCard):
        read(text)


def photo(text):
    content = io.BytesIO()
    segno.make(text).save(content, kind="png", scale=5)
    return SimpleUploadedFile("card.png", content.getvalue())


def test_a_photo_is_read_in_the_locked_down_process():
    assert card_on(photo(TEXT), today=TODAY).full_name == "Nguyễn Văn A"


def test_a_photo_of_another_code_is_refused():
    with pytest.raises(BadCardText, match="not a citizen card's code"):
        card_on(photo("00020101021238570010A000000727"), today=TODAY)


def test_a_photo_without_a_code_is_refused():
    content = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(content, "JPEG")
    with pytest.raises(NoCodeFound):
        card_on(SimpleUploadedFile("card.jpg", content.getvalue()), today=TODAY)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n torn"])
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(PictureRefused):
        card_on(SimpleUploadedFile("card.png", content), today=TODAY)
