"""The agency's own signature on a form that no leader signs."""

from __future__ import annotations

from datetime import datetime

from motcua.foundation.signatures.keys import load_signer
from motcua.foundation.signatures.pdf import SignatureRequest, sign_pdf
from motcua.registry.organisations.models import Agency

_FIELD = "Con_dau"


def signed_by_agency(pdf: bytes, agency: Agency, *, reason: str, at: datetime) -> bytes:
    """The form with the agency's signature (PAdES B-B), without a picture; as it is where the agency has no key.

    Raises KeyUnavailable, ExpiredKey. Source: Decree 30/2020/NĐ-CP, annex I; Circular 03/2025/TT-VPCP, form 03.
    """
    if not agency.seal_key:
        return pdf
    request = SignatureRequest(
        at=at, field_name=_FIELD, page=0, box=(0, 0, 0, 0), reason=reason, place=agency.place_name
    )
    return sign_pdf(pdf, signer=load_signer(agency.seal_key), request=request)
