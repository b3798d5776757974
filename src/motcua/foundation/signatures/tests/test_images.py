from __future__ import annotations

import io
import shutil
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints

from motcua.foundation.signatures.examination import examine_pdf
from motcua.foundation.signatures.images import (
    POINTS_PER_MM,
    UnfitImage,
    check_image,
    image_box,
    seal_box,
)
from motcua.foundation.signatures.keys import issue_signing_key, load_signer
from motcua.foundation.signatures.pdf import CannotSign, SealPlace, sign_pdf
from motcua.foundation.signatures.stamp import render_attachment_line, render_picture, render_stamp
from motcua.foundation.signatures.tests.factories import (
    AGENCY,
    AT,
    LATER,
    PERSON,
    Stranger,
    draft_pdf,
    request,
    trust_roots,
)
from motcua.foundation.signatures.tests.test_pdf import _pdfsig

BLUE, RED = (20, 50, 160), (200, 30, 40)
ROOM = (320.0, 100.0, 500.0, 170.0)


def picture(colour=BLUE, *, size=(400, 160), mode="RGBA", file_format="PNG") -> bytes:
    image = Image.new(mode, size, 0 if mode != "RGB" else "white")
    ImageDraw.Draw(image).ellipse((8, 8, size[0] - 8, size[1] - 8), outline=colour, width=24)
    output = io.BytesIO()
    image.save(output, file_format)
    return output.getvalue()


SIGNATURE, SEAL = picture(), picture(RED, size=(400, 400))
BOX = image_box(ROOM, SIGNATURE)
PLACE = SealPlace("Con_dau", 0, seal_box(BOX, size_mm=35))


@pytest.fixture
def agency(signer, signatures_dir):
    issue_signing_key(
        signatures_dir, key_ref="seal", person=AGENCY, organisation=AGENCY, title="", at=AT, days=365
    )
    return load_signer("seal")


@pytest.fixture
def by_person(signer) -> bytes:
    stamp = render_stamp(
        signer_name=PERSON, title="", agency="", at=AT, size_mm=_size_mm(BOX), picture=SIGNATURE
    )
    return sign_pdf(draft_pdf(), signer=signer, request=request(box=BOX, stamp_pdf=stamp, seal=PLACE))


@pytest.fixture
def sealed(by_person, agency) -> bytes:
    return sign_pdf(by_person, signer=agency, request=_seal())


def _seal():
    return request(
        field_name="Con_dau",
        stamp_pdf=render_picture(SEAL, size_mm=_size_mm(PLACE.box)),
        reason="Đóng dấu",
    )


def _size_mm(box):
    return (box[2] - box[0]) / POINTS_PER_MM, (box[3] - box[1]) / POINTS_PER_MM


def _page(pdf: bytes) -> Image.Image:
    """The first page at one pixel a point."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    return document[0].render().to_pil().convert("RGB")


def _is(colour, pixel) -> bool:
    return all(abs(one - other) < 60 for one, other in zip(colour, pixel, strict=True))


def _colours(pdf: bytes, box) -> set[str]:
    page = _page(pdf)
    x0, y0, x1, y1 = box
    part = page.crop((int(x0), int(page.height - y1), int(x1), int(page.height - y0)))
    pixels = {part.getpixel((x, y)) for x in range(part.width) for y in range(part.height)}
    return {
        name for name, colour in (("blue", BLUE), ("red", RED)) if any(_is(colour, one) for one in pixels)
    }


def test_both_signatures_are_valid_with_their_pictures(sealed, signatures_dir):
    verdict = examine_pdf(sealed, at=LATER, trust=trust_roots(signatures_dir))
    assert verdict.is_valid
    assert [one.name for one in verdict.signatures] == [PERSON, AGENCY]


@pytest.mark.conformance
@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_poppler_accepts_both_signatures(sealed, tmp_path):
    assert _pdfsig(sealed, tmp_path) == ["Signature is Valid."] * 2


def test_shows_the_seal_over_a_third_of_the_signature_on_its_left(by_person, sealed):
    x0, y0, x1, y1 = BOX
    left, right = (x0, y0, x0 + (x1 - x0) / 3, y1), (x0 + (x1 - x0) / 3 + 2, y0, x1, y1)
    assert _colours(by_person, PLACE.box) == {"blue"}
    assert _colours(sealed, left) == {"blue", "red"}
    assert _colours(sealed, right) == {"blue"}
    beside = (PLACE.box[0], PLACE.box[1], x0, PLACE.box[3])
    assert _colours(sealed, beside) == {"red"}


def test_keeps_the_background_transparent(sealed):
    x0, y0, x1, y1 = BOX
    page = _page(sealed)
    assert page.getpixel((int((x0 + x1) / 2), int(page.height - (y0 + y1) / 2))) == (255, 255, 255)


def test_is_valid_before_the_seal_too(by_person, signatures_dir):
    assert examine_pdf(by_person, at=LATER, trust=trust_roots(signatures_dir)).is_valid


def test_refuses_a_picture_without_a_place_kept_free(by_person, agency):
    other = render_picture(SEAL, size_mm=(35, 35))
    with pytest.raises(CannotSign, match="kept a place free"):
        sign_pdf(by_person, signer=agency, request=request(field_name="Elsewhere", stamp_pdf=other))


def test_refuses_a_second_seal_and_a_later_place(sealed, by_person, agency):
    with pytest.raises(CannotSign):
        sign_pdf(sealed, signer=agency, request=_seal())
    with pytest.raises(CannotSign):
        sign_pdf(by_person, signer=agency, request=request(field_name="Agency", seal=PLACE))


def test_needs_a_picture_for_the_place_kept_free(by_person, agency):
    with pytest.raises(CannotSign, match="needs a stamp"):
        sign_pdf(by_person, signer=agency, request=request(field_name="Con_dau"))


def _tampered(pdf: bytes, **changes) -> bytes:
    """The place of the seal changed by somebody who does not sign."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    widget = next(
        one.get_object()
        for one in writer.root["/Pages"]["/Kids"][0]["/Annots"]
        if one.get_object()["/T"] == "Con_dau"
    )
    for key, value in changes.items():
        widget[generic.pdf_name(f"/{key}")] = value(writer)
    writer.update_container(widget)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _forged_appearance(writer):
    stream = RawContent(b"1 0 0 rg 0 0 99 99 re f", box=BoxConstraints(99, 99)).as_form_xobject()
    return generic.DictionaryObject({generic.pdf_name("/N"): writer.add_object(stream)})


def _larger(_writer):
    return generic.ArrayObject(map(generic.NumberObject, (0, 0, 500, 800)))


@pytest.mark.parametrize("changes", [{"AP": _forged_appearance}, {"Rect": _larger}])
def test_finds_a_seal_that_nobody_signed(by_person, sealed, signatures_dir, changes):
    for pdf in (by_person, sealed):
        verdict = examine_pdf(_tampered(pdf, **changes), at=LATER, trust=trust_roots(signatures_dir))
        assert not verdict.is_valid


def test_does_not_believe_a_strangers_signature_in_the_place_of_the_seal(by_person, signatures_dir):
    verdict = examine_pdf(Stranger().sign(by_person), at=LATER, trust=trust_roots(signatures_dir))
    assert [one.trusted for one in verdict.signatures] == [True, False]
    assert not verdict.is_valid


def test_writes_number_and_time_on_an_attachment():
    line = render_attachment_line("15/UBND-VX", at=AT, size_mm=(90, 6))
    page = pypdfium2.PdfDocument(line)[0]
    assert page.get_textpage().get_text_bounded() == "15/UBND-VX; 2025-09-15T14:05:00+07:00"


# What a picture must be.


def test_accepts_what_the_decree_asks_for():
    assert check_image(SIGNATURE, ink="blue") == []
    assert check_image(SEAL, ink="red") == []


def test_warns_of_another_colour():
    assert "blue" in str(check_image(SEAL, ink="blue")[0])
    assert "red" in str(check_image(SIGNATURE, ink="red")[0])
    assert check_image(picture((0, 0, 0)), ink="blue") != []


@pytest.mark.parametrize(
    ("png", "said"),
    [
        (b"", "sound PNG"),
        (b"\x89PNG\r\n\x1a\n", "sound PNG"),
        (SIGNATURE[:-200], "sound PNG"),
        (picture(mode="RGB", file_format="JPEG"), "sound PNG"),
        (picture(mode="RGB"), "transparent"),
        (picture(size=(50, 160)), "100 to 3,000"),
        (picture(size=(3001, 160)), "100 to 3,000"),
        (SIGNATURE + bytes(1024 * 1024), "1 MB"),
    ],
)
def test_refuses_what_cannot_be_a_picture(png, said):
    with pytest.raises(UnfitImage, match=said):
        check_image(png, ink="blue")


def test_refuses_an_empty_and_a_full_picture():
    empty, full = (Image.new("RGBA", (200, 200), (20, 50, 160, alpha)) for alpha in (0, 255))
    for image, said in ((empty, "Nothing"), (full, "background")):
        output = io.BytesIO()
        image.save(output, "PNG")
        with pytest.raises(UnfitImage, match=said):
            check_image(output.getvalue(), ink="blue")


def test_refuses_to_draw_what_is_no_picture():
    with pytest.raises(UnfitImage):
        render_picture(b"<svg/>", size_mm=(10, 10))


def test_fits_a_picture_into_its_room():
    x0, y0, x1, y1 = BOX
    assert (x1 - x0) / (y1 - y0) == pytest.approx(400 / 160)
    assert (x0 + x1) / 2 == pytest.approx(410) and (y0 + y1) / 2 == pytest.approx(135)
    left, bottom, right, top = PLACE.box
    assert right - left == pytest.approx(35 * POINTS_PER_MM) == pytest.approx(top - bottom)
    assert right == pytest.approx(x0 + (x1 - x0) / 3)
