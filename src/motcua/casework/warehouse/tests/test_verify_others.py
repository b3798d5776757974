"""The public page and files that are no PDFs: proofs of acts, signed XML."""

from __future__ import annotations

import base64
import json
import random
import shutil
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.casework.warehouse.tests.factories import AT
from motcua.foundation.journal.models import Entry
from motcua.foundation.journal.rules.canonical import leaf_hash
from motcua.foundation.journal.rules.proofs import check_proof
from motcua.foundation.journal.selectors import make_proof
from motcua.foundation.journal.services import Happening, follow_once, record
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.signatures.keys import issue_signing_key, load_signer, make_authority
from motcua.foundation.signatures.proof_files import verify_proof_alone
from motcua.foundation.signatures.tests.factories import ClockedAuthority
from motcua.foundation.signatures.trust import read_trust_list
from motcua.foundation.signatures.xml import sign_xml
from motcua.registry.organisations.models import Officer

pytestmark = pytest.mark.django_db
HOLDS, NOT_PROVEN = "It stands in our sealed journal", "Not proven"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def clock(world, settings, tmp_path):
    shutil.copytree(settings.SIGNATURES_DIR, tmp_path / "signatures")
    settings.SIGNATURES_DIR = tmp_path / "signatures"
    authority = ClockedAuthority(AT - timedelta(days=1))
    authority.at = AT
    authority.believe(settings.SIGNATURES_DIR)
    return authority


@pytest.fixture
def entry(world):
    happening = Happening("dossier.signed", "dossier", new_id(), facts={"status": 9})
    record(actor=SYSTEM, happening=happening, at=AT)
    follow_once()
    return Entry.objects.order_by("sequence").last()


def stamped(proof: bytes, authority) -> bytes:
    content = json.loads(proof)
    content["token"] = base64.b64encode(authority.stamp(check_proof(proof).head)).decode()
    return json.dumps(content).encode()


@pytest.fixture
def proof(entry, clock):
    return stamped(make_proof(entry.id), clock)


@pytest.fixture
def ask(client):
    def send(content, name="proof.json", status=200):
        upload = SimpleUploadedFile(name, content, content_type="application/octet-stream")
        answer = client.post("/verify/", {"file": upload}, headers={"accept-language": "en"})
        assert answer.status_code == status
        return answer.content.decode()

    return send


def test_a_proof_from_a_dossiers_page_is_explained_in_plain_words(ask, proof, entry):
    page = ask(proof)
    assert HOLDS in page
    assert "The result of a dossier was signed" in page
    assert str(entry.object_id) in page
    assert "Proven to have existed at" in page


def test_a_proof_without_its_time_stamp_yet_is_ours_all_the_same(ask, entry):
    page = ask(make_proof(entry.id))
    assert HOLDS in page
    assert "No time stamp covers the entry yet" in page


def test_a_proof_of_another_journal_is_not_called_ours(ask, proof, clock):
    """Anybody can seal entries of their own and have them time-stamped by the same authority."""
    content = json.loads(proof)
    text = json.loads(content["entry"]) | {"kind": "dossier.accepted"}
    content |= {"entry": json.dumps(text), "path": []}
    content["batches"] = [{"number": 1, "first": text["position"], "last": text["position"], "root": ""}]
    content["batches"][0]["root"] = leaf_hash(content["entry"].encode()).hex()
    forged = stamped(json.dumps(content).encode(), clock)
    page = ask(forged)
    assert NOT_PROVEN in page and HOLDS not in page
    assert "does not stand in the journal of this installation" in page


def test_a_changed_proof_is_not_proven(ask, proof):
    page = ask(proof.replace(b"dossier.signed", b"dossier.refuse"))
    assert NOT_PROVEN in page and "it was changed" in page


def test_a_stamp_of_an_authority_that_nobody_trusts_proves_nothing(ask, entry, clock):
    stranger = ClockedAuthority(AT - timedelta(days=1), name="Stranger")
    stranger.at = AT
    page = ask(stamped(make_proof(entry.id), stranger))
    assert HOLDS not in page
    assert "not issued by an authority on the trust list" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": "{}"},
        {"entry": "[" * 5000},
        {"entry": '{"position": 1, "version": 1, "kind": {"a": "<script>"}, "at": 7, "object_id": []}'},
        {"position": -1},
        {"position": 2**80},
        {"path": ["0" * 64] * 65},
        {"path": "x"},
        {"batches": []},
        {"batches": [{"number": 1, "first": 9, "last": 1, "root": "0" * 64}]},
        {"token": "?"},
        {"token": "AAAA" * 100_000},
        {"token": base64.b64encode(b"\x30\x84\xff\xff\xff\xff").decode()},
        {"token": {}},
    ],
)
def test_a_hostile_proof_is_refused_and_harms_nobody(ask, proof, changes):
    page = ask(json.dumps(json.loads(proof) | changes).encode())
    assert NOT_PROVEN in page and "<script>" not in page


def test_a_token_changed_anywhere_never_breaks_the_page(ask, proof):
    content, chance = json.loads(proof), random.Random(7)
    token = base64.b64decode(content["token"])
    for _ in range(60):
        changed = bytearray(token)
        changed[chance.randrange(len(changed))] = chance.randrange(256)
        content["token"] = base64.b64encode(changed).decode()
        ask(json.dumps(content).encode())


@pytest.mark.parametrize("content", [b'{"format": "motcua journal proof"', b'{"format":"motcua journal proof","a":'
                                     + b"[" * 100_000], ids=["cut off", "deep"])  # fmt: skip
def test_a_damaged_proof_is_named_as_that(ask, content):
    assert "damaged" in ask(content)


@pytest.fixture
def packet(world):
    signer = load_signer(Officer.objects.get(pk=world.desk.leader.person_id).signing_key)
    return sign_xml("<don><noiDung>Xin chào</noiDung></don>".encode(), signer=signer, at=AT)


def test_signed_xml_is_proven_with_its_signer(ask, packet):
    page = ask(packet, "packet.xml")
    assert "Genuine and unchanged" in page
    assert "Phan Thị Mẫu Hà" in page


def test_changed_xml_is_not_genuine(ask, packet):
    page = ask(packet.replace("Xin chào".encode(), b"Xin"), "packet.xml")
    assert "Genuine and unchanged" not in page and "Not proven genuine" in page


@pytest.mark.parametrize(
    "content",
    [
        b"<a/>",
        b"<a",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 20_000,
        b"<\x00\xff",
    ],
    ids=["unsigned", "cut off", "entities", "outside", "deep", "bytes"],
)
def test_hostile_xml_is_never_genuine_and_harms_nobody(ask, content):
    page = ask(content, "x.xml")
    assert "Genuine and unchanged" not in page


@pytest.fixture
def records(clock, settings):
    """The installation's key, by an authority on the trust list."""
    at = timezone.now() - timedelta(days=1)
    make_authority(settings.SIGNATURES_DIR, name="motcua test", at=at)
    issue_signing_key(
        settings.SIGNATURES_DIR,
        key_ref=settings.EXTRACT_KEY_REF,
        person="Thanh tra tỉnh (mẫu)",
        organisation="Tỉnh Mẫu",
        title="",
        at=at,
        days=30,
    )


def alone(proof: bytes, settings):
    return verify_proof_alone(proof, trust=read_trust_list(settings.SIGNATURES_DIR))


def test_without_the_journal_a_proof_says_whose_it_is(records, entry, clock, settings):
    found = alone(stamped(make_proof(entry.id), clock), settings)
    assert (found.problem, found.sealed_by) == ("", "Thanh tra tỉnh (mẫu), Tỉnh Mẫu")


def test_without_the_journal_a_proof_that_nobody_signed_is_not_believed(proof, settings):
    content = json.dumps(json.loads(proof) | {"seal": None}).encode()
    assert alone(content, settings).problem == "unsealed"


def test_a_journal_of_ones_own_is_not_believed_for_its_time_stamp(records, proof, entry, clock, settings):
    """Somebody seals an entry that never was, and takes the signature of a real head."""
    real, forged = json.loads(make_proof(entry.id)), json.loads(proof)
    text = json.loads(forged["entry"]) | {"kind": "dossier.accepted"}
    forged |= {"entry": json.dumps(text), "path": [], "seal": real["seal"]}
    root = leaf_hash(forged["entry"].encode()).hex()
    forged["batches"] = [{"number": 1, "first": text["position"], "last": text["position"], "root": root}]
    assert alone(stamped(json.dumps(forged).encode(), clock), settings).problem == "bad_seal"


def test_a_signature_by_an_unknown_authority_does_not_say_whose_it_is(records, entry, clock, settings):
    proof = stamped(make_proof(entry.id), clock)
    (settings.SIGNATURES_DIR / "trust" / "root.pem").unlink()
    assert alone(proof, settings).problem == "untrusted_seal"


@pytest.mark.parametrize(
    "seal", ["", "words", "<journalHead/>", ' at="2026-13-01T00:00:00+00:00"', "<" * 60_000]
)
def test_a_broken_seal_is_no_seal(records, entry, clock, settings, seal):
    content = json.loads(stamped(make_proof(entry.id), clock)) | {"seal": seal}
    assert alone(json.dumps(content).encode(), settings).problem in {"bad_seal", "unsealed"}
