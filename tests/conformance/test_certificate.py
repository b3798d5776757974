"""The papers of the story, held against tools that are not ours and against the standards they claim."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import lxml.etree
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.running import Running

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("running")]
poppler = pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not installed")

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


@pytest.fixture(scope="module")
def papers(running: Running, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Receipt, draft and signed certificate of the story, and the certificate with one bit changed."""
    folder = running.var / "demo"
    [[digest]] = running.ask(
        "SELECT file.sha256 FROM casework_dossiers_officialdocument document"
        " JOIN foundation_files_storedfile file ON file.id = document.file_id"
        " WHERE document.kind = 'draft' ORDER BY document.made_at LIMIT 1"
    )
    draft = tmp_path_factory.mktemp("papers") / "draft.pdf"
    draft.write_bytes((running.var / "files" / digest[:2] / digest[2:4] / digest).read_bytes())
    return {name: folder / f"{name}.pdf" for name in ("receipt", "certificate", "changed")} | {"draft": draft}


def say(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@poppler
def test_poppler_accepts_the_signature_and_the_seal(papers: dict[str, Path]) -> None:
    said = say("pdfsig", "-nocert", papers["certificate"])
    assert said.count("Signature #") == 4
    # pdfsig 22 does not judge the two document time stamps.
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert "Total document signed" in said
    assert "Signature Type: ETSI.CAdES.detached" in said


@poppler
def test_poppler_notices_one_changed_bit(papers: dict[str, Path]) -> None:
    said = say("pdfsig", "-nocert", papers["changed"])
    assert "Signature Validation: Digest Mismatch." in said


@poppler
@pytest.mark.parametrize("name", ["receipt", "draft", "certificate"])
def test_every_font_is_embedded(papers: dict[str, Path], name: str) -> None:
    _head, _line, *fonts = say("pdffonts", papers[name]).splitlines()
    assert fonts
    for font in fonts:
        embedded, _subset, to_unicode = re.findall(r" (yes|no)(?= )", font)[:3]
        assert (embedded, to_unicode) == ("yes", "yes"), font


@pytest.mark.parametrize("name", ["receipt", "draft", "certificate"])
def test_claims_to_be_archivable_and_accessible(papers: dict[str, Path], name: str) -> None:
    """PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), also after signing; and it has what they rest on."""
    root = PdfFileReader(io.BytesIO(papers[name].read_bytes())).root
    claims = lxml.etree.fromstring(root["/Metadata"].data)
    found = {
        element.tag: (element.text or "").strip()
        for element in claims.iter(f"{PDFA}part", f"{PDFA}conformance", f"{PDFUA}part")
    }
    assert found == {f"{PDFA}part": "2", f"{PDFA}conformance": "A", f"{PDFUA}part": "1"}
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("vi")
    assert root["/StructTreeRoot"]["/K"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


@pytest.mark.parametrize(
    ("name", "status", "verdict"),
    [("certificate", 0, "TOTAL-PASSED"), ("changed", 1, "TOTAL-FAILED"), ("receipt", 1, "INDETERMINATE")],
)
def test_the_command_says_by_its_status_whether_a_paper_is_genuine(
    running: Running, papers: dict[str, Path], name: str, status: int, verdict: str
) -> None:
    done = running.run("verify", papers[name], "--json")
    assert done.returncode == status, done.stderr
    said = json.loads(done.stdout)
    assert said["verdict"] == verdict
    assert len(said["signatures"]) == (0 if name == "receipt" else 2)


def test_the_command_describes_signature_and_seal(running: Running, papers: dict[str, Path]) -> None:
    both = json.loads(running.run("verify", papers["certificate"], "--json").stdout)["signatures"]
    for signature in both:
        assert signature["intact"] and signature["trusted"] and signature["unchanged"]
        assert signature["signed_at"]
    assert [signature["title"] for signature in both] == ["Chủ tịch", ""]


def test_the_command_ends_with_2_when_there_is_nothing_to_verify(running: Running, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_text("not a PDF")
    for path in (tmp_path / "letter.pdf", tmp_path / "missing.pdf"):
        done = running.run("verify", path, "--json")
        assert done.returncode == 2
        assert json.loads(done.stdout)["verdict"] == "INDETERMINATE"
