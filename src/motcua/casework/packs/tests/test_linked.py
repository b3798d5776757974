"""A group of linked procedures: what is wrong with one is told with file and line, and its form asks nothing twice."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from motcua.casework.forms.rules.checks import check_all
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.packs.linked import read_groups
from motcua.casework.packs.reading import read_folder
from motcua.casework.packs.services import read_pack

_DAY = date(2026, 3, 10)
GROUP = "linked/2.000986/linked.yaml"


@pytest.fixture(scope="module")
def ours():
    return read_pack(settings.PACKS / "vn")


FAULTS = {
    "an unknown key": ("    after: [birth]\n", "    afterwards: [birth]\n", "afterwards"),
    "a member of no pack": ('procedure: "1.004222"', 'procedure: "1.009999"', "is not modelled in this pack"),
    "waiting for a later member": ("after: [birth]", "after: [health_card]", "health_card is no member before it"),
    "a question nobody has": ("moved_sex: {answer: sex}", "moved_height: {answer: sex}", "no question moved_height"),
    "an answer nobody gives": ("{answer: child_name}", "{answer: childs_name}", "childs_name, which nobody asks"),
    "a paper that is not accepted": (
        "birth_certificate: {result: birth}", "birth_certificate: {result: residence}", "not among those it waits",
    ),
    "two questions of one name": (
        "ask_as: {registration_commune: residence_commune}", "ask_as: {dwelling: sex}", "asks sex otherwise",
    ),
    "a text without German": (
        "title: {vi: Thẻ bảo hiểm y tế, en: Health insurance card, de: Versicherungskarte}",
        "title: {vi: Thẻ bảo hiểm y tế, en: Health insurance card}",
        "title has no words in de",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_file_and_line(ours, tmp_path, fault):
    old, new, told = FAULTS[fault]
    text = (settings.PACKS / "vn" / GROUP).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / GROUP
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    (group,) = read_groups(read_folder(tmp_path), ours.procedures, ours.procedures["1.001193"]["process"])
    assert group.files is None
    assert any(told in str(it) for it in group.findings), group.findings
    assert all((it.file, it.line > 1) == (GROUP, True) for it in group.findings)


@pytest.mark.parametrize("code", ["2.000986", "2.002622"])
def test_what_is_passed_on_or_asked_before_is_not_asked_again(ours, code):
    files = ours.procedures[f"linked/{code}"]
    asked = parse_form(files["form"]).fields
    for member in files["linked"]["members"]:
        passed = {*member.get("answers", {}), *member.get("papers", {})}
        own = {it for it in passed if it not in {"registration_commune"}}
        assert not own & set(asked) - _of_others(ours, files, member)


def _of_others(ours, files, member):
    """Names that another member asks under the same name."""
    others = [it["procedure"] for it in files["linked"]["members"] if it is not member]
    forms = [files["form"] for code in others for files in [ours.procedures[code]]]
    return {name for form in forms for name in form["schema"]["properties"]}


def test_a_member_left_out_asks_nothing(ours):
    form = parse_form(ours.procedures["linked/2.002622"]["form"])
    answers = {"with_residence": "no", "with_funeral": "no"}
    missing = check_all(form, answers, _DAY, {})
    assert "account_bank" not in missing and "death_place" in missing
    assert "account_bank" in check_all(form, answers | {"with_funeral": "yes"}, _DAY, {})
