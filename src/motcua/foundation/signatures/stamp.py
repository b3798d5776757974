"""The stamp: the visible part of a signature, drawn by typst."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

import typst
from django.conf import settings

from motcua.foundation.signatures.images import image_size

_TEMPLATE = Path(__file__).with_name("typst") / "stamp.typ"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Of a page that is only taken over as a picture.
_ANY_TIME = datetime(2020, 1, 1, tzinfo=_VIETNAM)
_drawing = Lock()


def render_stamp(  # noqa: PLR0913  one keyword for each thing it says
    *,
    signer_name: str,
    title: str,
    agency: str,
    at: datetime,
    size_mm: tuple[float, float],
    picture: bytes | None = None,
) -> bytes:
    """One PDF page of `size_mm` (width, height): the picture of the signature, or where there is none, a red line
    box with signer, title, agency and time.

    `title` and `agency` may be empty. at: aware, shown in Vietnamese time. Tinos is embedded. picture: PNG, see
    `images.check_image`; shown whole and as large as it fits, without any words, as the decree wants it.
    Raises typst.TypstError when the fonts are missing or the size is not positive, and images.UnfitImage.
    Source: Decree 30/2020/NĐ-CP, annex I.
    """
    if picture is not None:
        return render_picture(picture, size_mm=size_mm)
    words = {"signer": signer_name, "title": title, "agency": agency, "at": format_time(at)}
    return _drawn(words, at, size_mm)


@lru_cache(maxsize=128)
def render_picture(png: bytes, *, size_mm: tuple[float, float]) -> bytes:
    """One PDF page of `size_mm` with a picture alone: of a seal, or of a signature. Raises images.UnfitImage.

    Kept: the same pictures come with every paper.
    """
    width, height = image_size(png)
    # typst takes values as text only; as SVG a picture is text.
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><image width="{width}" '
        f'height="{height}" href="data:image/png;base64,{b64encode(png).decode()}"/></svg>'
    )
    return _drawn({"picture": svg}, _ANY_TIME, size_mm)


@dataclass(frozen=True, slots=True)
class CopyMark:
    """What a certified electronic copy says of itself. words: "BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH"; place: of the agency."""

    words: str
    number: str
    signer_name: str
    title: str
    agency: str
    place: str


def render_copy_mark(mark: CopyMark, *, at: datetime, size_mm: tuple[float, float]) -> bytes:
    """One PDF page of `size_mm`: a red line box that says that this is an electronic copy, of what, its number, and who
    certified it when. at: aware. Source: Decree 45/2020/NĐ-CP art. 10; Decree 30/2020/NĐ-CP art. 25 and annex I [M].
    """
    words = {"signer": mark.signer_name, "title": mark.title, "agency": mark.agency, "at": format_time(at)}
    return _drawn(words | {"mark": mark.words, "number": mark.number}, at, size_mm)


def render_attachment_line(number: str, *, at: datetime, size_mm: tuple[float, float]) -> bytes:
    """One PDF page of `size_mm`: number and symbol of the main document and the time of signing, at its top right.

    number: `15/UBND-VX`. at: aware, shown as `2025-09-15T14:05:00+07:00`. Black, upright, size 10; stands in the
    upper right corner of an attachment's first page, shown by the agency's signature.
    Source: Decree 30/2020/NĐ-CP, annex I.
    """
    return _drawn({"line": f"{number}; {at.astimezone(_VIETNAM).isoformat(timespec='seconds')}"}, at, size_mm)


def _drawn(words: dict[str, str], at: datetime, size_mm: tuple[float, float]) -> bytes:
    inputs = words | {"width": str(size_mm[0]), "height": str(size_mm[1])}
    # A compiler keeps its fonts and serves one page at a time.
    with _drawing:
        drawn = _compiler(_fonts()).compile(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["a-2u"],
            timestamp=int(at.timestamp()),
            pdf_tags=False,
        )
    if not isinstance(drawn, bytes):
        raise TypeError("A stamp is one page.")
    return drawn


def format_time(at: datetime) -> str:
    """15.09.2025 14:05:00 +07:00"""
    local = at.astimezone(_VIETNAM)
    offset = local.strftime("%z")
    return f"{local:%d.%m.%Y %H:%M:%S} {offset[:3]}:{offset[3:]}"


def _fonts() -> Path:
    fonts = Path(settings.FONTS_DIR)
    if fonts.exists():
        return fonts
    return Path(settings.REPOSITORY_DIR) / "node_modules" / "@expo-google-fonts" / "tinos"


@lru_cache(maxsize=1)
def _compiler(fonts: Path) -> typst.Compiler:
    return typst.Compiler(
        input=_TEMPLATE, root=_TEMPLATE.parent, font_paths=[fonts], ignore_system_fonts=True
    )
