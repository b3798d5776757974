"""Files that are more than the paper they claim to be. Each is made here."""

from __future__ import annotations

import contextlib
import io
import struct
import tarfile
import zipfile
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from motcua.foundation.files import content, errors
from motcua.foundation.files.previews import page_png
from motcua.foundation.kernel.limited import Limited

from .factories import archive, picture, store_upload, upload


def refusal(data: bytes, name: str = "paper.pdf") -> errors.FileRefused:
    with pytest.raises(errors.FileRefused) as refused:
        store_upload(upload=upload(data, name))
    assert str(refused.value)  # its words fit its fields
    return refused.value


def written(pdf: pikepdf.Pdf, **options: object) -> bytes:
    output = io.BytesIO()
    pdf.save(output, **options)
    return output.getvalue()


def new_pdf() -> pikepdf.Pdf:
    pdf = pikepdf.Pdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    return pdf


def with_root(**entries: object) -> bytes:
    pdf = new_pdf()
    for name, value in entries.items():
        pdf.Root[f"/{name}"] = value
    return written(pdf)


def with_annotation(**entries: object) -> bytes:
    pdf = new_pdf()
    annotation = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 50, 50]), **entries)
    pdf.pages[0].Annots = Array([pdf.make_indirect(annotation)])
    # In object streams, where a search in the bytes finds nothing.
    return written(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def tar() -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as file:
        file.addfile(tarfile.TarInfo("a.pdf"))
    return output.getvalue()


def tar_of(pdf: bytes, magic: bytes) -> bytes:
    """A PDF whose first line is the name of a file in a TAR, the rest of its header a comment."""
    header = bytearray(512)
    header[:100] = b"%PDF-1.7\n%".ljust(100, b"x")
    header[100:148] = b"0000644\0" + b"0000000\0" * 2 + b"00000000000\0" + b"00000000000\0"
    header[156:157], header[257:262] = b"0", magic
    header[511:] = b"\n"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + pdf.split(b"\n", 1)[1]


class TestOtherThings:
    @pytest.mark.parametrize(
        ("data", "noun"),
        [
            pytest.param(archive(a_txt="x"), "a ZIP archive", id="zip"),
            pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(60), "a RAR archive", id="rar"),
            pytest.param(b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(60), "a 7-Zip archive", id="7z"),
            pytest.param(tar(), "a TAR archive", id="tar"),
            pytest.param(b"\x1f\x8b\x08" + bytes(60), "a GZIP archive", id="gzip"),
        ],
    )
    def test_refuses_an_archive_and_says_to_unpack_it(self, data, noun):
        refused = refusal(data)
        assert isinstance(refused, errors.ArchiveNotAllowed)
        assert str(refused).startswith(f"The file is {noun}. ")
        assert "Take the papers out of the archive" in str(refused)

    @pytest.mark.parametrize(
        ("data", "noun"),
        [
            pytest.param(archive(word__document_xml="<x/>"), "a Word document", id="word"),
            pytest.param(archive(xl__workbook_xml="<x/>"), "an Excel workbook", id="excel"),
            pytest.param(
                archive(word__document_xml="<x/>", word__vbaProject_bin="x"),
                "an Office file with macros (small programs)",
                id="macros",
            ),
            pytest.param(
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
                "a document of an old version of Office",
                id="doc",
            ),
        ],
    )
    def test_refuses_an_office_file_and_says_to_save_it_as_pdf(self, data, noun):
        refused = refusal(data)
        assert isinstance(refused, errors.OfficeFileNotAllowed)
        assert noun in str(refused)
        assert "save it as a PDF" in str(refused)

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"MZ\x90\0" + bytes(200), id="windows"),
            pytest.param(b"\x7fELF\x02\x01\x01" + bytes(200), id="linux"),
            pytest.param(b"\xcf\xfa\xed\xfe" + bytes(200), id="mac"),
            pytest.param(b"#!/bin/sh\nrm -r /\n", id="script"),
        ],
    )
    def test_refuses_a_program(self, data):
        assert isinstance(refusal(data, "photo.jpg"), errors.ProgramNotAllowed)


class TestPdf:
    def test_takes_a_pdf_with_links_bookmarks_and_form_fields(self, db):
        pdf = new_pdf()
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))
        link.A = Dictionary(S=Name.URI, URI=String("https://example.org/"))
        pdf.pages[0].Annots = Array([link])
        pdf.Root.AcroForm = Dictionary(Fields=Array([]))
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
        assert store_upload(upload=upload(written(pdf))).media_type == "application/pdf"

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(
                with_root(OpenAction=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))), id="opening"
            ),
            pytest.param(
                with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), Dictionary()])))),
                id="names",
            ),
            pytest.param(
                with_annotation(
                    Subtype=Name.Widget, AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("x")))
                ),
                id="field",
            ),
            pytest.param(
                with_annotation(
                    Subtype=Name.Link, A=Dictionary(S=Name.URI, Next=Dictionary(S=Name.JavaScript))
                ),
                id="next",
            ),
        ],
    )
    def test_refuses_a_pdf_with_a_script(self, data):
        assert isinstance(refusal(data), errors.PdfWithScript)

    def test_a_script_under_a_name_written_otherwise_is_a_script(self):
        data = with_root(OpenAction=Dictionary(S=Name.JavaScript))
        assert isinstance(refusal(data.replace(b"/JavaScript", b"/J#61va#53cript")), errors.PdfWithScript)

    @pytest.mark.parametrize("action", ["Launch", "SubmitForm", "ImportData"])
    def test_refuses_a_pdf_that_reaches_out(self, action):
        refused = refusal(
            with_annotation(Subtype=Name.Link, A=Dictionary(S=Name(f"/{action}"), F=String("a.exe")))
        )
        assert isinstance(refused, errors.PdfWithAction)
        assert action in str(refused)

    def test_refuses_a_pdf_with_a_file_inside(self):
        pdf = new_pdf()
        pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"hello")
        assert isinstance(refusal(written(pdf)), errors.PdfWithAttachment)

    def test_refuses_a_pdf_with_a_file_pinned_to_a_page(self):
        assert isinstance(refusal(with_annotation(Subtype=Name.FileAttachment)), errors.PdfWithAttachment)

    def test_refuses_an_xfa_form(self):
        assert isinstance(refusal(with_root(AcroForm=Dictionary(XFA=String("<xdp/>")))), errors.PdfWithXfa)

    @pytest.mark.parametrize("subtype", ["RichMedia", "Screen", "Movie", "Sound", "3D"])
    def test_refuses_sound_film_and_3d(self, subtype):
        assert isinstance(refusal(with_annotation(Subtype=Name(f"/{subtype}"))), errors.PdfWithMedia)

    def test_a_heading_that_is_called_launch_is_no_order_to_launch(self, db):
        assert store_upload(upload=upload(with_root(X=Dictionary(Type=Name.StructElem, S=Name.Launch)))).pk

    def test_a_pdf_with_things_in_things_in_things_gets_an_answer(self, db):
        pdf = new_pdf()
        deep = Array([])
        for _ in range(400):
            deep = Array([deep])
        pdf.Root.X = deep
        pdf.Root.Y = Array([pdf.Root])
        with contextlib.suppress(errors.UnreadableFile):
            store_upload(upload=upload(written(pdf)))

    def test_gives_up_a_pdf_that_costs_too_much(self, monkeypatch):
        monkeypatch.setattr(content, "_EXAMINE", Limited(content._EXAMINE.function, cpu_seconds=1))
        pdf = new_pdf()
        pdf.Root.X = pikepdf.Object.parse(b"[" + b"[0]" * 1_000_000 + b"]")
        assert isinstance(refusal(written(pdf)), errors.TooCostly)


class TestTwoInOne:
    def test_refuses_a_pdf_that_does_not_begin_with_itself(self, pdf):
        refused = refusal(b"GIF89a" + pdf)
        assert isinstance(refused, errors.AmbiguousFile)
        assert "something before its beginning" in str(refused)

    @pytest.mark.parametrize("blank", [b"\n", b"\xef\xbb\xbf", b"\r\n \t"])
    def test_takes_a_pdf_after_blanks(self, pdf, blank, db):
        assert store_upload(upload=upload(blank + pdf)).pk

    @pytest.mark.parametrize("kind", ["PDF", "JPEG", "PNG"])
    def test_refuses_a_paper_that_is_also_an_archive(self, kind, pdf):
        data = pdf if kind == "PDF" else picture(kind)
        both = data + archive(word__document_xml="<x/>") + (b"\n%%EOF\n" if kind == "PDF" else b"")
        refused = refusal(both)
        assert isinstance(refused, errors.AmbiguousFile)
        assert "an archive" in str(refused)

    @pytest.mark.parametrize("magic", [b"ustar", b"\0\0\0\0\0"], ids=["posix", "older"])
    def test_refuses_a_pdf_that_is_also_a_tar(self, magic, pdf):
        data = tar_of(pdf, magic)
        tarfile.open(fileobj=io.BytesIO(data)).close()  # an unpacker takes it
        refused = refusal(data)
        assert isinstance(refused, errors.AmbiguousFile)
        assert "an archive" in str(refused)

    @pytest.mark.parametrize("signature", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c\0\x04"])
    @pytest.mark.parametrize("place", ["after the header", "after the end", "before another end"])
    def test_refuses_a_pdf_that_a_rar_or_7z_is_in(self, signature, place, pdf):
        header, rest = pdf.split(b"\n", 1)
        data = {
            "after the header": header + b"\n%" + signature + b"\n" + rest,
            "after the end": pdf + b"\n" + signature,
            "before another end": pdf + b"\n" + signature + bytes(3000) + b"\n%%EOF\n",
        }[place]
        refused = refusal(data)
        assert isinstance(refused, errors.AmbiguousFile)
        assert "an archive" in str(refused)

    def test_refuses_a_pdf_that_is_also_a_web_page(self, pdf):
        header, rest = pdf.split(b"\n", 1)
        refused = refusal(header + b"\n<html><script>alert(1)</script>\n" + rest)
        assert isinstance(refused, errors.AmbiguousFile)
        assert "a web page" in str(refused)

    def test_refuses_an_archive_whose_end_stands_before_other_bytes(self):
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as file:
            file.writestr("a.txt", "x")
            file.comment = b"x" * 60_000
        assert isinstance(refusal(picture("JPEG") + output.getvalue()), errors.AmbiguousFile)

    def test_refuses_two_pdfs_in_one(self, pdf):
        refused = refusal(pdf + b"\n" + pdf)
        assert isinstance(refused, errors.AmbiguousFile)
        assert "a second PDF" in str(refused)

    @pytest.mark.parametrize(
        "words", [b"<script>alert(1)</script>", b"<!DOCTYPE html>", b"<SVG onload=x>", b"<?php x ?>"]
    )
    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_refuses_a_picture_that_is_also_a_web_page(self, kind, words):
        refused = refusal(with_words(picture(kind), kind, words))
        assert isinstance(refused, errors.AmbiguousFile)
        assert "a web page" in str(refused)

    def test_takes_a_picture_whose_words_are_only_words(self, db):
        assert store_upload(upload=upload(with_words(picture("JPEG"), "JPEG", b"3 < 4, a <b> c"))).pk


def with_words(data: bytes, kind: str, words: bytes) -> bytes:
    """A comment right at the beginning."""
    if kind == "JPEG":
        return data[:2] + struct.pack(">HH", 0xFFFE, len(words) + 2) + words + data[2:]
    body = b"tEXt" + b"Comment\0" + words
    return (
        data[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + data[33:]
    )


class TestCrashes:
    """Whatever a file does to its reader, the person gets an answer."""

    @pytest.mark.parametrize(
        "answer",
        [
            {"found": "nonsense"},
            {"code": "type"},
            {"code": "ambiguous", "found": ["list"]},
            {"code": "size", "limit": "much", "size": None},
            {"code": "megapixels", "kind": "exe"},
            {"kind": "exe"},
            {"content": "<html>"},
        ],
    )
    def test_a_reader_that_was_taken_over_cannot_make_up_an_answer(self, answer, monkeypatch):
        tried = Limited("motcua.foundation.files.tests.tried:make_up")
        monkeypatch.setattr(
            content, "_EXAMINE", lambda file, **_: tried(file, code=answer.get("code", ""), answer=answer)
        )
        assert isinstance(refusal(picture("PNG") if "content" in answer else b"hello"), errors.UnreadableFile)

    @pytest.mark.parametrize("name", ["crash", "spin", "swell", "lie"])
    def test_a_preview_that_kills_its_process_is_a_refusal(self, name, monkeypatch, pdf):
        from motcua.foundation.files import previews

        tried = Limited(f"motcua.foundation.files.tests.tried:{name}", cpu_seconds=1)
        monkeypatch.setattr(previews, "_DRAW", tried)
        with pytest.raises(errors.UnreadableFile) as refused:
            page_png(pdf)
        assert refused.value.status == 422
        assert isinstance(refused.value, errors.TooCostly) == (name in {"spin", "swell"})
