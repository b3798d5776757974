"""What the limited process does with a photo of a card: find the text of its QR code.

Called through `card_photo`, never directly: a hostile file may take over the process it is opened in.
"""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from motcua.foundation.kernel.lockdown import Objection

# Loaded now, while modules can be.
Image.preinit()

_FORMATS = ("JPEG", "PNG")
_MOST_MEGAPIXELS = 40
# Enough for a code that fills a tenth of the picture's width; more only takes longer.
_WIDEST = 3000


def read_codes(file: BinaryIO) -> list[str]:
    """The texts of all QR codes on a JPEG or PNG picture, at most five.

    Raises Objection: `unreadable`, `megapixels`.
    """
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(file.read()), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_MEGAPIXELS * 1_000_000:
                raise Objection("megapixels")
            picture = ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Objection("unreadable") from error
    picture.thumbnail((_WIDEST, _WIDEST))
    found: Any = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return [str(code.text)[:4000] for code in found[:5]]
