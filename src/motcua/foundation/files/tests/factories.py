"""Uploads and hostile files, made when they are needed."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import Image

from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import DOSSIER_PAPERS, UploadRules, checked_upload, store_checked
from motcua.foundation.kernel.actors import ANONYMOUS

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def upload(data: bytes, name: str = "paper.pdf", media_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, media_type)


def store_upload(*, upload: UploadedFile, rules: UploadRules = DOSSIER_PAPERS) -> StoredFile:
    """Check and keep, as a room does."""
    with checked_upload(upload=upload, actor=ANONYMOUS, at=NOW, rules=rules) as checked:
        return store_checked(checked)


def picture(kind: str, size: tuple[int, int] = (640, 480)) -> bytes:
    output = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(output, kind)
    return output.getvalue()


def archive(**parts: str) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), text)
    return output.getvalue()
