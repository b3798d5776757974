"""What the national eID says of a person, from its OpenID Connect claims. Pure.

Source: reference of the portal's sign-in (claims SoDinhDanh, HoVaTen, NgayThangNamSinh, GioiTinh, loAs, ...; vietnam.md
1.7). How a foreigner without a number and an organisation's account are marked is [M].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from motcua.foundation.kernel.text import clean_line, fold
from motcua.registry.people.rules.numbers import (
    clean_paper_number,
    clean_tax_code,
    is_paper_number,
    tax_fault,
)

_NUMBER = re.compile(r"[0-9]{12}")
_SEXES = {"nam": "male", "nữ": "female", "male": "male", "female": "female"}
_VIETNAMESE = frozenset({"", "viet nam", "vietnam", "vnm"})
# LoaiTaiKhoan: 1 a person's account, 2 an organisation's, used by who represents it [M].
_ORGANISATION = "2"


class BadClaims(ValueError):
    """The provider's answer lacks something without which a person cannot be known; names the claim."""


@dataclass(frozen=True, slots=True)
class PassportClaim:
    """A foreigner's passport: number and issuing State, as kept."""

    number: str
    country: str


@dataclass(frozen=True, slots=True)
class OrganisationClaim:
    """The organisation whose account was used: `Organisation.Kind`, tax code, legal name."""

    kind: str
    tax_code: str
    name: str


@dataclass(frozen=True, slots=True)
class EidClaims:
    """`personal_number` is empty for a foreigner who is known by `paper`."""

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
    kind: str = "citizen"
    paper: PassportClaim | None = None
    organisation: OrganisationClaim | None = None


def _birth_date(text: str) -> date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a calendar date has no zone
        except ValueError:
            continue
    raise BadClaims("NgayThangNamSinh")


def _passport(number: str, country: str) -> PassportClaim | None:
    if not number:
        return None
    kept = clean_paper_number(number)
    if not is_paper_number(kept):
        raise BadClaims("SoHoChieu")
    if not re.fullmatch(r"[A-Z]{1,3}", country):
        raise BadClaims("NuocCapHoChieu")
    return PassportClaim(kept, country)


def _organisation(account: str, code: str, name: str) -> OrganisationClaim | None:
    if account != _ORGANISATION:
        return None
    tax_code = clean_tax_code(code)
    if tax_fault(tax_code):
        raise BadClaims("MaSoDoanhNghiep")
    if not name:
        raise BadClaims("TenDoanhNghiep")
    # The claims do not say what kind it is; a cooperative's name does (Law on Cooperatives 17/2023/QH15 [M]).
    cooperative = fold(name).startswith(("hop tac xa", "htx ", "lien hiep hop tac xa"))
    return OrganisationClaim("cooperative" if cooperative else "enterprise", tax_code, name)


def parse_claims(claims: Mapping[str, Any]) -> EidClaims:
    """Raises BadClaims naming the claim that is missing or malformed."""

    def text(name: str, limit: int) -> str:
        return clean_line(str(claims.get(name) or ""))[:limit]

    # Codes are judged at full length: a longer number cut to twelve digits would be somebody else's.
    number, name = text("SoDinhDanh", 100), text("HoVaTen", 300)
    is_foreign = fold(text("QuocTich", 50)) not in _VIETNAMESE
    paper = _passport(text("SoHoChieu", 100), text("NuocCapHoChieu", 10).upper()) if is_foreign else None
    if not _NUMBER.fullmatch(number) and (number or not paper):
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
        kind="foreigner" if is_foreign else "citizen",
        paper=paper,
        organisation=_organisation(
            text("LoaiTaiKhoan", 10),
            text("MaSoDoanhNghiep", 100) or text("MaSoThue", 100),
            text("TenDoanhNghiep", 300),
        ),
    )
