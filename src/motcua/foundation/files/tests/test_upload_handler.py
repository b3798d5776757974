from __future__ import annotations

import io
import os
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from motcua.foundation.files.errors import FileTooLarge

from .factories import store_upload

BOUNDARY = "wall"
MB = 1024 * 1024


class Stream(io.RawIOBase):
    """A request body that is made while it is read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.rest = self.rest or next(self.parts, b"")
        taken, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def file_head(field: str, name: str) -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()


def text_field(field: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()


def request(*pieces: bytes | int) -> WSGIRequest:
    """A form post: bytes as they are, a number of MB of filling for each int."""

    def body() -> Iterator[bytes]:
        for piece in pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                for _ in range(piece * 16):
                    yield b"x" * (MB // 16)

    length = sum(len(piece) if isinstance(piece, bytes) else piece * MB for piece in pieces)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str(length),
        "wsgi.input": Stream(body()),
    }
    return WSGIRequest(environ)


END = f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture(autouse=True)
def _handler(settings):
    settings.FILE_UPLOAD_HANDLERS = ["motcua.foundation.files.upload.LimitedUploadHandler"]
    settings.MAX_UPLOAD_BYTES = 10 * MB


def test_keeps_a_file_within_the_limit():
    form = request(file_head("paper", "a.pdf"), 3, b"\r\n", END)
    paper = form.FILES["paper"]
    assert (paper.size, paper.too_large) == (3 * MB, False)
    assert sum(len(chunk) for chunk in paper.chunks()) == 3 * MB


def test_a_file_of_200_mb_costs_no_memory_and_no_disk_and_loses_no_field():
    form = request(
        text_field("before", "Nguyễn"),
        file_head("paper", "a.pdf"),
        200,
        b"\r\n",
        text_field("after", "Hạ Hòa"),
        END,
    )
    tracemalloc.start()
    try:
        paper = form.FILES["paper"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert form.POST.dict() == {"before": "Nguyễn", "after": "Hạ Hòa"}
    assert (paper.size, paper.too_large) == (200 * MB, True)
    assert peak < 2 * MB
    assert os.stat(paper.temporary_file_path()).st_size == 0


def test_a_file_that_was_too_large_is_refused_with_its_real_size():
    form = request(file_head("paper", "a.pdf"), 25, b"\r\n", END)
    with pytest.raises(FileTooLarge) as refusal:
        store_upload(upload=form.FILES["paper"])
    assert str(refusal.value).startswith("The file has 25 MB, and at most 10 MB can be received.")


def test_the_file_beside_one_that_was_too_large_is_kept():
    form = request(
        file_head("first", "a.pdf"), 11, b"\r\n", file_head("second", "b.pdf"), b"%PDF-1.7", b"\r\n", END
    )
    assert form.FILES["first"].too_large
    assert form.FILES["second"].read() == b"%PDF-1.7"
    assert not form.FILES["second"].too_large


def test_an_empty_file_arrives_empty():
    form = request(file_head("paper", "a.pdf"), b"\r\n", END)
    assert form.FILES["paper"].size == 0
