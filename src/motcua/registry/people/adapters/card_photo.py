"""The text of a card's QR code from a photo, read in the limited process. The photo is not kept."""

from __future__ import annotations

from importlib.util import find_spec

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.limited import Broken, Limited, Objection, Overrun

_MOST_BYTES = 10 * 1024 * 1024


class NoCodeFound(DomainError):
    code = "no_code_found"
    message = _("No QR code was found on this picture. Take it again, sharp and with the whole code on it.")
    status = 422


class PictureRefused(DomainError):
    code = "picture_refused"
    message = _("Choose a photo as JPEG or PNG, of at most 10 MB.")
    status = 422


class NoReader(DomainError):
    code = "no_reader"
    message = _(
        "This installation cannot read photos of cards. Use a reader, or type what stands on the card."
    )
    status = 503


def codes_of(upload: UploadedFile) -> list[str]:
    """Texts of the QR codes on an uploaded picture, at least one.

    Raises NoCodeFound, PictureRefused, NoReader (the library zxing-cpp is not installed).
    """
    if _READ is None:
        raise NoReader
    if not upload.size or upload.size > _MOST_BYTES or getattr(upload, "too_large", False):
        raise PictureRefused
    try:
        texts = _READ(upload.read()).value
    except (Objection, Overrun, Broken) as error:
        raise PictureRefused from error
    if not isinstance(texts, list) or not texts:
        raise NoCodeFound
    return [str(text) for text in texts]


# The fork server loads the modules of all limited functions: one it cannot load would stop them all.
_READ = Limited("motcua.registry.people.adapters.card_reading:read_codes") if find_spec("zxingcpp") else None
