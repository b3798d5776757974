"""Pictures of made-up signatures and seals, drawn by code. A seal says that it is a sample and bears no emblem."""

from __future__ import annotations

import io
import math
import random
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

_BLUE, _RED = (24, 58, 150), (200, 30, 36)
# Drawn larger and reduced, so that edges are smooth.
_FINER = 3
_SIZE = 600


def draw_signature(name: str) -> bytes:
    """A scribble in blue ink, PNG of 600 x 260 pixels with a transparent background; the same for the same name."""
    chance = random.Random(name)  # noqa: S311  a drawing
    width, height = _SIZE * _FINER, 260 * _FINER
    picture = Image.new("RGBA", (width, height), (*_BLUE, 0))
    pen = ImageDraw.Draw(picture)
    middle = height * 0.5
    letters = [(0.08 + 0.1 * step, chance.uniform(-0.3, 0.3)) for step in range(8)]
    points = [(width * 0.06, middle + height * 0.2), (width * 0.14, height * 0.1)]
    for across, rise in letters:
        swing = height * chance.uniform(0.08, 0.2)
        points += [
            (width * across, middle + height * rise * 0.4 + swing),
            (width * (across + 0.05), middle + height * rise * 0.4 - swing),
        ]
    points += [
        (width * 0.94, middle - height * 0.16),
        (width * 0.5, height * 0.84),
        (width * 0.2, height * 0.78),
    ]
    _ink(pen, points, height * 0.014)
    _ink(
        pen,
        [(width * 0.2, height * 0.8), (width * 0.6, height * 0.7), (width * 0.92, height * 0.74)],
        height * 0.01,
    )
    return _png(picture, _BLUE)


def _ink(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], thickness: float) -> None:
    """A curve through the points (Catmull-Rom), thicker where the pen goes down."""
    padded = [points[0], *points, points[-1]]
    for number in range(len(padded) - 3):
        before, start, end, after = padded[number : number + 4]
        steps = max(int(math.dist(start, end) / 2), 2)
        for step in range(steps):
            x, y = (_on_curve(step / steps, *axis) for axis in zip(before, start, end, after, strict=True))
            down = _on_curve((step + 1) / steps, before[1], start[1], end[1], after[1]) - y
            radius = thickness * (1 + 0.5 * max(-1.0, min(1.0, down)))
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*_BLUE, 255))


def _on_curve(t: float, before: float, start: float, end: float, after: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def draw_seal(agency: str, place: str) -> bytes:
    """A round red seal, PNG of 600 x 600 pixels with a transparent background.

    agency: on the upper arc, for instance "Ủy ban nhân dân xã Mẫu"; place: on the lower one, "Tỉnh Phú Thọ".
    """
    side = _SIZE * _FINER
    picture = Image.new("RGBA", (side, side), (*_RED, 0))
    pen = ImageDraw.Draw(picture)
    for radius, thickness in ((0.49, 0.016), (0.468, 0.006), (0.32, 0.006)):
        edge = (side * (0.5 - radius), side * (0.5 - radius), side * (0.5 + radius), side * (0.5 + radius))
        pen.ellipse(edge, outline=(*_RED, 255), width=round(side * thickness))
    _write_arc(picture, agency.upper(), upper=True)
    _write_arc(picture, place.upper(), upper=False)
    for across in (0.136, 0.864):
        _star(pen, (side * across, side * 0.646), side * 0.026)
    _star(pen, (side * 0.5, side * 0.4), side * 0.11)
    font = _font(side * 0.1)
    pen.text((side / 2, side * 0.62), "MẪU", font=font, fill=(*_RED, 255), anchor="mm")
    return _png(picture, _RED)


def _write_arc(picture: Image.Image, text: str, *, upper: bool) -> None:
    """Letter by letter between the two inner circles; a long text in smaller letters."""
    side = picture.width
    radius = side * 0.394
    room = math.pi * (1.04 if upper else 0.6) * radius
    size = side * 0.085
    while (length := _font(size).getlength(text) * 1.06) > room:
        size *= 0.96
    font = _font(size)
    angle = -length / radius / 2
    for letter in text:
        half = font.getlength(letter) * 1.06 / radius / 2
        angle += half
        turned = angle if upper else -angle
        _place_letter(picture, letter, font, (turned, radius if upper else -radius))
        angle += half


def _place_letter(
    picture: Image.Image, letter: str, font: ImageFont.FreeTypeFont, polar: tuple[float, float]
) -> None:
    """polar: angle from the upright, clockwise; distance from the centre, negative for below."""
    angle, radius = polar
    side = picture.width
    square = round(font.size * 2)
    tile = Image.new("RGBA", (square, square), (*_RED, 0))
    ImageDraw.Draw(tile).text((square / 2, square / 2), letter, font=font, fill=(*_RED, 255), anchor="mm")
    tile = tile.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
    x, y = side / 2 + radius * math.sin(angle), side / 2 - radius * math.cos(angle)
    picture.alpha_composite(tile, (round(x - square / 2), round(y - square / 2)))


def _star(pen: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float) -> None:
    points = []
    for number in range(10):
        angle, far = math.pi * number / 5, radius if number % 2 == 0 else radius * 0.4
        points.append((centre[0] + far * math.sin(angle), centre[1] - far * math.cos(angle)))
    pen.polygon(points, fill=(*_RED, 255))


def _font(size: float) -> ImageFont.FreeTypeFont:
    folder = Path(settings.FONTS_DIR)
    found = sorted(folder.rglob("*700Bold.ttf")) or sorted(folder.rglob("*Bold.ttf"))
    return ImageFont.truetype(found[0], round(size))


def _png(picture: Image.Image, colour: tuple[int, int, int]) -> bytes:
    """One colour, 16 degrees of transparency: every paper carries the picture, so it is kept small."""
    reduced = picture.resize((picture.width // _FINER, picture.height // _FINER), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", reduced.size, colour)
    clean.putalpha(reduced.getchannel("A").point([round(alpha / 17) * 17 for alpha in range(256)]))
    output = io.BytesIO()
    clean.save(output, "PNG", optimize=True)
    return output.getvalue()
