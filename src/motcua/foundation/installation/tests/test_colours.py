from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from motcua.foundation.installation.errors import BadValue
from motcua.foundation.installation.own import MAIN, SECOND, readable_colour
from motcua.foundation.installation.rules.colours import (
    TEXT_CONTRAST,
    WHITE,
    contrast,
    dark_shades,
    light_shades,
    theme_css,
    weakest_ground,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
# Text and buttons, and on what they stand.
PAIRS = (
    ("text-subtle", "background-default"),
    ("text-subtle", "surface-tinted"),
    ("text-default", "surface-hover"),
    ("base-contrast-default", "base-default"),
    ("base-contrast-default", "base-hover"),
)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", WHITE) == pytest.approx(21)


@pytest.mark.parametrize("colour", [MAIN, SECOND])
def test_takes_the_usual_colours(colour):
    assert readable_colour(colour) == colour


@pytest.mark.parametrize("colour", ["#22aa55", "#ffd45c", "#777777", "#0362f2"])
def test_refuses_a_colour_in_which_text_cannot_be_read_and_says_how_far_it_is_off(colour):
    with pytest.raises(BadValue, match=r"contrast of #\w{6} is [0-4]\.\d to 1, and text needs 4.5"):
        readable_colour(colour)


@pytest.mark.parametrize("text", ["green", "#0b5d4", "#0b5d4b;}", "url(x)", "#0b5d4g"])
def test_refuses_what_is_no_colour(text):
    with pytest.raises(BadValue, match="six digits"):
        readable_colour(text)


@given(COLOURS)
def test_text_in_every_colour_that_is_taken_can_be_read_in_both_schemes(colour):
    assume(weakest_ground(colour)[1] >= TEXT_CONTRAST)
    light, dark = light_shades(colour), dark_shades(colour)
    for text, ground in PAIRS:
        assert contrast(dark[text], dark[ground]) >= TEXT_CONTRAST, (text, ground)
        assert contrast(light[text], light[ground]) >= TEXT_CONTRAST, (text, ground)
    assert contrast(light["border-default"], light["background-default"]) >= 3


def test_the_style_sheet_holds_tokens_and_nothing_else():
    css = theme_css({"accent": "#2c4a7c", "son": "#8e1b16"})
    assert css.count("--ds-color-accent-base-default:#2c4a7c;") == 1
    assert set(re.findall(r"--ds-color-(\w+)-", css)) == {"accent", "son"}
    assert not re.search(r"url|import|expression|<", css)
