"""The installation's own signature of a head of its journal: it says whose journal a proof is of.

A time-stamp authority stamps anything for anybody, so that a stamp alone tells when, not whose.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from motcua.foundation.signatures.keys import ExpiredKey, UnknownKey, load_signer
from motcua.foundation.signatures.trust import TrustList
from motcua.foundation.signatures.verification import SignatureVerdict
from motcua.foundation.signatures.xml import sign_xml
from motcua.foundation.signatures.xml_examination import examine_xml

_NAMESPACE = "urn:motcua:journal-head:1"
_AT = re.compile(r' at="([0-9T:.+-]{20,40})"')


def seal_head(head: bytes) -> str:
    """Signed XML that names a head (32 bytes) and the time of signing; "" when there is no key for it.

    The key is EXTRACT_KEY_REF, the one of the journal's extracts. Source: W3C XML Signature 1.1.
    """
    at = timezone.now()
    try:
        return sign_xml(_statement(head, at), signer=load_signer(settings.EXTRACT_KEY_REF), at=at).decode()
    except (UnknownKey, ExpiredKey):
        return ""


def check_seal(seal: str, head: bytes, *, trust: TrustList) -> SignatureVerdict | None:
    """Whose signature it is, judged at the time it states; None when it is no sound one of this head."""
    stated = _AT.search(seal)
    try:
        at = datetime.fromisoformat(stated[1]) if stated else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        return None
    verdict = examine_xml(seal.encode(), at=at, trust=trust)
    if not verdict.signatures or verdict.document != _statement(head, at):
        return None
    return verdict.signatures[0]


def _statement(head: bytes, at: datetime) -> bytes:
    """Canonical as it stands, so that signed bytes can be compared as bytes."""
    return (
        f'<journalHead xmlns="{_NAMESPACE}" at="{at.isoformat()}" head="{head.hex()}"></journalHead>'.encode()
    )
