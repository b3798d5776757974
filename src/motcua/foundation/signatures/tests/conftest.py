from __future__ import annotations

from pathlib import Path

import pytest

from motcua.foundation.signatures.keys import Signer
from motcua.foundation.signatures.tests import factories


@pytest.fixture(autouse=True)
def signatures_dir(settings, tmp_path: Path) -> Path:
    settings.SIGNATURES_DIR = tmp_path / "signatures"
    if not Path(settings.FONTS_DIR).exists():
        settings.FONTS_DIR = factories.FONTS
    return settings.SIGNATURES_DIR


@pytest.fixture
def signer(signatures_dir: Path) -> Signer:
    return factories.make_signer(signatures_dir)
