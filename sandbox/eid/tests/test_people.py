import csv
import os
from datetime import datetime
from pathlib import Path

import pytest

from sandbox.eid.people import PEOPLE
from sandbox.eid.texts import LANGUAGES, TEXTS

DATA = Path(os.environ.get("MOTCUA_DATA", Path(__file__).parents[4] / "shared" / "data"))
everyone = pytest.mark.parametrize("person", PEOPLE.values(), ids=lambda person: person.claims["HoVaTen"])


@everyone
def test_numbers_agree_with_birth_and_sex_and_are_plainly_made_up(person):
    number = person.claims["SoDinhDanh"]
    if not number:  # a foreigner
        assert person.claims["SoHoChieu"] == "C00000001"
        return
    born = datetime.strptime(person.claims["NgayThangNamSinh"], "%d/%m/%Y")  # noqa: DTZ007
    century_and_sex = (born.year // 100 - 19) * 2 + (person.claims["GioiTinh"] == "Nữ")
    assert number[:3] in {"025", "026", "017"}
    assert number[3:] == f"{century_and_sex}{born:%y}000001"


@everyone
def test_all_have_the_same_claims_and_a_part_to_play_in_each_language(person):
    assert person.claims.keys() == next(iter(PEOPLE.values())).claims.keys()
    assert set(person.who) == set(LANGUAGES)


def test_numbers_are_different():
    people = [person for person in PEOPLE.values() if person.claims["LoaiTaiKhoan"] == "1"]
    assert len(people) == len({person.claims["SoDinhDanh"] for person in people}) == 6


def test_who_uses_an_organisations_account_is_one_of_the_people():
    subs = {person.sub for person in PEOPLE.values() if person.claims["LoaiTaiKhoan"] == "1"}
    organisations = [person for person in PEOPLE.values() if person.claims["LoaiTaiKhoan"] == "2"]
    assert {person.sub for person in organisations} <= subs
    assert all(person.claims["TenDoanhNghiep"] for person in organisations)


def test_all_words_exist_in_each_language():
    assert {frozenset(TEXTS[language]) for language in LANGUAGES} == {frozenset(TEXTS["en"])}


@everyone
def test_lives_in_a_real_commune_of_phu_tho(person):
    file = DATA / "communes_2025.csv"
    if not file.exists():
        pytest.skip("communes_2025.csv is not there; MOTCUA_DATA names its folder.")
    with file.open(encoding="utf-8-sig") as rows:
        wards = {
            (row["provinceCode"].zfill(2), row["wardCode"].zfill(5)): f"{row['ward']}, {row['province']}"
            for row in csv.DictReader(rows)
        }
    claims = person.claims
    assert claims["ThuongTru"].endswith(wards[claims["ThuongTruTinh"], claims["ThuongTruXa"]])
    assert claims["ThuongTruTinh"] == "25"
