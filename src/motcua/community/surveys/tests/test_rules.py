"""States, masking, shares, the pack's file."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from motcua.community.surveys.rules import cases
from motcua.community.surveys.rules.law import parse_law
from motcua.community.surveys.rules.shares import per_mille
from motcua.community.surveys.rules.words import masked
from motcua.community.surveys.tokens import token_digest, token_of
from motcua.foundation.kernel.ids import new_id

ACTS = ("claim", "note_call", "pass_on", "reply", "escalate", "reopen", "close")
STATES = (cases.WAITING, cases.CLAIMED, cases.REPLIED, cases.CLOSED)


def test_every_act_in_every_state():
    allowed = {(state, act) for state in STATES for act in ACTS if cases.after(state, act)}
    assert allowed == {
        ("waiting", "claim"),
        ("waiting", "escalate"),
        ("claimed", "claim"),
        ("claimed", "note_call"),
        ("claimed", "pass_on"),
        ("claimed", "reply"),
        ("claimed", "escalate"),
        ("replied", "reopen"),
        ("replied", "close"),
    }


@pytest.mark.parametrize(
    ("text", "names", "said"),
    [
        ("Gọi 0912 345 678 nhé", (), "Gọi 091******* nhé"),
        ("Số 046123456789.", (), "Số 046*********."),
        ("+84 912-345-678", (), "849********"),
        ("Ngày 10/03, 3 lần, 120000 đồng", (), "Ngày 10/03, 3 lần, 120000 đồng"),
        ("Thư: ba.mau@example.org", (), "Thư: …"),
        ("Tôi là TRAN thi  Binh, mẹ", ("Trần Thị Bình",), "Tôi là …, mẹ"),
        ("An ổn", ("An",), "An ổn"),
        ("", ("Trần Thị Bình",), ""),
    ],
)
def test_numbers_addresses_and_the_own_name_are_covered(text, names, said):
    assert masked(text, names) == said


@given(st.text(max_size=300))
def test_no_long_number_is_left(text):
    assert not any(part.isdigit() and len(part) >= 8 for part in masked(text + " 0912345678").split(" "))


def test_shares_round_half_up_and_nothing_is_no_data():
    assert (per_mille(1, 3), per_mille(2, 3), per_mille(1, 2_000), per_mille(0, 0)) == (333, 667, 1, None)


def test_the_packs_file_is_read_and_wrong_ones_refused():
    data = yaml.safe_load((settings.PACKS / "vn" / "satisfaction.yaml").read_text(encoding="utf-8"))
    law = parse_law(data)
    assert (law.open_for, str(law.answer_within), len(law.reasons)) == (timedelta(days=90), "5wd", 8)
    for name, value in (("open_days", 0), ("smallest_group", "5"), ("reasons", data["reasons"] * 2)):
        with pytest.raises(ValueError):
            parse_law(deepcopy(data) | {name: value})


def test_a_token_is_found_however_it_is_typed_and_another_is_not():
    one, other = new_id(), new_id()
    token = token_of(one)
    assert (
        token_digest(f" {token[:4].lower()}-{token[4:]} ")
        == token_digest(token)
        != token_digest(token_of(other))
    )
    assert [token_digest(wrong) for wrong in ("", "A" * 15, "A" * 17, "0" * 16, "é" * 16)] == [""] * 5
