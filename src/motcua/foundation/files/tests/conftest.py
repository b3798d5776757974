from __future__ import annotations

from pathlib import Path

import pytest
import typst
from django.conf import settings as configured
from django.utils import translation

NODE_FONTS = Path(__file__).parents[5] / "node_modules" / "@expo-google-fonts" / "tinos"


@pytest.fixture(autouse=True, scope="session")
def _fonts():
    """The fonts of the set-up, or those of node_modules where only npm has run."""
    before = configured.FONTS_DIR
    if not any(Path(before).rglob("*.ttf")):
        configured.FONTS_DIR = NODE_FONTS
    if not any(Path(configured.FONTS_DIR).rglob("*.ttf")):
        pytest.skip("The fonts are not installed: run the set-up or npm install.")
    yield
    configured.FONTS_DIR = before


@pytest.fixture(autouse=True)
def files_dir(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """An empty page of 100 by 200 points."""
    source = b"#set page(width: 100pt, height: 200pt)\n"
    return typst.compile(source, format="pdf", ignore_system_fonts=True)
