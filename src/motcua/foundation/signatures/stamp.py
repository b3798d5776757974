"""The stamp: the visible part of a signature, drawn by typst."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

import typst
from django.conf import settings

_TEMPLATE = Path(__file__).with_name("typst") / "stamp.typ"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_drawing = Lock()


def render_stamp(
    *, signer_name: str, title: str, agency: str, at: datetime, size_mm: tuple[float, float]
) -> bytes:
    """One PDF page of `size_mm` (width, height): a red line box with signer, title, agency and time.

    `title` and `agency` may be empty. at: aware, shown in Vietnamese time. Tinos is embedded.
    Raises typst.TypstError when the fonts are missing or the size is not positive.
    Source: Decree 30/2020/NĐ-CP, annex I.
    """
    inputs = {
        "width": str(size_mm[0]),
        "height": str(size_mm[1]),
        "signer": signer_name,
        "title": title,
        "agency": agency,
        "at": format_time(at),
    }
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
