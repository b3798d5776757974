"""“Connect in an hour” works as it is written: its code runs against a running site."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from motcua.config.demo.papers import birth_evidence
from tests.conformance.test_our_provider import let_in
from tests.running import ROOT, Running

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("running")]
GUIDE = ROOT / "docs" / "guides" / "integrator.md"


def code_of(guide: Path) -> str:
    """All the blocks, one after the other, as a reader types them."""
    return "\n".join(re.findall(r"^```python\n(.*?)^```$", guide.read_text(encoding="utf-8"), re.M | re.S))


def test_connects_in_an_hour(running: Running, tmp_path: Path) -> None:
    scopes = ["procedures:read", "dossiers:file", "dossiers:read"]
    client, secret = let_in(running, scopes=scopes, is_test="on")
    (tmp_path / "packs").symlink_to(ROOT / "packs")
    (tmp_path / "paper.png").write_bytes(birth_evidence())
    typed = {"SITE": running.base, "CLIENT_ID": client, "CLIENT_SECRET": secret}
    command = [sys.executable, "-c", code_of(GUIDE)]
    done = subprocess.run(command, env=os.environ | typed, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
