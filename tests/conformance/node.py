"""Outside tools that come from npm."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.running import ROOT

HERE = Path(__file__).parent


def node(script: str, package: str) -> list[str]:
    """The command that runs a script here; skips where Node or the package is not installed."""
    program = shutil.which("node")
    if not program or not (ROOT / "node_modules" / package).exists():
        pytest.skip(f"Needs Node and the npm package {package}: npm ci")
    return [program, str(HERE / script)]
