"""The made-up people who can sign in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("people.json")


@dataclass(frozen=True)
class Person:
    """`claims`: what the portal's sign-in hands over, under its Vietnamese names; dates are dd/mm/yyyy,
    GSO codes text.

    `who`: what part the person plays, by language.
    """

    who: dict[str, str]
    claims: dict[str, str]

    @property
    def sub(self) -> str:
        return self.claims["sub"]

    @property
    def key(self) -> str:
        """What the sign-in page calls this account: somebody who uses an organisation's keeps their own `sub`."""
        return "-".join(filter(None, [self.sub, self.claims["MaSoDoanhNghiep"]]))


PEOPLE = {
    person.key: person
    for person in (Person(**entry) for entry in json.loads(_FILE.read_text(encoding="utf-8")))
}
