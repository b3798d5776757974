from __future__ import annotations

import json
from io import StringIO

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management import CommandError, call_command

from motcua.foundation.signatures.levels import extend_pdf
from motcua.foundation.signatures.tests.authorities import ClockedAuthority
from motcua.foundation.signatures.tests.factories import LATER, PERSON, Stranger, draft_pdf, signed_pdf
from motcua.foundation.signatures.xml import sign_xml


def verify(*words: object) -> tuple[int, str]:
    output = StringIO()
    with time_machine.travel(LATER), pytest.raises(SystemExit) as end:
        call_command("verify", *map(str, words), stdout=output, stderr=StringIO())
    return end.value.code, output.getvalue()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "certificate.pdf"


def test_answers_0_for_a_valid_file(file, signer):
    file.write_bytes(signed_pdf(signer))
    status, told = verify(file)
    assert status == 0
    assert "validly signed and complete" in told
    assert PERSON in told


def test_answers_1_for_a_changed_file(file, signer):
    file.write_bytes(signed_pdf(signer).replace(b"/MediaBox", b"/mediaBox"))
    status, told = verify(file, "--json")
    assert status == 1
    assert json.loads(told)["signatures"][0]["intact"] is False


def test_answers_1_for_an_unsigned_file(file):
    file.write_bytes(draft_pdf())
    status, told = verify(file)
    assert status == 1
    assert "carries no signature" in told


@pytest.mark.parametrize("content", [b"", b"words", b"%PDF-1.7 broken"])
def test_answers_2_for_an_unreadable_file(file, content):
    file.write_bytes(content)
    status, told = verify(file, "--json")
    assert status == 2
    assert json.loads(told)["verdict"] == "INDETERMINATE"


def test_answers_2_when_there_is_no_file(file):
    assert verify(file)[0] == 2


def test_believes_the_given_authority_only(file, tmp_path, signer):
    stranger = Stranger()
    trust = tmp_path / "ca.pem"
    trust.write_bytes(stranger.root.public_bytes(Encoding.PEM))
    file.write_bytes(stranger.sign(draft_pdf()))
    assert verify(file)[0] == 1
    assert verify(file, "--trust", trust)[0] == 0
    file.write_bytes(signed_pdf(signer))
    assert verify(file, "--trust", trust)[0] == 1


def test_prints_one_json_object_on_one_line(file, signer):
    file.write_bytes(signed_pdf(signer))
    _, told = verify(file, "--json")
    (line,) = told.splitlines()
    verdict = json.loads(line)
    assert verdict["verdict"] == "TOTAL-PASSED"
    (signature,) = verdict["signatures"]
    assert (signature["intact"], signature["unchanged"], signature["trusted"]) == (True, True, True)
    assert signature["signed_at"] == "2025-09-15T08:05:00+00:00"


def test_says_that_a_trust_list_is_none(file, tmp_path):
    file.write_bytes(draft_pdf())
    with pytest.raises(CommandError) as refused:
        call_command("verify", str(file), "--trust", str(tmp_path / "none.pem"))
    assert refused.value.returncode == 2


def test_judges_signed_xml(file, signer):
    signed = sign_xml("<Số>15</Số>".encode(), signer=signer, at=LATER)
    file.write_bytes(signed)
    status, told = verify(file, "--json")
    assert (status, json.loads(told)["verdict"]) == (0, "TOTAL-PASSED")
    assert json.loads(told)["signatures"][0]["name"] == PERSON
    file.write_bytes(signed.replace(b">15<", b">16<"))
    status, told = verify(file)
    assert status == 1
    assert "changed after it was signed" in told
    file.write_bytes(b"<unclosed>")
    assert verify(file)[0] == 2


def test_tells_of_time_stamps_level_and_revocation(file, signer, signatures_dir):
    clock = ClockedAuthority(LATER)
    clock.believe(signatures_dir)
    file.write_bytes(extend_pdf(signed_pdf(signer), at=LATER, level="B-LTA", stamper=clock))
    status, told = verify(file)
    assert status == 0
    assert "as the time stamp of Clock CA proves" in told
    assert "The certificate was not revoked." in told
    assert "Level: PAdES B-LTA." in told
    plain = json.loads(verify(file, "--json")[1])
    (signature,) = plain["signatures"]
    assert (plain["level"], signature["indication"], signature["revocation"]) == (
        "B-LTA",
        "TOTAL-PASSED",
        "good",
    )
    assert signature["proven_at"] == LATER.isoformat()
    assert [stamp["problem"] for stamp in plain["time_stamps"]] == [None, None]


def test_names_the_standards_reason(file, signer):
    file.write_bytes(signed_pdf(signer).replace(b"/MediaBox", b"/mediaBox"))
    assert "(TOTAL-FAILED HASH_FAILURE)" in verify(file)[1]


def test_says_that_the_installations_trust_list_is_broken(file, signatures_dir):
    file.write_bytes(draft_pdf())
    (signatures_dir / "trust").mkdir(parents=True)
    (signatures_dir / "trust" / "trust.yaml").write_text("words")
    with pytest.raises(CommandError) as refused:
        call_command("verify", str(file))
    assert refused.value.returncode == 2
