from __future__ import annotations

import io

import pytest
from pyhanko.pdf_utils.crypt import StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from motcua.foundation.files import content, errors, services
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import UploadRules, clean_name

from .factories import archive, picture, store_upload, upload


def encrypted(pdf: bytes, *, user_password: str) -> bytes:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    handler = StandardSecurityHandler.build_from_pw("owner", user_password)
    writer.security_handler = handler
    writer._encrypt = writer.add_object(handler.as_pdf_object())
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


class TestRefusals:
    """None of these needs the database: a refusal comes before the row."""

    def test_refuses_an_empty_file(self):
        with pytest.raises(errors.EmptyFile):
            store_upload(upload=upload(b""))

    def test_refuses_a_damaged_zip_like_any_other(self):
        whole = archive(a_txt="x" * 200)
        with pytest.raises(errors.FileTypeNotAllowed, match="ZIP"):
            store_upload(upload=upload(b"PK\x03\x04" + whole[60:]))

    def test_refuses_a_zip_named_pdf_and_says_what_it_is(self):
        with pytest.raises(errors.FileTypeNotAllowed) as refusal:
            store_upload(upload=upload(archive(a_txt="x")))
        assert str(refusal.value).startswith("The file is a ZIP archive. Only files of these types")
        assert "PDF, JPEG, PNG" in str(refusal.value)

    def test_names_a_word_document(self):
        with pytest.raises(errors.FileTypeNotAllowed) as refusal:
            store_upload(upload=upload(archive(word__document_xml="<x/>"), "letter.pdf"))
        assert "a Word document" in str(refusal.value)

    def test_refuses_a_web_page_named_jpg(self):
        with pytest.raises(errors.FileTypeNotAllowed) as refusal:
            store_upload(upload=upload(b"<!DOCTYPE html><html></html>", "photo.jpg", "image/jpeg"))
        assert "a web page" in str(refusal.value)

    def test_names_a_phone_photo_in_heic(self):
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
        with pytest.raises(errors.FileTypeNotAllowed) as refusal:
            store_upload(upload=upload(heic, "IMG_0001.jpg", "image/jpeg"))
        assert "an HEIC photo" in str(refusal.value)

    def test_refuses_bytes_that_nothing_knows(self):
        with pytest.raises(errors.FileTypeNotAllowed) as refusal:
            store_upload(upload=upload(b"hello world"))
        assert "of a type that is not recognised" in str(refusal.value)

    def test_refuses_a_kind_that_this_place_does_not_take(self, pdf):
        with pytest.raises(errors.FileTypeNotAllowed) as refusal:
            store_upload(upload=upload(pdf), rules=UploadRules(kinds=frozenset({"png"})))
        assert str(refusal.value).startswith("The file is PDF. Only files of these types can be used: PNG.")

    def test_refuses_a_file_over_the_limit_of_the_place(self, pdf):
        with pytest.raises(errors.FileTooLarge) as refusal:
            store_upload(upload=upload(pdf.ljust(3 * 1024 * 1024)), rules=UploadRules(max_bytes=1024 * 1024))
        assert str(refusal.value).startswith("The file has 3 MB, and at most 1 MB can be received.")

    def test_refuses_a_pdf_that_was_cut_off(self, pdf):
        with pytest.raises(errors.UnreadableFile) as refusal:
            store_upload(upload=upload(pdf[: len(pdf) // 2]))
        assert "cannot be opened" in str(refusal.value)

    def test_refuses_a_pdf_of_noise(self):
        with pytest.raises(errors.UnreadableFile):
            store_upload(upload=upload(b"%PDF-1.7\n" + b"\1\2\3" * 500 + b"\n%%EOF"))

    def test_refuses_a_pdf_that_only_a_password_opens(self, pdf):
        with pytest.raises(errors.PasswordProtectedFile) as refusal:
            store_upload(upload=upload(encrypted(pdf, user_password="secret")))
        assert "without a password" in str(refusal.value)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_refuses_a_picture_that_was_cut_off(self, kind):
        data = picture(kind)
        with pytest.raises(errors.UnreadableFile):
            store_upload(upload=upload(data[: len(data) // 2]))

    def test_refuses_a_picture_that_would_fill_the_memory(self, monkeypatch):
        monkeypatch.setattr(content, "MAX_MEGAPIXELS", 0.2)
        with pytest.raises(errors.PictureTooLarge):
            store_upload(upload=upload(picture("PNG")))

    def test_leaves_nothing_on_disk_after_a_refusal(self, files_dir):
        with pytest.raises(errors.FileTypeNotAllowed):
            store_upload(upload=upload(b"hello world"))
        assert [path for path in files_dir.rglob("*") if path.is_file()] == []

    def test_every_refusal_is_an_answer_422(self):
        kinds = (errors.EmptyFile, errors.FileTooLarge, errors.FileTypeNotAllowed, errors.PictureTooLarge)
        assert {kind.status for kind in kinds} == {422}
        assert len({kind.code for kind in kinds}) == len(kinds)


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("Giấy  chứng\nsinh.PDF", "Giấy chứng sinh.PDF"),
            ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("scan.pdf.exe", "scan.pdf.exe.pdf"),
            ("\u202efdp.exe", "fdp.exe.pdf"),
            ("", "file.pdf"),
            (".pdf", "pdf.pdf"),
        ],
    )
    def test_keeps_a_name_that_can_be_shown(self, given, kept):
        assert clean_name(given, suffixes=(".pdf",)) == kept

    def test_shortens_a_long_name_before_its_suffix(self):
        name = clean_name("ế" * 300 + ".jpeg", suffixes=(".jpg", ".jpeg"))
        assert len(name) == 200
        assert name.endswith("ế.jpeg")


@pytest.mark.django_db
class TestContent:
    def test_gives_back_what_was_stored(self, pdf):
        file = store_upload(upload=upload(pdf, "tờ khai.pdf", "text/plain"))
        assert services.read_file(file) == pdf
        assert (file.media_type, file.name, file.size_bytes) == ("application/pdf", "tờ khai.pdf", len(pdf))
        with services.open_file(file) as stream:
            assert stream.read(5) == b"%PDF-"

    @pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
    def test_takes_pictures(self, kind, media_type):
        file = store_upload(upload=upload(picture(kind), "photo", "application/x-anything"))
        assert file.media_type == media_type

    def test_refuses_a_pdf_that_anyone_can_open_but_not_change_and_says_to_print_it(self, pdf):
        with pytest.raises(errors.EncryptedPdf, match="print it as a new PDF"):
            store_upload(upload=upload(encrypted(pdf, user_password="")))

    def test_stores_the_same_content_once(self, pdf, files_dir):
        first = store_upload(upload=upload(pdf, "a.pdf"))
        second = services.store_bytes(content=pdf, name="b.pdf", media_type="application/pdf")
        assert first.pk != second.pk
        kept = [path.relative_to(files_dir) for path in files_dir.rglob("*") if path.is_file()]
        digest = first.sha256
        assert [str(path) for path in kept] == [f"{digest[:2]}/{digest[2:4]}/{digest}"]

    def test_notices_a_damaged_file(self, pdf, files_dir):
        file = services.store_bytes(content=pdf, name="a.pdf", media_type="application/pdf")
        path = files_dir / file.sha256[:2] / file.sha256[2:4] / file.sha256
        path.chmod(0o640)
        path.write_bytes(pdf[:-1] + b"!")
        with pytest.raises(errors.DamagedFile):
            services.read_file(file)
        services.store_bytes(content=pdf, name="again.pdf", media_type="application/pdf")
        assert services.read_file(file) == pdf

    def test_notices_a_missing_file(self):
        with pytest.raises(errors.DamagedFile):
            services.read_file(StoredFile(sha256="0" * 64))

    def test_refuses_to_store_nothing(self):
        with pytest.raises(errors.EmptyFile):
            services.store_bytes(content=b"", name="a.pdf", media_type="application/pdf")


@pytest.mark.django_db
class TestTable:
    def test_saves_a_row_with_the_content(self, pdf):
        file = store_upload(upload=upload(pdf))
        file.refresh_from_db()
        assert services.read_file(file) == pdf
        assert file.created_at is not None

    @pytest.mark.parametrize("wrong", [{"size_bytes": 0}, {"sha256": "Z" * 64}, {"sha256": "ab"}])
    def test_refuses_a_row_that_cannot_be_true(self, wrong):
        from django.db import IntegrityError, transaction

        right = {"sha256": "0" * 64, "size_bytes": 1, "media_type": "application/pdf", "name": "a.pdf"}
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.create(**(right | wrong))
