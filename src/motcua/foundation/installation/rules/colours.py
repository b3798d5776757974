"""Colours of a theme: contrast, and the shades that the design system's tokens need.

Source: WCAG 2.2, "relative luminance" and "contrast ratio"; success criterion 1.4.3 (text 4.5 : 1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TEXT_CONTRAST = 4.5
WHITE, BLACK = "#ffffff", "#000000"
# The darkest ground of light pages and the ground of dark ones (foundation/ui/assets/theme.config.json).
PAPER, NIGHT = "#f4eee1", "#14120e"
_FORM = re.compile(r"#[0-9a-f]{6}")
# A colour on dark ground is made lighter until it is read as easily as the usual theme's.
_DARK_CONTRAST = 8.0


def is_colour(text: str) -> bool:
    """Whether it is written "#0b5d4b"."""
    return bool(_FORM.fullmatch(text.lower()))


def contrast(one: str, other: str) -> float:
    """1.0 to 21.0, for two colours of the form "#0b5d4b"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, ground: str, share: float) -> str:
    """So much of the colour (0 to 1) on that ground."""
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def weakest_ground(colour: str) -> tuple[str, float]:
    """Of the light grounds that text of this colour stands on, the one where it is worst to read, and how bad."""
    grounds = (WHITE, PAPER, light_shades(colour)["surface-tinted"])
    return min(((ground, contrast(colour, ground)) for ground in grounds), key=lambda it: it[1])


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def light_shades(colour: str) -> dict[str, str]:
    """The tokens of one colour on light ground, for a colour that can be read there."""
    return {
        "background-default": WHITE,
        "background-tinted": mix(colour, WHITE, 0.06),
        "surface-default": WHITE,
        "surface-tinted": mix(colour, WHITE, 0.1),
        "surface-hover": mix(colour, WHITE, 0.2),
        "surface-active": mix(colour, WHITE, 0.28),
        "border-subtle": mix(colour, WHITE, 0.37),
        "border-default": mix(colour, WHITE, 0.8),
        "border-strong": mix(colour, WHITE, 0.92),
        "text-subtle": colour,
        "text-default": mix(colour, BLACK, 0.6),
        "base-default": colour,
        "base-hover": mix(colour, BLACK, 0.82),
        "base-active": mix(colour, BLACK, 0.66),
        "base-contrast-default": WHITE,
        "base-contrast-subtle": mix(colour, WHITE, 0.06),
    }


def dark_shades(colour: str) -> dict[str, str]:
    """The tokens of one colour on dark ground."""
    light = _lightened(colour)
    return {
        "background-default": mix(colour, NIGHT, 0.1),
        "background-tinted": mix(colour, NIGHT, 0.14),
        "surface-default": mix(colour, NIGHT, 0.2),
        "surface-tinted": mix(colour, NIGHT, 0.26),
        "surface-hover": mix(colour, NIGHT, 0.34),
        "surface-active": mix(colour, NIGHT, 0.42),
        "border-subtle": mix(colour, NIGHT, 0.5),
        "border-default": mix(light, NIGHT, 0.6),
        "border-strong": mix(light, NIGHT, 0.75),
        "text-subtle": light,
        "text-default": mix(light, WHITE, 0.4),
        "base-default": light,
        "base-hover": mix(light, WHITE, 0.8),
        "base-active": mix(light, WHITE, 0.66),
        "base-contrast-default": NIGHT,
        "base-contrast-subtle": mix(colour, NIGHT, 0.1),
    }


def _lightened(colour: str) -> str:
    share = 1.0
    while contrast(mix(colour, WHITE, share), NIGHT) < _DARK_CONTRAST:
        share -= 0.02
    return mix(colour, WHITE, share)


def theme_css(colours: Mapping[str, str]) -> str:
    """A style sheet that overrides the tokens of the named colours ("accent", "son"), in both schemes.

    Its rules stand in no layer, so they win over the built theme, which stands in one.
    """
    light = _tokens({name: light_shades(colour) for name, colour in colours.items()})
    dark = _tokens({name: dark_shades(colour) for name, colour in colours.items()})
    return (
        f':root,[data-color-scheme="light"]{{{light}}}'
        f'[data-color-scheme="dark"]{{{dark}}}'
        f'@media (prefers-color-scheme:dark){{[data-color-scheme="auto"]{{{dark}}}}}\n'
    )


def _tokens(shades: Mapping[str, Mapping[str, str]]) -> str:
    return "".join(
        f"--ds-color-{name}-{token}:{value};"
        for name, tokens in shades.items()
        for token, value in tokens.items()
    )
