"""Files that are too damaged to be read as a PDF, but carry a signature that shows they were once whole.

So that somebody whose file was tampered with hears that, and not merely that the file is damaged.
"""

from __future__ import annotations

import hashlib
import re

from asn1crypto import cms

_BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,9}\[\s{0,9}0\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{1,9}(\d{1,9})\s{0,99}\]"
)
_DIGESTS = {"sha256", "sha384", "sha512"}


def has_torn_signature(pdf: bytes) -> bool:
    """Whether the last signature found in the bytes does not fit them (any more)."""
    ranges = _BYTE_RANGE.findall(pdf)
    if not ranges:
        return False
    length, resumed, rest = (int(number) for number in ranges[-1])
    if resumed + rest > len(pdf):
        return True
    try:
        signed = cms.ContentInfo.load(bytes.fromhex(pdf[length + 1 : resumed - 1].decode("ascii")))
        signer = signed["content"]["signer_infos"][0]
        algorithm = signer["digest_algorithm"]["algorithm"].native
        told = next(
            one["values"][0].native
            for one in signer["signed_attrs"]
            if one["type"].native == "message_digest"
        )
    except (ValueError, TypeError, LookupError, StopIteration):
        return True
    if algorithm not in _DIGESTS:
        return False
    return hashlib.new(algorithm, pdf[:length] + pdf[resumed : resumed + rest]).digest() != told
