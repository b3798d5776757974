from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency, Holding, Post, Unit
from motcua.registry.organisations.rules.loading import UnreadableFile, check_rows, read_rows
from motcua.registry.organisations.selectors import find_agency_by_code
from motcua.registry.organisations.services import load_file
from motcua.registry.organisations.words import PROBLEMS, problem_words

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
FILE = """
agencies:
  - code: H44.STP.1
    name: Phòng Công chứng số 1
    superior: H44.STP
    level: department
  - {code: H44.STP, name: Sở Tư pháp, superior: H44, level: department, old_codes: [000.00.14.H44]}
units:
  - {agency: H44.STP, code: civil, name: Phòng Hộ tịch, parent: office, symbol: HT}
  - {agency: H44.STP, code: office, name: Văn phòng Sở}
posts:
  - {agency: H44.STP, unit: civil, title: Trưởng phòng, rank: head}
  - {agency: H44.STP, unit: civil, title: Chuyên viên, count: 2}
officers:
  - {username: civil.head, full_name: Đặng Thị Mẫu An, agency: H44.STP, unit: civil, title: Trưởng phòng}
"""


def load(content, *, name="file.yaml", dry_run=False, actor=SYSTEM):
    content = content.encode() if isinstance(content, str) else content
    return load_file(actor=actor, content=content, name=name, dry_run=dry_run, at=AT)


def counts():
    return [model.objects.count() for model in (Agency, Unit, Post, Account, Holding, Entry)]


@pytest.mark.django_db
def test_a_file_enters_agencies_units_posts_and_officers_in_any_order(world):
    loaded = load(FILE)
    assert (loaded.problems, loaded.counts) == ([], {"agency": 2, "unit": 2, "post": 2, "officer": 1})
    notary = Agency.objects.get(code="H44.STP.1")
    assert notary.path == "/H44/H44.STP/H44.STP.1/"
    assert Unit.objects.get(code="civil").parent.code == "office"
    assert Post.objects.filter(title="Chuyên viên").count() == 2
    account = Account.objects.get(username="civil.head")
    assert not account.has_usable_password()
    assert find_agency_by_code("000.00.14.H44", at=AT.date()).code == "H44.STP"
    (entry,) = Entry.objects.filter(kind="agency.imported")
    assert entry.facts["agency"] == 2


@pytest.mark.django_db
def test_a_second_time_nothing_is_entered(world):
    load(FILE)
    before = counts()
    again = load(FILE)
    assert (again.entered, again.problems, counts()) == ([], [], before)


@pytest.mark.django_db
def test_a_dry_run_counts_and_enters_nothing(world):
    before = counts()
    assert load(FILE, dry_run=True).counts["agency"] == 2
    assert counts() == before


@pytest.mark.django_db
def test_all_problems_are_told_at_once_with_their_lines_and_nothing_is_entered(world):
    before = counts()
    loaded = load(
        "kind;code;name;superior;level;agency;unit;title\n"
        "agency;H44.A;Sở A;H99;department;;;\n"
        "agency;H44.B;Sở B;H44;department;;;\n"
        "unit;x;Phòng X;;;H44.Z;;\n"
        "post;;;;;H44.B;y;Trưởng phòng\n",
        name="file.csv",
    )
    assert [(it.line, it.code) for it in loaded.problems] == [
        (2, "unknown_agency"),
        (4, "unknown_agency"),
        (5, "unknown_unit"),
    ]
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("agencies: [{code: H44.A, name: A, superior: H44.B, level: department}, {code: H44.B, name: B, superior: H44.A, level: department}]", "unknown_agency"),
        ("units: [{agency: H44, code: a, name: A, parent: b}, {agency: H44, code: b, name: B, parent: a}]", "circle"),
        ("agencies: [{code: H44.04894, name: Khác, superior: H44, level: commune}]", "differs"),
        ("agencies: [{code: H44.A, name: A, superior: H44, level: department}, {code: H44.A, name: A, superior: H44, level: department}]", "twice"),
        ("officers: [{username: demo.chair.04894, full_name: X, agency: H44.04894, unit: office, title: Y}]", "elsewhere"),
        ("officers: [{username: new, full_name: X, agency: H44.04894, unit: leadership, title: Chủ tịch}]", "no_free_post"),
    ],
    ids=["agencies in a circle", "units in a circle", "another name", "twice", "in another post", "a post that is held"],
)  # fmt: skip
def test_what_contradicts_what_is_there_is_refused_with_the_reason(world, line, code):
    before = counts()
    assert code in {it.code for it in load(line).problems}
    assert counts() == before


@pytest.mark.django_db
def test_an_administrator_enters_only_below_their_own_agencies(world):
    from dataclasses import replace

    actor = replace(world.administrator, grants=(("administrator", world.desk.agency.path),))
    here = f"units: [{{agency: {world.desk.agency.code}, code: new, name: Mới}}]"
    there = f"units: [{{agency: {world.other_desk.agency.code}, code: new, name: Mới}}]"
    assert load(here, actor=actor).counts["unit"] == 1
    assert [it.code for it in load(there, actor=actor).problems] == ["not_yours"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"\xff\xfe", "a.yaml", "not_utf8"),
        (b"a: [", "a.yaml", "not_yaml"),
        (b"? [a]\n: b", "a.yaml", "not_yaml"),
        (b"- a", "a.yaml", "not_yaml"),
        (b"cities: []", "a.yaml", "unknown_list"),
        (b"code,name\n", "a.csv", "no_kind"),
        (b"PK\x03\x04", "a.xlsx", "not_xlsx"),
        (b"x" * 800_000, "a.yaml", "too_long"),
    ],
)
def test_refuses_a_file_that_cannot_be_read(content, name, code):
    with pytest.raises(UnreadableFile) as caught:
        read_rows(content, name)
    assert caught.value.code == code


@given(st.text(max_size=300), st.sampled_from(["a.yaml", "a.csv"]))
def test_no_text_makes_reading_fall_over(text, name):
    try:
        problems = check_rows(read_rows(text.encode("utf-8", "replace"), name))
    except UnreadableFile as problem:
        assert problem.code in PROBLEMS
    else:
        assert all(problem_words(it.code, it.fields) for it in problems)


@pytest.mark.django_db
def test_the_command_tells_problems_as_one_json_object(world, tmp_path, capsys):
    path = tmp_path / "bad.yaml"
    path.write_text("agencies:\n  - {code: h44, name: X, level: commune}\n")
    output = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("organisations", "load", str(path), "--json", stdout=output)
    told = json.loads(output.getvalue())
    assert (caught.value.code, told["problems"][0]["line"], told["problems"][0]["code"]) == (
        1,
        2,
        "wrong_code",
    )
