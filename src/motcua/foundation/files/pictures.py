"""Pictures without what their maker did not mean to hand in: place, device, time, thumbnails, words.

JPEG (ITU-T T.81, Exif 3.0) and PNG (W3C PNG) are rewritten segment by segment, so that not one pixel changes. Kept
are the colour profile and the orientation. Runs in the limited process only.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from motcua.foundation.kernel.lockdown import Objection

from .sniffing import KindCode

# Pillow loads its formats at their first use, and in the limited process nothing can be loaded any more.
Image.preinit()
_READS_EXIF = TiffImagePlugin  # which Pillow's JPEG reader asks for the resolution

_LABELS = {"jpeg": "JPEG", "png": "PNG"}
_EOI, _SOS = 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_ORIENTATION = 0x0112
# Scan data end at a marker that is neither a stuffed zero nor a restart (T.81 B.1.1.5).
_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNG_START = b"\x89PNG\r\n\x1a\n"
# What the look of a still picture depends on (PNG, chapter 11); the rest is words, times, histograms, films.
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP"),
    *(b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs"),
}

# Values of a pixel by colour type (PNG, 11.2.1); first column and line and steps of the seven passes (8.1).
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
_MEGABYTE = 1024 * 1024


class _Torn(ValueError):
    """The file ends too early or its parts do not fit together."""


def clean_picture(content: bytes, kind: KindCode, *, max_megapixels: float) -> bytes:
    """The picture without metadata, after it was opened. Cleaning again changes nothing.

    Raises Objection: `unreadable`, `megapixels`.
    """
    Image.MAX_IMAGE_PIXELS = None
    try:
        parts = list(_jpeg_parts(content) if kind == "jpeg" else _png_parts(content))
        cleaned = b"".join(parts)
        _open(cleaned, kind, max_megapixels)
        if kind == "png":
            _check_pixels(parts)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, zlib.error) as error:
        raise Objection("unreadable", kind=kind) from error
    return cleaned


def _open(content: bytes, kind: KindCode, max_megapixels: float) -> None:
    with Image.open(io.BytesIO(content), formats=[_LABELS[kind]]) as picture:
        megapixels = picture.width * picture.height / 1_000_000
        if megapixels > max_megapixels:
            raise Objection("megapixels", kind=kind, megapixels=round(megapixels))
        if kind == "jpeg":
            # Decoded at an eighth: reads all bytes, so that a cut-off photo is noticed, in little memory.
            picture.draft("RGB", (max(1, picture.width // 8), max(1, picture.height // 8)))
            picture.load()
        else:
            picture.verify()


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    """The parts to keep, in order. What follows the end of the picture (a film, more pictures) is left out."""
    segments = list(_jpeg_segments(content))
    yield b"\xff\xd8"
    jfif = [body for marker, body in segments if marker == _APP0 and body.startswith(b"JFIF\0")]
    if jfif and len(jfif[0]) >= 12:
        # Without its thumbnail: version, unit, densities, 0 by 0 pixels.
        yield _segment(_APP0, jfif[0][:12] + b"\0\0")
    exif = [body for marker, body in segments if marker == _APP1 and body.startswith(b"Exif\0")]
    if exif and (turned := _orientation(exif[0][6:])) > 1:
        yield _segment(_APP1, b"Exif\0\0" + _exif(turned))
    for marker, body in segments:
        if marker == _SOS:
            yield body
        elif _is_picture(marker, body):
            yield _segment(marker, body)
    yield b"\xff\xd9"


def _is_picture(marker: int, body: bytes) -> bool:
    """Whether the look depends on a segment: all but the words; of those the colour profile and Adobe's transform."""
    if _APP0 <= marker <= _APP15:
        return marker == _APP14 or (marker == _APP2 and body.startswith(b"ICC_PROFILE\0"))
    return marker != _COM


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment up to the end of the picture; a scan comes whole, with its marker."""
    position = 2
    while True:
        while content[position : position + 2] == b"\xff\xff":
            position += 1
        if content[position : position + 1] != b"\xff" or position + 2 > len(content):
            raise _Torn
        marker = content[position + 1]
        if marker == _EOI:
            return
        (size,) = struct.unpack_from(">H", content, position + 2)
        end = position + 2 + size
        if size < 2 or end > len(content):
            raise _Torn
        if marker != _SOS:
            yield marker, content[position + 4 : end]
        else:
            found = _SCAN_END.search(content, end)
            if not found:
                raise _Torn
            end = found.start()
            yield marker, content[position:end]
        position = end


def _orientation(tiff: bytes) -> int:
    """1 to 8; 1, upright, where the metadata do not say or make no sense."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4], "")
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for position in range(start + 2, start + 2 + 12 * count, 12):
            tag, type_, _, value = struct.unpack_from(f"{order}HHIH", tiff, position)
            if tag == _ORIENTATION:
                return value if type_ == 3 and 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _exif(orientation: int) -> bytes:
    """A TIFF structure with this one tag (Exif 3.0, 4.6.4)."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)


def _png_parts(content: bytes) -> Iterator[bytes]:
    yield _PNG_START
    position, kind = len(_PNG_START), b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", content, position)
        end = position + 12 + size
        if end > len(content):
            raise _Torn
        chunk = content[position:end]
        if kind in _PNG_KEPT:
            yield chunk
        elif kind == b"eXIf" and (turned := _orientation(chunk[8:-4])) > 1:
            yield _chunk(b"eXIf", _exif(turned))
        elif kind[0:1].isupper():
            raise _Torn  # a critical chunk that the standard does not know
        position = end


def _check_pixels(parts: list[bytes]) -> None:
    """Unpack the pixels, a megabyte at a time. Raises _Torn when they end before the last line.

    Pillow fills up with black what is missing after a proper end of the packed data, and says nothing.
    """
    missing, inflater = _pixel_bytes(parts[1]), zlib.decompressobj()
    for part in parts:
        packed = part[8:-4] if part[4:8] == b"IDAT" else b""
        while packed and missing > 0:
            missing -= len(inflater.decompress(packed, _MEGABYTE))
            packed = inflater.unconsumed_tail
    if missing > len(inflater.flush()):
        raise _Torn


def _pixel_bytes(header: bytes) -> int:
    """How long the unpacked data are: each line of each pass has a filter byte before it (PNG, 7.2 and 8.1)."""
    kind, width, height, depth, colour, _, _, interlaced = struct.unpack_from(">4sIIBBBBB", header, 4)
    if kind != b"IHDR" or colour not in _CHANNELS:
        raise _Torn
    bits, total = depth * _CHANNELS[colour], 0
    for x, y, across, down in _ADAM7 if interlaced else ((0, 0, 1, 1),):
        columns, lines = -(-(width - x) // across), -(-(height - y) // down)
        if columns > 0 and lines > 0:
            total += lines * (1 + (columns * bits + 7) // 8)
    return total


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
