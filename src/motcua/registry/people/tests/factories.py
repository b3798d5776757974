"""Citizens, as the eID describes them. Made-up people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.models import Account
from motcua.registry.people.adapters.claims import EidClaims, OrganisationClaim
from motcua.registry.people.adapters.eid import FRESH_KEY
from motcua.registry.people.models import Mandate, Person, Representation
from motcua.registry.people.selectors import MANDATE, OFFICE, identify_citizen
from motcua.registry.people.services import Offer, Purpose, accept_mandate, give_mandate, record_claims


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


def organisation_claim(number: int = 2, name: str = "HỢP TÁC XÃ NÔNG NGHIỆP MẪU") -> OrganisationClaim:
    """An organisation that does not exist: no tax authority has the code 99."""
    codes = {1: "9900000016", 2: "9900000023", 3: "9900000030", 4: "9900000048"}
    kind = "cooperative" if name.startswith("HỢP TÁC XÃ") else "enterprise"
    return OrganisationClaim(kind, codes[number], name)


def acting_as(person: Actor, held: Representation | Mandate) -> Actor:
    """The person as who acts by this representation or mandate, as a request would find them."""
    kind = OFFICE if isinstance(held, Representation) else MANDATE
    account = Account.objects.get(pk=person.account_id)
    identity = identify_citizen(account, f"{kind}:{held.id}")
    assert identity is not None
    return identity.actor


def representative(
    *, at: datetime, organisation: OrganisationClaim | None = None, **changes: object
) -> Actor:
    """Somebody who signed in with an organisation's account, acting for it."""
    claim = organisation or organisation_claim()
    person = citizen(at=at, organisation=claim, **changes)
    held = Representation.objects.get(person=person.person_id, organisation__tax_code=claim.tax_code)
    return acting_as(person, held)


def mandate(
    principal: Actor, agent: Actor, *, at: datetime, accepted: bool = True, **changes: Any
) -> Mandate:
    """One lets another act for three months."""
    person = Person.objects.get(pk=agent.person)
    today = timezone.localdate(at)
    plain: dict[str, Any] = {
        "agent_number": person.personal_number,
        "agent_name": person.full_name,
        "purpose": Purpose(),
        "powers": frozenset({"apply", "see"}),
        "valid_from": today,
        "valid_to": today + timedelta(days=90),
    }
    given = give_mandate(actor=principal, offer=Offer(**plain | changes), at=at)
    return accept_mandate(actor=agent, mandate_id=given.id, at=at) if accepted else given


def sign_in_anew(client: Client) -> None:
    """The eID asked who sits there just now, as some pages need it."""
    session = client.session
    session[FRESH_KEY] = int(timezone.now().timestamp())
    session.save()
