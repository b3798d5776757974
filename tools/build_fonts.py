"""Cuts the fonts of the pages and copies those of the official papers.

Usage: build_fonts.py NODE_MODULES BUILD. Writes BUILD/static/fonts/*.woff2 and BUILD/fonts/*.ttf.
Be Vietnam Pro and Tinos are under the SIL Open Font License 1.1; its text is copied beside them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WEIGHTS = (400, 600)
# Letters of Vietnamese, English and German that the Vietnamese file does not hold, and the signs pages use.
LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xC0, 0x100)])) + "\u00a0§©«°±²³·»¼½¾×–—‘’‚“”„•…‹›€−↑↓"
DIGITS = "0123456789"
# One width for every digit of a weight, in 1/1000 em. The typeface has none ("1" 385, "4" 710) and no `tnum`.
DIGIT_ADVANCE = {400: 664, 600: 684}
PAPER_FONTS = {
    "Tinos-Regular.ttf": "400Regular/Tinos_400Regular.ttf",
    "Tinos-Italic.ttf": "400Regular_Italic/Tinos_400Regular_Italic.ttf",
    "Tinos-Bold.ttf": "700Bold/Tinos_700Bold.ttf",
    "Tinos-BoldItalic.ttf": "700Bold_Italic/Tinos_700Bold_Italic.ttf",
}


def cut(source: Path, text: str, features: list[str]) -> TTFont:
    """The font with only the glyphs and layout features that `text` needs."""
    options = Options(
        layout_features=features, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14]
    )
    font = TTFont(source)
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def centre_digits(font: TTFont, advance: int) -> None:
    """Gives every digit the same advance, its outline in the middle."""
    glyphs, metrics = font["glyf"], font["hmtx"]
    for char, name in font.getBestCmap().items():
        glyph = glyphs[name]
        if chr(char) in DIGITS:
            left = round((advance - (glyph.xMax - glyph.xMin)) / 2)
            glyph.coordinates.translate((left - glyph.xMin, 0))
            glyph.recalcBounds(glyphs)
            metrics[name] = (advance, left)


def save(font: TTFont, target: Path) -> None:
    font.flavor = "woff2"
    font.save(target)


def build_page_fonts(modules: Path, target: Path) -> None:
    files = modules / "@fontsource/be-vietnam-pro/files"
    for weight in WEIGHTS:
        latin = files / f"be-vietnam-pro-latin-{weight}-normal.woff2"
        name = f"be-vietnam-pro-vietnamese-{weight}.woff2"
        shutil.copyfile(files / f"be-vietnam-pro-vietnamese-{weight}-normal.woff2", target / name)
        save(cut(latin, LATIN, ["kern", "mark", "ccmp"]), target / f"be-vietnam-pro-latin-{weight}.woff2")
        digits = cut(latin, DIGITS, [])
        centre_digits(digits, DIGIT_ADVANCE[weight])
        for record in digits["name"].names:
            if record.nameID == 1:
                record.string = "motcua so"
        save(digits, target / f"motcua-so-{weight}.woff2")
    shutil.copyfile(modules / "@fontsource/be-vietnam-pro/LICENSE", target / "OFL.txt")


def build_paper_fonts(modules: Path, target: Path) -> None:
    for name, source in PAPER_FONTS.items():
        shutil.copyfile(modules / "@expo-google-fonts/tinos" / source, target / name)
    shutil.copyfile(modules / "@expo-google-fonts/tinos/LICENSE_FONT", target / "OFL.txt")


def main(modules: Path, build: Path) -> None:
    pages, papers = build / "static" / "fonts", build / "fonts"
    for folder in (pages, papers):
        folder.mkdir(parents=True, exist_ok=True)
    build_page_fonts(modules, pages)
    build_paper_fonts(modules, papers)
    for path in sorted(pages.glob("*.woff2")):
        print(f"{path.name} {path.stat().st_size / 1024:.1f} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
