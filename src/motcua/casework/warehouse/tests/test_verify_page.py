"""The public page that checks a paper, as anybody uses it."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from motcua.casework.warehouse import selectors
from motcua.casework.warehouse.tests.factories import AT, CODE, issued, signed_pdf, unsigned_pdf
from motcua.foundation.signatures import verification
from motcua.registry.organisations.models import Officer

MB = 1024 * 1024
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def paper(world):
    return signed_pdf(Officer.objects.get(pk=world.desk.leader.person_id).signing_key)


@pytest.fixture
def ask(client):
    """What the page says, in English."""

    def page(response, status=200):
        assert response.status_code == status
        return response.content.decode()

    class Ask:
        headers = {"accept-language": "en"}

        def code(self, code, status=200):
            return page(client.get("/verify/", {"code": code}, headers=self.headers), status)

        def file(self, content, status=200):
            upload = SimpleUploadedFile("giay-khai-sinh.pdf", content, content_type="application/pdf")
            return page(client.post("/verify/", {"file": upload}, headers=self.headers), status)

    return Ask()


def test_a_paper_is_proven_by_its_code_however_it_is_typed(ask, world, paper):
    issued(world.desk.agency, paper)
    page = ask.code(" 7k4m 2qxd-9r ")
    assert "Genuine and unchanged" in page
    assert "37/2026" in page


def test_a_stored_paper_that_was_not_signed_is_not_called_genuine(ask, world):
    issued(world.desk.agency, unsigned_pdf())
    assert "Genuine and unchanged" not in ask.code(CODE)


@pytest.mark.parametrize("code", ["0000-0000-00", "hello", "' OR 1=1 --", "7K4M-2QXD-9", "٧" * 10])
def test_an_unknown_code_is_said_to_be_unknown(ask, code):
    assert "No paper has this code" in ask.code(code)


def test_a_genuine_file_is_proven_with_signer_and_agency(ask, paper):
    page = ask.file(paper)
    assert "Genuine and unchanged" in page
    assert "Phan Thị Mẫu Hà" in page
    assert "Ủy ban nhân dân phường Kỳ Sơn" in page


@pytest.mark.parametrize("part", [0.3, 0.6], ids=["early", "late"])
def test_a_file_with_one_changed_bit_is_not_genuine(ask, paper, part):
    changed = bytearray(paper)
    changed[int(len(changed) * part)] ^= 1
    page = ask.file(bytes(changed))
    assert "Genuine and unchanged" not in page


def test_a_file_with_something_unsigned_after_its_signatures_is_not_called_genuine(ask, paper, monkeypatch):
    found = selectors.verify_upload(paper, at=AT)
    more = replace(found, complete=False, problems=("added_unsigned",))
    monkeypatch.setattr(selectors, "verify_upload", lambda content, *, at: more)
    assert "Genuine and unchanged" not in ask.file(paper)


def test_an_unsigned_file_is_said_to_be_unsigned(ask):
    assert "Not signed" in ask.file(unsigned_pdf())


def test_a_file_whose_examination_was_given_up_is_not_called_unsigned(ask, paper, monkeypatch):
    monkeypatch.setattr(verification, "MAX_SECONDS", 0.01)
    page = ask.file(paper)
    assert "Could not be examined" in page and "too much time" in page
    assert "Not signed" not in page


def test_a_file_that_is_no_pdf_is_named_as_that(ask):
    assert "This file is not a PDF." in ask.file(b"PK\x03\x04 a zip", 422)


def test_an_empty_file_and_no_file_are_asked_for_again(ask, client):
    assert "Choose the file" in ask.file(b"", 422)
    assert client.post("/verify/").status_code == 422


class LargeBody(io.RawIOBase):
    """A request's body with one file of zeros, made as it is read."""

    HEAD = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\n"
    )
    TAIL = b"\r\n--b--\r\n"

    def __init__(self, size):
        self.parts = [self.HEAD, size, self.TAIL]
        self.length = len(self.HEAD) + size + len(self.TAIL)

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.parts:
            return 0
        part = self.parts.pop(0)
        is_file = isinstance(part, int)
        size = min(len(buffer), part if is_file else len(part))
        buffer[:size] = bytes(size) if is_file else part[:size]
        if rest := part - size if is_file else part[size:]:
            self.parts.insert(0, rest)
        return size


def test_a_file_of_200_mb_is_refused_without_being_kept(client):
    body = LargeBody(200 * MB)
    tracemalloc.start()
    try:
        response = client.request(
            **{
                "REQUEST_METHOD": "POST",
                "PATH_INFO": "/verify/",
                "CONTENT_TYPE": "multipart/form-data; boundary=b",
                "CONTENT_LENGTH": str(body.length),
                "HTTP_ACCEPT_LANGUAGE": "en",
                "wsgi.input": io.BufferedReader(body),
            }
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert response.status_code == 422
    assert "larger than any paper we issue" in response.content.decode()
    assert peak < 16 * MB


def test_checking_a_file_keeps_nothing(ask, paper, django_assert_num_queries):
    # Tries of an address are counted; then whether it is, or was, one of ours.
    with django_assert_num_queries(3) as asked:
        ask.file(paper)
    counting, *looking = (query["sql"] for query in asked.captured_queries)
    assert "registry_access_slowed" in counting
    assert all(sql.startswith("SELECT") for sql in looking)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"number": "38/2026"}, "verification_code"),
        ({"verification_code": "AAAA-AAAA-AA"}, "one_document_per_number"),
        (
            {"verification_code": "AAAA-AAAA-AA", "number": "38/2026", "kind": "certificate"},
            "document_kind_form",
        ),
    ],
)
def test_code_and_number_of_a_paper_are_its_own(world, changes, constraint):
    issued(world.desk.agency, unsigned_pdf())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        issued(world.desk.agency, unsigned_pdf(), **changes)
