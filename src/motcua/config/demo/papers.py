"""The hospital's paper of the story: made up, and a real PDF."""

import typst

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


def birth_evidence() -> bytes:
    """A one-page PDF."""
    pdf = typst.compile(
        _PAPER.encode(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(REPOSITORY / "build" / "fonts")]),
    )
    return bytes(pdf)
