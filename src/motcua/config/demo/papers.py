"""The papers that people of the story hand in: made up, and real files."""

import io

import typst
from PIL import Image, ImageDraw

from motcua.config.environment import REPOSITORY

_PAPER = """
#set page(paper: "a5", flipped: true)
#set text(font: "Tinos", lang: "vi", size: 13pt)
#align(center)[*GIẤY CHỨNG SINH* \\ (giấy mẫu, không có giá trị)]
#v(1em)
Bệnh viện Sản Nhi, phường Việt Trì, tỉnh Phú Thọ \\
Họ và tên mẹ: Nguyễn Thị Mẫu \\
Giới tính của con: Nam
"""


_DRAWING = """
#set page(paper: "a4", flipped: true)
#set text(font: "Tinos", lang: "vi", size: 13pt)
#align(center)[*BẢN VẼ: TITLE* \\ (bản vẽ mẫu, không có giá trị)]
#v(1em)
#align(center, rect(width: 60%, height: 50%, stroke: 2pt)[#line(start: (0%, 50%), end: (100%, 50%))])
Công trình: Xưởng mộc gia đình, Khu 4, phường Kỳ Sơn, tỉnh Phú Thọ
"""


def birth_evidence() -> bytes:
    """A one-page PDF."""
    return _pdf(_PAPER)


def drawing(title: str) -> bytes:
    """A plan of one page as a PDF. title: what it shows."""
    return _pdf(_DRAWING.replace("TITLE", title))


def site_photo() -> bytes:
    """An empty plot under the sky, JPEG of 640 x 360 pixels."""
    picture = Image.new("RGB", (640, 360), (150, 195, 230))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 210, 640, 360), fill=(120, 150, 80))
    pen.polygon([(180, 340), (460, 340), (400, 240), (240, 240)], fill=(170, 140, 100), outline=(90, 60, 40))
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=80)
    return output.getvalue()


def _pdf(source: str) -> bytes:
    pdf = typst.compile(
        source.encode(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(REPOSITORY / "build" / "fonts")]),
    )
    return bytes(pdf)
