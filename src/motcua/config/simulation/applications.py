"""What made-up people apply for: the procedures of a simulation, and one application to each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from motcua.config.simulation.allowances import PROCEDURE as ALLOWANCE
from motcua.config.simulation.allowances import allowance_answers, is_posted
from motcua.config.simulation.births import PROCEDURE as BIRTH
from motcua.config.simulation.births import Place, make_answers, telephone
from motcua.config.simulation.people import Family, Person, word_lists
from motcua.config.simulation.permits import HOUSES, permit_answers
from motcua.config.simulation.permits import PROCEDURE as PERMIT
from motcua.config.simulation.residences import residence
from motcua.config.simulation.ways import BRIEF, HOUSE, PLAIN, POSTED, UNPOSTED, WORKS, Way

MARITAL_STATUS, HOUSEHOLD_BUSINESS = "1.004873", "1.001612"
# "Quán Mẫu Lan": code of the trade, what is sold there, first words of the name.
_TRADES = (
    ("5610", "Bán phở, bún", "Phở"),
    ("5630", "Cà phê, nước giải khát", "Cà phê"),
    ("4711", "Thực phẩm, đồ uống", "Tạp hóa"),
    ("4771", "Quần áo, giày dép", "Thời trang"),
    ("9631", "Cắt tóc, gội đầu", "Tiệm tóc"),
    ("4542", "Sửa chữa xe máy", "Sửa xe"),
)
_FULL_AGE = 20 * 366
_ON_TIME_DAYS = 60


@dataclass(frozen=True, slots=True)
class Application:
    """alike: the same for applications to a procedure with the same case, fees and way of returning.

    applicant: of the family. papers: fields that want one, left out of the answers; several: those that take many.
    named: what the form's title names. question, opinion: what an officer may ask, and what is answered. way: through
    its process.
    """

    procedure: str
    applicant: Person
    answers: dict[str, Any]
    named: Mapping[str, Any]
    alike: str
    papers: tuple[str, ...] = ()
    case: str = ""
    question: str = "Đề nghị cho ý kiến về nơi cư trú đã khai."
    opinion: str = "Đúng như đã khai."
    way: Way = PLAIN
    several: tuple[str, ...] = ()

    def with_papers(self, file_id: str) -> dict[str, Any]:
        """The answers, with one file for every paper."""
        many = {name: [file_id] for name in self.several}
        return self.answers | dict.fromkeys(self.papers, file_id) | many


@dataclass(frozen=True, slots=True)
class Kind:
    """A procedure of the simulation: how many of a hundred dossiers, and how many times as long as a birth it takes."""

    code: str
    share: int
    pace: int
    make: Callable[[Random, Family, Place, date], Application] = field(repr=False)


def birth(random: Random, family: Family, place: Place, on: date) -> Application:
    answers = make_answers(random, family, place, on=on)
    parent = family.father if answers["family_name_from"] == "father" else family.mother
    late = (on - date.fromisoformat(answers["birth_date"])).days > _ON_TIME_DAYS
    name = f"{parent.full_name.split()[0]} {family.child_given_name}"
    alike = f"{answers['result_by']} {answers.get('extract_copies', 0)} {late}"
    return Application(
        BIRTH, family.mother, answers, {"child_name": name}, alike, ("birth_evidence",), way=BRIEF
    )


def marital_status(random: Random, family: Family, place: Place, on: date) -> Application:
    """Somebody single who wants to marry."""
    who, partner = (family.mother, family.father) if random.random() < 0.5 else (family.father, family.mother)
    subject = _block(who, place) | {"sex": who.sex, "ethnicity": who.ethnicity}
    answers = {
        "applicant_name": who.full_name,
        "for_whom": "self",
        "subject": subject,
        "period": "current",
        "period_from": (who.birth_date + timedelta(days=_FULL_AGE)).isoformat(),
        "marital_status": "single",
        "purpose": "marriage",
        "partner": _block(partner, place),
        "marriage_place": f"Ủy ban nhân dân {place.words}",
        "issued_before": "no",
        "registration_commune": place.code,
        "applicant_phone": telephone(who),
        "fee_exemption": random.choice(("none", "none", "none", "poor")),
        "result_by": random.choice(("warehouse", "counter")),
    }
    alike = f"{answers['fee_exemption']} {answers['result_by']}"
    return Application(MARITAL_STATUS, who, answers, {"subject": subject}, alike)


def household_business(random: Random, family: Family, place: Place, on: date) -> Application:
    """A shop: of one person, or of a couple."""
    who, other = (family.mother, family.father) if random.random() < 0.6 else (family.father, family.mother)
    code, details, words = random.choice(_TRADES)
    name = f"{words} {who.full_name.split()[-1]} Mẫu"
    founder = random.choice(("individual", "individual", "household"))
    answers: dict[str, Any] = {
        "applicant_name": who.full_name,
        "applicant_birth_date": who.birth_date.isoformat(),
        "applicant_personal_number": who.personal_number,
        "applicant_sex": who.sex,
        "applicant_residence": residence(who, place),
        "applicant_ethnicity": who.ethnicity,
        "applicant_phone": telephone(who),
        "founder": founder,
    }
    if founder == "household":
        member = _block(other, place)
        parts = ("full_name", "birth_date", "personal_number")
        answers["members"] = [{"who": {part: member[part] for part in parts} | {"sex": other.sex}}]
    answers |= {
        "business_name": name,
        "registration_commune": place.code,
        "seat_line": f"Số {random.randint(1, 300)}, Khu {random.randint(1, 19)}",
        "begins_on": (on + timedelta(days=random.randint(10, 60))).isoformat(),
        "workers": random.randint(1, 6),
        "industries": [{"code": code, "details": details}],
        "capital": random.randint(3, 60) * 10_000_000,
        "result_by": random.choice(("warehouse", "counter")),
    }
    papers = ("authorisation",) if founder == "household" else ()
    alike = f"{founder} {answers['result_by']}"
    question = "Đề nghị cho ý kiến về địa điểm kinh doanh."
    named = {"business_name": name}
    return Application(HOUSEHOLD_BUSINESS, who, answers, named, alike, papers, founder, question=question)


def building_permit(random: Random, family: Family, place: Place, on: date) -> Application:
    """A house, or now and then a small building of another kind."""
    who = family.father if random.random() < 0.7 else family.mother
    answers, papers = permit_answers(random, who, place)
    return Application(
        PERMIT,
        who,
        answers,
        {"applicant_name": who.full_name},
        f"{answers['work']} {papers} {answers['result_by']}",
        tuple(papers),
        case=answers["work"],
        opinion="Phù hợp quy hoạch; hiện trạng đúng như hồ sơ.",
        way=HOUSE if answers["work"] in HOUSES else WORKS,
        several=("drawings",),
    )


def social_allowance(random: Random, family: Family, place: Place, on: date) -> Application:
    """Of somebody who raises a child alone, or is disabled or ill."""
    who = family.mother if random.random() < 0.6 else family.father
    answers, papers = allowance_answers(random, who, place)
    case = _ALLOWANCE_CASES.get(answers["group"], "usual")
    named, way = {"beneficiary_name": who.full_name}, POSTED if is_posted(answers) else UNPOSTED
    alike = f"{case} {answers['result_by']}"
    return Application(ALLOWANCE, who, answers, named, alike, tuple(papers), case, way=way)


_ALLOWANCE_CASES = {"hiv": "private", "disabled": "disabled", "disabled_severe": "disabled"}
KINDS = (
    Kind(BIRTH, 50, 1, birth),
    Kind(MARITAL_STATUS, 22, 4, marital_status),
    Kind(HOUSEHOLD_BUSINESS, 13, 4, household_business),
    Kind(PERMIT, 8, 2, building_permit),
    Kind(ALLOWANCE, 7, 2, social_allowance),
)
_WHICH = [kind for kind in KINDS for _ in range(kind.share)]


def choose_kind(random: Random) -> Kind:
    """What somebody applies for."""
    return random.choice(_WHICH)


def _block(person: Person, place: Place) -> dict[str, str]:
    return {
        "full_name": person.full_name,
        "birth_date": person.birth_date.isoformat(),
        "personal_number": person.personal_number,
        "nationality": word_lists()["nationality"],
        "residence": residence(person, place),
    }
