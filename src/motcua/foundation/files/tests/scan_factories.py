"""Scans to be digitised, and stand-ins for the programs that read them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import typst
from django.conf import settings
from PIL import Image

# `$from` and `$to` are the files of OCRmyPDF's command line; `$made` is a searchable PDF of the words it was given.
_HEAD = """#!/bin/sh
for last in "$@"; do from=$to; to=$last; done
made={made}
"""
READS = 'echo "motcua-pages 0 1" >&2; echo "motcua-pages 1 1" >&2; cp "$made" "$to"'


def stand_in(folder: Path, *, does: str = READS, words: Sequence[str] = ("Giấy chứng sinh",)) -> str:
    """A PATH whose `ocrmypdf` does what the shell lines say, and whose `tesseract` has Vietnamese."""
    folder.mkdir(exist_ok=True)
    made = folder / "made.pdf"
    made.write_bytes(printed(words))
    _program(folder / "ocrmypdf", _HEAD.format(made=made) + does)
    _program(folder / "tesseract", "#!/bin/sh\necho vie")
    return f"{folder}:/usr/bin:/bin"


def _program(path: Path, script: str) -> None:
    path.write_text(script + "\n")
    path.chmod(0o755)


def printed(lines: Sequence[str], *, form: str = "pdf", size: int = 14) -> bytes:
    """An A4 page with these lines, as PDF/A or as PNG with 150 dpi."""
    text = "\n\n".join(f"#{_quoted(line)}" for line in lines)
    source = f'#set page(paper: "a4")\n#set text(font: "Tinos", size: {size}pt, lang: "vi")\n{text}'
    made = typst.compile(
        source.encode(), format=form, ppi=150, font_paths=[settings.FONTS_DIR], ignore_system_fonts=True,
        **({"pdf_standards": ["a-2b"]} if form == "pdf" else {}),
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _quoted(line: str) -> str:
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def photo(
    *, paper: int = 235, ink: int | None = 30, form: str = "JPEG", size: tuple[int, int] = (620, 877)
) -> bytes:
    """A picture of a paper of one shade, with lines on it (or nothing)."""
    picture = Image.new("RGB", size, (paper, paper, paper))
    if ink is not None:
        for top in range(60, size[1] - 60, 40):
            picture.paste((ink, ink, ink), (60, top, size[0] - 60, top + 8))
    output = io.BytesIO()
    picture.save(output, form)
    return output.getvalue()


def pdf_of(pages: int, **options: object) -> bytes:
    """A PDF with so many blank pages; options as for pikepdf's `save`."""
    output = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.save(output, **options)  # type: ignore[arg-type]
    return output.getvalue()
