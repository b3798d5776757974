"""Journal proofs that somebody holds: judged against a trust list, and explained."""

from __future__ import annotations

from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from motcua.foundation.journal.rules.proofs import ProofVerdict, check_proof, is_proof
from motcua.foundation.journal.rules.stamps import StampFacts
from motcua.foundation.signatures.seals import check_seal
from motcua.foundation.signatures.timestamps import check_stamp
from motcua.foundation.signatures.trust import TrustList

_PROBLEMS: dict[str, str | Promise] = {
    "unreadable": _("The file is damaged and could not be examined."),
    "too_large": _("The file is too large for a proof and was not examined."),
    "wrong_entry": _("The entry is not that of this position."),
    "wrong_path": _(
        "The entry does not lead to its batch: it was changed, or the proof is of another entry."
    ),
    "wrong_chain": _("The batches do not follow one another."),
    "bad_stamp": _("The time stamp does not belong to the journal's head, or is broken."),
    "unstamped": _("No time stamp covers the entry yet. A proof that is made later will have one."),
    "untrusted_stamp": _("The time stamp was not issued by an authority on the trust list."),
    "unsealed": _("No installation has signed the journal's head, so it could be anybody's journal."),
    "bad_seal": _("The installation's signature of the journal's head is broken, or is of another head."),
    "untrusted_seal": _("Whoever signed the journal's head is not known to an authority on the trust list."),
}


def looks_like_proof(content: bytes) -> bool:
    """Whether a file begins as a journal proof does."""
    return content[:64].lstrip().startswith(b"{") and is_proof(content)


def verify_proof(content: bytes, *, trust: TrustList) -> ProofVerdict:
    """Whether a proof holds and its time stamp is by an authority of `trust`. Takes hostile files and never raises.

    Asks no network and no database. A proof that is valid shows that the entry stood in *a* journal at that time:
    whether in this one says `journal.selectors.is_sealed_here`.
    """

    def check_token(token: bytes, head: bytes) -> StampFacts:
        return check_stamp(token, head, trust)

    return check_proof(content, check_token=check_token)


def verify_proof_alone(content: bytes, *, trust: TrustList) -> ProofVerdict:
    """As `verify_proof`, without the journal at hand: an installation that the trust list knows must have signed it.

    `sealed_by` is its name. Problems beside those of `check_proof`: `unsealed`, `bad_seal`, `untrusted_seal`.
    """
    found = verify_proof(content, trust=trust)
    if not found.is_valid or found.head is None:
        return found
    if not found.seal:
        return replace(found, problem="unsealed")
    signature = check_seal(found.seal, found.head, trust=trust)
    if signature is None or not signature.intact:
        return replace(found, problem="bad_seal")
    if signature.problem:
        return replace(found, problem="untrusted_seal")
    return replace(found, sealed_by=", ".join(filter(None, (signature.name, signature.organisation))))


def explain_proof(problem: str) -> str | Promise:
    """The sentence for `ProofVerdict.problem`, translated when shown. Raises KeyError for an unknown code."""
    return _PROBLEMS[problem]
