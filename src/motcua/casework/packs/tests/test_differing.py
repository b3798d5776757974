"""What differs between two editions of a procedure, and how it is said."""

from __future__ import annotations

import copy
import json

import pytest
import yaml
from django.conf import settings
from django.utils import translation

from motcua.casework.packs.differing import in_words
from motcua.casework.packs.rules.differing import differences

FOLDER = settings.PACKS / "vn" / "procedures" / "1.004194"


@pytest.fixture(scope="module")
def old():
    return {
        "procedure": yaml.safe_load((FOLDER / "procedure.yaml").read_text(encoding="utf-8")),
        "form": json.loads((FOLDER / "form.json").read_text(encoding="utf-8")),
        "process": yaml.safe_load((FOLDER / "process.yaml").read_text(encoding="utf-8")),
        "template": (FOLDER / "result.typ").read_text(encoding="utf-8"),
    }


@pytest.fixture
def new(old):
    return copy.deepcopy(old)


def said(old, new, language="en"):
    with translation.override(language):
        return [in_words(it).replace("\N{NO-BREAK SPACE}", " ") for it in differences(old, new)]


def component(files, code):
    return next(it for it in files["procedure"]["components"] if it["code"] == code)


def test_the_same_files_differ_in_nothing_however_their_keys_are_ordered(old, new):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(it) for it in value] if isinstance(value, list) else value

    assert differences(old, turned(new)) == []


def limit(files):
    files["procedure"]["limit"]["value"] = "5wd"


def fee(files):
    files["procedure"]["fees"][0]["amount_vnd"] = 9_000


def added(files):
    name = {"vi": "Ảnh", "en": "Photo", "de": "Foto"}
    files["procedure"]["components"].append({"code": "photo", "name": name, "needed": "upload"})


def removed(files):
    files["procedure"]["components"].remove(component(files, "parent_consent"))


def renamed(files):
    component(files, "dwelling_paper")["code"] = "lease"


def called(files):
    component(files, "dwelling_paper")["name"]["de"] = "Mietvertrag"


def conditional(files):
    component(files, "own_dwelling")["needed"] = "conditional"


def text(files):
    files["procedure"]["lead"]["vi"] = "Ngắn."


def law(files):
    files["procedure"]["legal_basis"].append(
        {"number": "1/2027/TT-BCA", "name": "Thông tư mới", "source": "portal"}
    )


def step(files):
    files["process"]["steps"][1]["limit_hours"] = 8


def handler(files):
    files["process"]["steps"][1]["lane"] = "one_stop_desk"


def checks(files):
    files["process"]["steps"][1]["checks"][0]["en"] = "Look twice"


def public_step(files):
    files["procedure"]["steps"][0]["en"] = "You do it."


def result(files):
    files["procedure"]["results"][0]["valid"]["months"] = 12


def question(files):
    first, second = files["form"]["pages"][:2]
    second["groups"][0]["fields"].append(first["groups"][0]["fields"].pop(0))


def page(files):
    files["form"]["pages"].append(files["form"]["pages"].pop(0))


def template(files):
    files["template"] += "\n"


SAID = {
    limit: ["The limit was 3 working days and is now 5 working days."],
    fee: ["The fee “Temporary residence registration”: The amount was 7,000 đ and is now 9,000 đ."],
    added: ["The paper “Photo” is new."],
    removed: ["The paper “Consent of a parent or guardian” is no longer there."],
    renamed: ["The paper “Lease, or the owner's consent” had the code dwelling_paper and now has lease."],
    called: [
        "The paper “Lease, or the owner's consent”: The name in German was “Mietvertrag oder Zustimmung der "
        "Eigentümerin oder des Eigentümers” and is now “Mietvertrag”."
    ],
    conditional: ["The paper “Certificate of your own house and land”: It is now handed in only in some cases."],
    law: ["The legal basis “Thông tư mới” is new."],
    step: ["The step “Check and draft”: The limit was 12 working hours and is now 8 working hours."],
    result: ["The result “Notice of the residence procedure's result”: How many months it is valid was 24 and is now 12."],
    checks: ["The step “Check and draft”: checks “1”: The text in English was “"],
    public_step: ["The step “1”: The text in English was “You fill in"],
    page: ["The page “"],
    template: ["The template of the result changed."],
}  # fmt: skip


@pytest.mark.parametrize("change", SAID, ids=lambda it: it.__name__)
def test_one_change_is_one_sentence(old, new, change):
    change(new)
    found = said(old, new)
    assert len(found) == 1
    assert found[0].startswith(SAID[change][0])


def test_a_question_on_another_page_is_moved_and_nothing_else(old, new):
    question(new)
    (found,) = differences(old, new)
    assert (found.kind, found.old, found.new) == (
        "moved",
        old["form"]["pages"][0]["name"],
        old["form"]["pages"][1]["name"],
    )


def test_who_handles_a_step_and_a_text_of_one_language_are_said(old, new):
    handler(new)
    text(new)
    found = said(old, new)
    assert found[0].startswith("The lead in Vietnamese was “")
    assert found[1].endswith("Who handles it was “residence_officer” and is now “one_stop_desk”.")


def test_what_is_said_backwards_is_the_reverse(old, new):
    added(new)
    assert [it.kind for it in differences(new, old)] == ["removed"]


def test_the_order_is_that_of_the_files_and_stays(old, new):
    for change in (template, step, law, fee, limit):
        change(new)
    places = [it.place.partition(":")[0] for it in differences(old, new)]
    assert places == ["procedure.yaml"] * 3 + ["process.yaml", "result.typ"]
