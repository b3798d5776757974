"""Django's upload handler: large files cost neither memory nor disk, and never the rest of the form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class LimitedUpload(TemporaryUploadedFile):
    """An uploaded file. When `too_large`, its bytes were dropped and `size` is what was really sent."""

    too_large = False


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes each file to disk as it arrives, and keeps nothing of one that exceeds MAX_UPLOAD_BYTES.

    Such a file is still read to its end: the fields after it arrive, what was typed is not lost, and the view
    finds an upload marked `too_large` instead of none.
    """

    file: LimitedUpload

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = LimitedUpload(
            self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= settings.MAX_UPLOAD_BYTES:
            self.file.write(raw_data)
        elif not self.file.too_large:
            self.file.too_large = True
            self.file.seek(0)
            self.file.truncate()
