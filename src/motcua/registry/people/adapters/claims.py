"""What the national eID says of a person, from its OpenID Connect claims. Pure.

Source: reference of the portal's sign-in (claims SoDinhDanh, HoVaTen, NgayThangNamSinh, GioiTinh, loAs, ...).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.foundation.kernel.text import clean_line

_NUMBER = re.compile(r"[0-9]{12}")
_SEXES = {"nam": "male", "nữ": "female", "male": "male", "female": "female"}


class BadClaims(ValueError):
    """The provider's answer lacks something without which a person cannot be known; names the claim."""


@dataclass(frozen=True, slots=True)
class EidClaims:
    personal_number: str
    full_name: str
    birth_date: date
    sex: str
    ethnicity: str
    nationality: str
    telephone: str
    email: str
    residence: str
    residence_place_code: str
    assurance_level: int


def _birth_date(text: str) -> date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a calendar date has no zone
        except ValueError:
            continue
    raise BadClaims("NgayThangNamSinh")


def parse_claims(claims: Mapping[str, Any]) -> EidClaims:
    """Raises BadClaims naming the claim that is missing or malformed."""

    def text(name: str, limit: int) -> str:
        return clean_line(str(claims.get(name) or ""))[:limit]

    # Codes are judged at full length: a longer number cut to twelve digits would be somebody else's.
    number, name = text("SoDinhDanh", 100), text("HoVaTen", 300)
    if not _NUMBER.fullmatch(number):
        raise BadClaims("SoDinhDanh")
    if not name:
        raise BadClaims("HoVaTen")
    sex = _SEXES.get(text("GioiTinh", 10).lower())
    if not sex:
        raise BadClaims("GioiTinh")
    level = text("loAs", 100)
    if not re.fullmatch(r"[0-9]{1,2}", level):
        raise BadClaims("loAs")
    place = text("ThuongTruXa", 100)
    return EidClaims(
        personal_number=number,
        full_name=name,
        birth_date=_birth_date(text("NgayThangNamSinh", 20)),
        sex=sex,
        ethnicity=text("DanToc", 50),
        nationality=text("QuocTich", 50),
        telephone=text("SoDienThoai", 20),
        email=text("ThuDienTu", 200),
        residence=text("ThuongTru", 500),
        residence_place_code=place if re.fullmatch(r"[0-9]{5}", place) else "",
        assurance_level=int(level),
    )
