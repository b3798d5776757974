"""Metadata are gone, the picture is the same to the pixel."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps, PngImagePlugin

from motcua.foundation.files import errors
from motcua.foundation.files.services import read_file

from .factories import store_upload, upload

pytestmark = pytest.mark.django_db

PLACE, DEVICE, WORDS = b"21 deg 24", b"Camera of Bi Mat", b"Words of Bi Mat"


def scene() -> Image.Image:
    """No two corners alike, so that a turn would show."""
    image = Image.linear_gradient("L").resize((64, 48))
    return Image.merge(
        "RGB", (image, image.transpose(Image.Transpose.ROTATE_180), Image.new("L", (64, 48), 9))
    )


def exif(orientation: int) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = DEVICE.decode()
    place = data.get_ifd(0x8825)
    place[1], place[29] = "N", PLACE.decode()
    return data


# Made once: a profile bears the second in which it was made.
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpeg(orientation: int = 6, **options: object) -> bytes:
    output = io.BytesIO()
    scene().save(
        output,
        "JPEG",
        exif=exif(orientation),
        comment=WORDS,
        icc_profile=PROFILE,
        xmp=b"<x:xmpmeta>" + WORDS,
        **options,
    )
    data = output.getvalue()
    iptc = b"Photoshop 3.0\0" + WORDS
    return data[:2] + struct.pack(">HH", 0xFFED, len(iptc) + 2) + iptc + data[2:]


def png(orientation: int = 6) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", WORDS.decode())
    words.add_itxt("XML:com.adobe.xmp", WORDS.decode())
    words.add(b"tIME", struct.pack(">H5B", 2026, 3, 10, 9, 0, 0))
    output = io.BytesIO()
    scene().save(output, "PNG", pnginfo=words, exif=exif(orientation))
    return output.getvalue()


def kept(data: bytes) -> bytes:
    return read_file(store_upload(upload=upload(data, "photo")))


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def is_same(first: bytes, second: bytes) -> bool:
    one, other = opened(first), opened(second)
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


@pytest.mark.parametrize("make", [jpeg, png])
def test_strips_place_device_and_words(make):
    data, stored = make(), kept(make())
    for secret in (PLACE, DEVICE, WORDS):
        assert secret in data
        assert secret not in stored
    assert b"tIME" not in stored


@pytest.mark.parametrize("make", [jpeg, png])
def test_every_pixel_stays(make):
    assert is_same(make(), kept(make()))


def test_a_progressive_photo_stays_too():
    data = jpeg(progressive=True)
    assert is_same(data, kept(data))


@pytest.mark.parametrize("make", [jpeg, png])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_stands_as_upright_as_before(make, orientation):
    before, after = opened(make(orientation)), opened(kept(make(orientation)))
    turned = ImageOps.exif_transpose(before), ImageOps.exif_transpose(after)
    assert turned[0].size == turned[1].size
    assert ImageChops.difference(*turned).getbbox() is None
    assert set(after.getexif()) <= {0x0112}


@pytest.mark.parametrize("make", [jpeg, png])
def test_cleaning_again_changes_nothing(make):
    once = kept(make())
    assert kept(once) == once


def test_the_hash_is_that_of_what_is_stored():
    import hashlib

    file = store_upload(upload=upload(jpeg(), "photo.jpg"))
    assert file.sha256 == hashlib.sha256(read_file(file)).hexdigest()
    assert file.size_bytes == len(read_file(file)) < len(jpeg())


def test_keeps_the_colour_profile():
    assert opened(kept(jpeg())).info["icc_profile"] == opened(jpeg()).info["icc_profile"]


def test_strips_the_thumbnails():
    thumbnail = b"\xff\xd8" + b"small secret picture" + b"\xff\xd9"
    data = jpeg()
    jfxx = b"JFXX\0\x10" + thumbnail
    data = data[:2] + struct.pack(">HH", 0xFFE0, len(jfxx) + 2) + jfxx + data[2:]
    stored = kept(data)
    assert b"small secret" not in stored
    assert is_same(data, stored)


def test_strips_the_film_that_phones_hang_on_a_photo():
    data = jpeg() + b"\0\0\0\x18ftypmp42" + WORDS * 1000
    stored = kept(data)
    assert b"ftypmp42" not in stored
    assert stored.endswith(b"\xff\xd9")


def test_strips_what_follows_the_end_of_a_png():
    assert kept(png() + WORDS) == kept(png())


def test_metadata_that_make_no_sense_do_not_spoil_the_photo():
    data = jpeg()
    broken = b"Exif\0\0" + b"MM\0*" + b"\xff" * 40
    data = data[:2] + struct.pack(">HH", 0xFFE1, len(broken) + 2) + broken + data[2:]
    assert is_same(data, kept(data))


def png_of(
    lines: bytes, *, size: tuple[int, int], depth: int = 8, colour: int = 2, interlaced: int = 0
) -> bytes:
    """A PNG of these unpacked data; its parts and their checksums are right."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


@pytest.mark.parametrize("lines", [0, 1, 99])
def test_refuses_a_png_whose_pixels_end_before_the_last_line(lines):
    data = png_of((b"\0" + bytes(300)) * lines, size=(100, 100))
    with pytest.raises(errors.UnreadableFile):
        store_upload(upload=upload(data, "photo.png"))


@pytest.mark.parametrize(("depth", "colour"), [(1, 0), (8, 0), (16, 2), (8, 4), (16, 6)])
def test_takes_a_png_that_has_every_pixel_and_not_one_byte_less(depth, colour):
    line = b"\0" + bytes((37 * depth * {0: 1, 2: 3, 4: 2, 6: 4}[colour] + 7) // 8)
    data = png_of(line * 11, size=(37, 11), depth=depth, colour=colour)
    assert is_same(data, kept(data))
    with pytest.raises(errors.UnreadableFile):
        store_upload(upload=upload(png_of((line * 11)[:-1], size=(37, 11), depth=depth, colour=colour)))


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (8, 8), (21, 13)])
def test_counts_the_lines_of_an_interlaced_png(size):
    def lines_of(across: range, down: range) -> bytes:
        return (b"\0" + bytes(len(across))) * len(down) if across else b""

    passes = [
        (0, 8, 0, 8),
        (4, 8, 0, 8),
        (0, 4, 4, 8),
        (2, 4, 0, 4),
        (0, 2, 2, 4),
        (1, 2, 0, 2),
        (0, 1, 1, 2),
    ]
    whole = b"".join(lines_of(range(x, size[0], dx), range(y, size[1], dy)) for x, dx, y, dy in passes)
    assert kept(png_of(whole, size=size, colour=0, interlaced=1))
    with pytest.raises(errors.UnreadableFile):
        store_upload(upload=upload(png_of(whole[:-1], size=size, colour=0, interlaced=1)))
