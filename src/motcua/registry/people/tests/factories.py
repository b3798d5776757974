"""Citizens, as the eID describes them. Made-up people."""

from __future__ import annotations

from datetime import date, datetime

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.claims import EidClaims
from motcua.registry.people.services import record_claims


def claims(**changes: object) -> EidClaims:
    """What the eID says of the mother of the pack's example."""
    plain = {
        "personal_number": "025197004187",
        "full_name": "Nguyễn Thị Hồng Nhung",
        "birth_date": date(1997, 8, 14),
        "sex": "female",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "telephone": "0912345678",
        "email": "nhung@example.org",
        "residence": "Khu 4, xã Lâm Thao, tỉnh Phú Thọ",
        "residence_place_code": "08494",
        "assurance_level": 2,
    }
    return EidClaims(**(plain | changes))


def citizen_account() -> Account:
    account = Account(kind=Account.Kind.CITIZEN)
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


def citizen(*, at: datetime, **changes: object) -> Actor:
    """A citizen who has signed in once."""
    account = citizen_account()
    person = record_claims(account=account, claims=claims(**changes), at=at)
    return Actor(kind="citizen", account_id=account.id, person_id=person.id)
