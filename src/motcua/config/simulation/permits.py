"""What made-up people answer in the form of 1.013225, the building permit. Pure."""

from __future__ import annotations

from random import Random
from typing import Any

from motcua.config.simulation.births import Place, telephone
from motcua.config.simulation.people import Person
from motcua.config.simulation.residences import residence

PROCEDURE = "1.013225"
HOUSES = ("house", "house_limited")
_WORKS = ("house",) * 7 + ("house_limited", "works", "phased")
_BUILDINGS = ("Nhà kho vật tư", "Cửa hàng tạp hóa", "Xưởng mộc", "Nhà nghỉ gia đình")


def permit_answers(random: Random, who: Person, place: Place) -> tuple[dict[str, Any], list[str]]:
    """Answers without papers, and the fields that want one."""
    work, papers = random.choice(_WORKS), ["drawings"]
    answers: dict[str, Any] = {"work": work}
    if work not in HOUSES:
        answers |= {"work_name": f"{random.choice(_BUILDINGS)} {who.full_name.split()[-1]} Mẫu"}
        answers |= {"grade": random.choice(("III", "IV"))}
        papers.append("project_decision")
    if work == "phased":
        answers["phase"] = "Giai đoạn 1: phần móng và tầng 1"
    answers |= _owner(who, place) | _land(random, place) | _design(random)
    if answers["land_known"] == "no":
        papers.append("land_paper")
    if answers["adjoining"] == "yes":
        papers.append("safety_commitment")
    if work == "house_limited":
        papers.append("removal_commitment")
    return answers | {"result_by": random.choice(("warehouse", "warehouse", "counter"))}, papers


def _owner(who: Person, place: Place) -> dict[str, Any]:
    return {
        "applicant_name": who.full_name,
        "applicant_personal_number": who.personal_number,
        "applicant_residence": residence(who, place),
        "applicant_phone": telephone(who),
    }


def _land(random: Random, place: Place) -> dict[str, Any]:
    return {
        "registration_commune": place.code,
        "site_line": f"Khu {random.randint(1, 19)}",
        "parcel_number": str(random.randint(1, 400)),
        "map_sheet": str(random.randint(1, 60)),
        "land_area": random.randint(80, 400),
        "certificate_number": f"AA {random.randint(0, 99_999_999):08d}",
        "land_known": random.choice(("yes", "yes", "no")),
    }


def _design(random: Random) -> dict[str, Any]:
    floors, area = random.randint(1, 4), random.randint(50, 110)
    basements = random.choice((0, 0, 0, 0, 1))
    return {
        "build_area": area,
        "floor_area": area * (floors + basements),
        "height": round(3.6 * floors + 1, 1),
        "floors": floors,
        "basements": basements,
        **({"depth": 3.2} if basements else {}),
        "ground_level": 0.45,
        "designer": "Công ty TNHH Tư vấn thiết kế Mẫu",
        "adjoining": random.choice(("no", "no", "yes")),
    }
