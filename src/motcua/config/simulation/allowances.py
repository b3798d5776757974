"""What made-up people answer in the form of 1.001776, the monthly social allowance. Pure."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from motcua.config.simulation.births import Place, telephone
from motcua.config.simulation.people import Person
from motcua.config.simulation.residences import residence

PROCEDURE = "1.001776"
# Grounds of people from 20 to 45 years; those with HIV are not posted, and bring a paper.
_GROUNDS = ("single_parent",) * 4 + ("disabled",) * 3 + ("disabled_severe", "disabled_severe", "hiv")
_CIRCUMSTANCES = {
    "single_parent": "Hộ nghèo, một mình nuôi con đang đi học.",
    "disabled": "Khuyết tật nặng, không có lương hưu hay trợ cấp khác.",
    "disabled_severe": "Khuyết tật đặc biệt nặng, cần người chăm sóc.",
    "hiv": "Hộ nghèo, không có lương hưu hay trợ cấp khác.",
}


def allowance_answers(random: Random, who: Person, place: Place) -> tuple[dict[str, Any], list[str]]:
    """Answers without papers, and the fields that want one."""
    group, pay_by = random.choice(_GROUNDS), random.choice(("account", "cash"))
    answers: dict[str, Any] = {"applicant_name": who.full_name}
    answers |= {f"applicant_{name}": value for name, value in _person(who, place).items()}
    answers |= {"applicant_phone": telephone(who), "for_whom": "self"}
    answers |= {"beneficiary_name": who.full_name, "beneficiary_sex": who.sex}
    answers |= {f"beneficiary_{name}": value for name, value in _person(who, place).items()}
    answers |= {"registration_commune": place.code, "group": group}
    if group == "single_parent":
        answers["children"] = random.randint(1, 3)
    answers |= {"pension": "no", "circumstances": _CIRCUMSTANCES[group], "pay_by": pay_by}
    if pay_by == "account":
        answers |= {"bank": "Ngân hàng Mẫu", "account_number": f"0000{random.randint(0, 999_999):06d}"}
        answers["account_holder"] = who.full_name
    answers["result_by"] = random.choice(("warehouse", "counter"))
    return answers, ["evidence"] if group == "hiv" else []


def is_posted(answers: dict[str, Any]) -> bool:
    """Whether the decision is posted at the office first. Source: packs/vn/procedures/1.001776/process.yaml."""
    return answers["group"] != "hiv"


def _person(who: Person, place: Place) -> dict[str, str]:
    return {
        "birth_date": date.isoformat(who.birth_date),
        "personal_number": who.personal_number,
        "residence": residence(who, place),
    }
