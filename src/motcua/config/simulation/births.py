"""What a made-up mother answers in the form of 1.001193, birth registration. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from motcua.config.simulation.people import Family, Person, word_lists

PROCEDURE = "1.001193"


@dataclass(frozen=True, slots=True)
class Place:
    """A commune: five-digit code, its name ("Xã Kỳ Sơn") and its province's."""

    code: str
    commune: str
    province: str

    @property
    def words(self) -> str:
        """As within an address: "xã Kỳ Sơn, tỉnh Phú Thọ"."""
        return _words(self.commune, self.province)


@cache
def _words(*names: str) -> str:
    return ", ".join(name[:1].lower() + name[1:] for name in names if name)


def make_answers(random: Random, family: Family, place: Place, *, on: date) -> dict[str, Any]:
    """Answers submitted on a day, without papers. One birth in twenty-five is registered after 60 days."""
    late = random.random() < 0.04
    born = on - timedelta(days=random.randint(61, 150) if late else random.randint(2, 45))
    residence = f"Khu {int(family.mother.personal_number[-6:]) % 19 + 1}, {place.words}"
    parent = random.choice(("father", "father", "father", "mother"))
    result_by = random.choice(("warehouse", "warehouse", "counter"))
    mother, father = family.mother, family.father
    answers = {
        "applicant_name": mother.full_name,
        "applicant_birth_date": mother.birth_date.isoformat(),
        "applicant_personal_number": mother.personal_number,
        "applicant_residence": residence,
        "relation": "mother",
        **_parent("mother", mother, place, residence),
        "father_named": "yes",
        **_parent("father", father, place, residence),
        "sex": family.child_sex,
        "birth_date": born.isoformat(),
        "birth_time": f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}",
        "birth_place": f"{random.choice(word_lists()['hospitals'])}, {place.words}",
        "family_name_from": parent,
        "given_name": family.child_given_name,
        "home_town_from": parent,
        "ethnicity_from": parent,
        "birth_evidence_kind": "hospital",
        "registration_commune": place.code,
        "applicant_phone": telephone(mother),
        "result_by": result_by,
    }
    return answers | ({"extract_copies": random.randint(1, 5)} if result_by == "counter" else {})


def telephone(person: Person) -> str:
    """A number of no network: 0900 and the person's serial."""
    return f"0900{person.personal_number[-6:]}"


def _parent(role: str, person: Person, place: Place, residence: str) -> dict[str, str]:
    return {
        f"{role}_name": person.full_name,
        f"{role}_birth_date": person.birth_date.isoformat(),
        f"{role}_personal_number": person.personal_number,
        f"{role}_residence": residence,
        f"{role}_home_town": place.words,
        f"{role}_ethnicity": person.ethnicity,
    }
