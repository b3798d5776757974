"""Pictures of signatures and seals: what they must be, and where they stand. Source: Decree 30/2020/NĐ-CP, annex I."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from motcua.foundation.kernel.errors import DomainError

MAX_BYTES = 1024 * 1024
MIN_PIXELS, MAX_PIXELS = 100, 3000
POINTS_PER_MM = 72 / 25.4
# Of the ink's pixels that must have the colour; scans have grey edges.
_ENOUGH_INK = 0.6
_SEEN = 128

Box = tuple[float, float, float, float]
Ink = Literal["blue", "red"]


class UnfitImage(DomainError):
    """The file cannot be the picture of a signature or seal."""

    code = "unfit_image"
    message = _("This file cannot be the picture of a signature or seal. %(reason)s")
    status = 422


def check_image(png: bytes, *, ink: Ink) -> list[str | Promise]:
    """What is doubtful in a picture that can be used; [] when nothing is.

    ink: blue for a person's signature, red for an agency's seal. Raises UnfitImage for what is no PNG with a
    transparent background, over 1 MB, or not 100 to 3,000 pixels wide and high.
    """
    small = iter(_opened(png).resize((100, 100)).tobytes())
    pixels = list(zip(small, small, small, small, strict=True))
    seen = [(red, green, blue) for red, green, blue, alpha in pixels if alpha >= _SEEN]
    if not seen:
        raise UnfitImage(reason=_("Nothing can be seen in it."))
    if len(seen) == len(pixels):
        raise UnfitImage(reason=_("Its background must be transparent."))
    if sum(_has_colour(pixel, ink) for pixel in seen) / len(seen) >= _ENOUGH_INK:
        return []
    if ink == "blue":
        return [_("The picture of a person's signature should be blue.")]
    return [_("The picture of an agency's seal should be red.")]


@lru_cache(maxsize=128)
def image_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises UnfitImage. Kept: the same pictures come with every paper."""
    return _opened(png).size


def image_box(room: Box, png: bytes) -> Box:
    """The place of a signature's picture in `room` (PDF points): as large as it fits, in the middle."""
    width, height = image_size(png)
    x0, y0, x1, y1 = room
    scale = min((x1 - x0) / width, (y1 - y0) / height)
    left, bottom = (x0 + x1 - width * scale) / 2, (y0 + y1 - height * scale) / 2
    return left, bottom, left + width * scale, bottom + height * scale


def seal_box(signature: Box, *, size_mm: float) -> Box:
    """The place of an agency's seal of `size_mm` (width and height of the real seal): on the picture of the person's
    signature, over a third of its width on the left side, at half its height. PDF points.
    """
    x0, y0, x1, y1 = signature
    size = size_mm * POINTS_PER_MM
    right, middle = x0 + (x1 - x0) / 3, (y0 + y1) / 2
    return right - size, middle - size / 2, right, middle + size / 2


def _opened(png: bytes) -> Image.Image:
    """The picture with its alpha channel; its size is known before it is unpacked."""
    if len(png) > MAX_BYTES:
        raise UnfitImage(reason=_("It is larger than 1 MB."))
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            if not all(MIN_PIXELS <= side <= MAX_PIXELS for side in picture.size):
                raise UnfitImage(reason=_("It must be 100 to 3,000 pixels wide and high."))
            if getattr(picture, "is_animated", False):
                raise UnfitImage(reason=_("It must not move."))
            if "A" not in picture.getbands() and "transparency" not in picture.info:
                raise UnfitImage(reason=_("Its background must be transparent."))
            return picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UnfitImage(reason=_("It must be a sound PNG file.")) from None


def _has_colour(pixel: tuple[int, int, int], ink: Ink) -> bool:
    red, _green, blue = pixel
    strongest, rest = (blue, max(pixel[:2])) if ink == "blue" else (red, max(pixel[1:]))
    return strongest > rest + 30
