"""Time stamps from an authority (RFC 3161): asking for them, and checking what was once given.

The authority is named by MOTCUA_TSA_URL; it is believed when its root lies in SIGNATURES_DIR/trust/tsa.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import algos, tsp
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.rules.stamps import BadStamp, StampFacts
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.signatures.fetching import FetchFailed, fetch
from motcua.foundation.signatures.policy import UNFORESEEN
from motcua.foundation.signatures.tokens import DIGESTS, judge_token, read_token
from motcua.foundation.signatures.trust import TrustList, read_trust_list

MAX_SECONDS = 10
MAX_ANSWER_BYTES = 64 * 1024
_ALGORITHMS = {length: name for name, length in DIGESTS.items()}
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_GRANTED = {"granted", "granted_with_mods"}


class NoTimeStamp(DomainError):
    """The authority gave no time stamp; the same request may succeed later."""

    code = "no_time_stamp"
    message = _("The time-stamp authority gave no time stamp. %(reason)s It is tried again later.")
    status = 503


@dataclass(frozen=True, slots=True)
class TimeStamper:
    """A client of one time-stamp authority; fits the journal's protocol of this name. Safe in several threads."""

    url: str
    auth: tuple[str, str] | None = field(default=None, repr=False)
    seconds: float = MAX_SECONDS

    def stamp(self, digest: bytes) -> bytes:
        """The authority's token (DER) for a digest of 32, 48 or 64 bytes (SHA-256, -384, -512).

        The answer is checked: nonce, digest, and that it is granted; its certificate is not, see `check`.
        Raises NoTimeStamp (10 s without an answer at most, and as long for it), ValueError for another length.
        Source: RFC 3161 2.4.
        """
        nonce = secrets.randbits(63) | 1 << 62
        query = tsp.TimeStampReq(
            {"version": 1, "message_imprint": _imprint(digest), "nonce": nonce, "cert_req": True}
        ).dump()
        try:
            answer = fetch(
                self.url,
                body=query,
                headers=_HEADERS,
                auth=self.auth,
                seconds=self.seconds,
                max_bytes=MAX_ANSWER_BYTES,
            )
            return _granted(answer, digest, nonce)
        except (FetchFailed, ValueError, TypeError, LookupError) as error:
            raise NoTimeStamp(reason=str(error) or type(error).__name__) from error

    def check(self, token: bytes, digest: bytes) -> StampFacts:
        """Examine a token (DER) that is to stamp `digest`; the authority is not asked. Raises BadStamp.

        The certificate is judged at the time the token states: a token in an append-only record stays good when the
        certificate expires, until the authority is withdrawn from the trust list with a date before that time.
        """
        return check_stamp(token, digest, read_trust_list(Path(settings.SIGNATURES_DIR)))


def check_stamp(token: bytes, digest: bytes, trust: TrustList) -> StampFacts:
    """As `TimeStamper.check`, against a given trust list. Raises BadStamp."""
    try:
        signed, info = read_token(token)
        at = info["gen_time"].native
        verdict = judge_token(signed, _only(digest), moment=at, trust=trust)
    except UNFORESEEN as error:
        raise BadStamp from error
    if not verdict.intact:
        raise BadStamp
    return StampFacts(at=at, authority=verdict.authority, trusted=verdict.problem is None)


def time_stamper() -> TimeStamper | None:
    """The client of the authority in the settings (`stamps.*`); None when none is named."""
    url, user = get("stamps.url"), get("stamps.user")
    if not url:
        return None
    return TimeStamper(url, (user, get("stamps.password")) if user else None)


def _imprint(digest: bytes) -> tsp.MessageImprint:
    if len(digest) not in _ALGORITHMS:
        raise ValueError("A digest has 32, 48 or 64 bytes.")
    algorithm = algos.DigestAlgorithm({"algorithm": _ALGORITHMS[len(digest)]})
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": digest})


def _only(digest: bytes) -> Callable[[str], bytes]:
    """Gives the digest for its own algorithm and nothing that equals an imprint for any other."""
    return lambda algorithm: digest if _ALGORITHMS.get(len(digest)) == algorithm else b""


def _granted(answer: bytes, digest: bytes, nonce: int) -> bytes:
    response = tsp.TimeStampResp.load(answer, strict=True)
    if response["status"]["status"].native not in _GRANTED:
        raise ValueError(f"Answered with {response['status']['status'].native}.")
    token: bytes = response["time_stamp_token"].dump()
    _signed, info = read_token(token)
    imprint = info["message_imprint"]
    told = (
        info["nonce"].native,
        imprint["hash_algorithm"]["algorithm"].native,
        imprint["hashed_message"].native,
    )
    if told != (nonce, _ALGORITHMS[len(digest)], digest):
        raise ValueError("Answered another request.")
    return token
