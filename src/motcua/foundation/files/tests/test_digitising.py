"""Scans to searchable PDF/A: with stand-ins for the programs, and once with the programs themselves."""

from __future__ import annotations

import io
import os

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from motcua.foundation.files import digitising
from motcua.foundation.files import digitising_errors as errors
from motcua.foundation.files.adapters import ocrmypdf
from motcua.foundation.files.digitising import digitise, page_lines
from motcua.foundation.files.tests.scan_factories import READS, pdf_of, photo, printed, stand_in

WORDS = ("Giấy chứng sinh", "Số định danh cá nhân: 001194012345")


def ignore(done: int, pages: int) -> None:
    pass


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Makes a stand-in that does what it is told."""

    def make(**options) -> None:
        monkeypatch.setenv("PATH", stand_in(tmp_path / "bin", **options))

    return make


def given(folder) -> pdfium.PdfDocument:
    """What the stand-in got to read."""
    return pdfium.PdfDocument((folder / "given.pdf").read_bytes())


def test_joins_photos_and_pdfs_in_their_order_and_tells_of_each_page(reader, tmp_path):
    reader(does=f'cp "$from" {tmp_path}/given.pdf; {READS}', words=WORDS)
    told: list[tuple[int, int]] = []
    parts = [photo(), printed(WORDS), photo(form="PNG", size=(877, 620))]
    done = digitise(parts, told=lambda *it: told.append(it))
    assert (done.pages, done.words, done.empty) == (3, True, ())
    assert told == [(0, 3), (1, 3)]
    sizes = [tuple(map(round, page.get_size())) for page in given(tmp_path)]
    assert sizes == [(595, 842), (595, 842), (842, 595)]
    assert page_lines(done.pdf) == [list(WORDS)]


def test_keeps_the_size_of_the_paper_where_the_scanner_says_its_resolution(reader, tmp_path):
    reader(does=f'cp "$from" {tmp_path}/given.pdf; {READS}')
    scan = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(scan, "JPEG", dpi=(150, 150))
    digitise([scan.getvalue()], told=ignore)
    assert tuple(map(round, given(tmp_path)[0].get_size())) == (
        298,
        421,
    )  # 620 x 877 points of 150 to the inch


def test_turns_a_photo_as_its_camera_says(reader, tmp_path):
    reader(does=f'cp "$from" {tmp_path}/given.pdf; {READS}')
    turned, mark = io.BytesIO(), Image.Exif()
    mark[0x0112] = 6
    Image.open(io.BytesIO(photo())).save(turned, "JPEG", exif=mark)
    digitise([turned.getvalue()], told=ignore)
    width, height = given(tmp_path)[0].get_size()
    assert width > height


def test_says_which_pages_have_nothing_on_them(reader):
    reader()
    assert digitise([photo(), photo(ink=None), photo()], told=ignore).empty == (2,)


SIGNED = pikepdf.Dictionary(SigFlags=3, Fields=pikepdf.Array())


def signed() -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed(WORDS))) as document:
        document.Root.AcroForm = SIGNED
        document.save(output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("second", "error", "fields"),
    [
        (lambda: photo()[:3000], errors.UnreadableScan, {"part": 2}),
        (lambda: b"%PDF-1.7\nnothing of the kind", errors.UnreadableScan, {"part": 2}),
        (lambda: b"MZ\x90", errors.UnreadableScan, {"part": 2}),
        (
            lambda: pdf_of(1, encryption=pikepdf.Encryption(owner="a", user="b")),
            errors.LockedScan,
            {"part": 2},
        ),
        (
            lambda: pdf_of(1, encryption=pikepdf.Encryption(owner="a", user="")),
            errors.LockedScan,
            {"part": 2},
        ),
        (signed, errors.SignedScan, {"part": 2}),
        (lambda: photo(paper=40, ink=5), errors.TooDark, {"page": 2}),
        (lambda: pdf_of(300), errors.TooManyPages, {"count": 301, "limit": 100}),
    ],
)
def test_says_what_is_wrong_with_a_scan_and_what_to_do(reader, second, error, fields):
    reader()
    with pytest.raises(error) as refused:
        digitise([photo(), second()], told=ignore)
    assert refused.value.fields.items() >= fields.items()
    assert "%(" not in str(refused.value)


def test_an_empty_paper_is_told_so(reader):
    reader()
    with pytest.raises(errors.EmptyScan):
        digitise([photo(ink=None)], told=ignore)


def test_makes_pictures_of_what_cannot_be_kept_for_good_otherwise(reader):
    reader(does=f'case "$*" in *"--mode skip"*) exit 10;; esac; {READS}')
    assert digitise([printed(WORDS)], told=ignore).words


@pytest.mark.parametrize(
    ("code", "error"), [(3, errors.NoReader), (2, errors.UnreadableScan), (15, errors.NotDigitised)]
)
def test_tells_why_the_program_failed(reader, code, error):
    reader(does=f"exit {code}")
    with pytest.raises(error):
        digitise([photo()], told=ignore)


def test_keeps_nothing_that_does_more_than_show_pages(reader, tmp_path):
    script = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed(WORDS))) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(script)
    (tmp_path / "taken-over.pdf").write_bytes(script.getvalue())
    reader(does=f'cp {tmp_path}/taken-over.pdf "$to"')
    with pytest.raises(errors.NotDigitised):
        digitise([photo()], told=ignore)


def test_the_program_gets_no_secrets_and_no_network(reader, tmp_path, monkeypatch):
    monkeypatch.setenv("MOTCUA_SECRET_KEY", "not for others")
    reader(does=f"env > {tmp_path}/env; cat /proc/self/net/dev > {tmp_path}/net; {READS}")
    digitise([photo()], told=ignore)
    assert "not for others" not in (tmp_path / "env").read_text()
    interfaces = [
        line.split(":")[0].strip() for line in (tmp_path / "net").read_text().splitlines() if ":" in line
    ]
    if os.getuid() == 0:  # elsewhere the kernel may forbid it
        assert interfaces == ["lo"]


def test_gives_up_and_kills_what_takes_too_long(reader, monkeypatch, tmp_path):
    os.mkfifo(tmp_path / "never")
    monkeypatch.setattr(ocrmypdf, "_CPU_SECONDS", 1)
    monkeypatch.setattr(ocrmypdf, "_PATIENCE", 1)
    monkeypatch.setattr(ocrmypdf, "_SECONDS_A_PAGE", 0)
    reader(does=f"read nothing < {tmp_path}/never")
    with pytest.raises(errors.TooSlow):
        digitise([photo()], told=ignore)


def test_a_machine_without_the_programs_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ocrmypdf.sys, "executable", str(tmp_path / "python"))
    assert digitising.missing() == ("ocrmypdf", "tesseract")
    with pytest.raises(errors.NoReader):
        ocrmypdf.read(b"", pages=1, told=ignore)


@pytest.mark.conformance
def test_the_real_programs_read_vietnamese_and_make_pdf_a(tmp_path):
    if digitising.missing():
        pytest.skip(f"This machine lacks {', '.join(digitising.missing())} (the extra `ocr`, Tesseract).")
    page = Image.open(io.BytesIO(printed((*WORDS, "Nguyễn Thị Hồng Hạnh"), form="png", size=20))).convert("L")
    sideways = io.BytesIO()
    page.crop((0, 0, 1240, 620)).rotate(1, fillcolor=255).save(sideways, "JPEG", quality=85, dpi=(150, 150))
    done = digitise([sideways.getvalue()], told=ignore)
    assert page_lines(done.pdf)[0] == [*WORDS, "Nguyễn Thị Hồng Hạnh"]
    assert b"<pdfaid:part>2</pdfaid:part>" in done.pdf or b"pdfaid:part" in done.pdf
