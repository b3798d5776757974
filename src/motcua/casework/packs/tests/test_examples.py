"""Every modelled procedure walked with its own example: the answers hold, the process ends, the result prints."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
import typst
import yaml
from django.conf import settings

from motcua.casework.dossiers.rules.cases import case_of, under_case
from motcua.casework.fees.rules.lines import fee_lines
from motcua.casework.forms.rules.answers import compute, known_answers
from motcua.casework.forms.rules.checks import check_all
from motcua.casework.forms.rules.definition import LANGUAGES
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.summary import paper_values, summary, title
from motcua.casework.forms.tests.factories import first_wrong_page
from motcua.casework.process.rules.definition import Kind, parse_process
from motcua.casework.process.rules.engine import begin, leave

PACK = settings.PACKS / "vn"
REPOSITORY = PACK.parents[1]
FONTS = [REPOSITORY / "build" / "fonts", REPOSITORY / "node_modules" / "@expo-google-fonts" / "tinos"]
QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1H0z"/></svg>'
MM = 72 / 25.4
MOST_STEPS = 60
CODES = sorted(path.parent.name for path in (PACK / "procedures").glob("*/procedure.yaml"))
WITH_EXAMPLE = [code for code in CODES if (PACK / "procedures" / code / "example.json").is_file()]
PRINTED = [code for code in WITH_EXAMPLE if (PACK / "procedures" / code / "result.typ").is_file()]


def folder(code: str) -> Path:
    return PACK / "procedures" / code


@cache
def procedure(code):
    return yaml.safe_load((folder(code) / "procedure.yaml").read_text(encoding="utf-8"))


@cache
def form(code):
    return parse_form(json.loads((folder(code) / "form.json").read_text(encoding="utf-8")))


def example(code):
    return json.loads((folder(code) / "example.json").read_text(encoding="utf-8"))


def day(content):
    return date.fromisoformat(content["result"]["registered_on"])


@pytest.mark.parametrize("code", CODES)
def test_a_modelled_procedure_lies_in_the_folder_of_its_code_and_in_no_other_list(code):
    listed = yaml.safe_load((PACK / "catalogue.yaml").read_text(encoding="utf-8"))["procedures"]
    assert procedure(code)["code"] == code
    assert code not in {item["code"] for item in listed}


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_examples_answers_can_be_submitted(code):
    content = example(code)
    # With what the State says, and by a program that says it all itself.
    for claims in (content["claims"], {}):
        assert check_all(form(code), content["answers"], day(content), claims) == {}
        assert first_wrong_page(form(code), content["answers"], day(content), claims) is None


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_what_the_state_knows_is_what_the_example_says(code):
    content = example(code)
    known = known_answers(form(code), content["answers"], content["claims"])
    for name, value in known.items():
        said = content["answers"][name]
        assert value == ({part: said[part] for part in value} if isinstance(value, dict) else said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_summary_and_the_title_leave_no_gap(code, language):
    content = example(code)
    answers, today = content["answers"], day(content)
    assert "…" not in title(form(code), answers, language, today)
    claims = {"today": today.isoformat()}
    sections = summary(form(code), answers, language, content["names"], claims)
    rows = [row for section in sections for row in section.rows]
    assert rows and all(row.label and row.value and "…" not in row.label for row in rows)


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_process_comes_to_its_end_forwards_and_with_every_return_taken_once(code):
    path = folder(code) / "process.yaml"
    if not path.is_file():
        path = PACK / "processes" / "generic.yaml"
    definition = parse_process(yaml.safe_load(path.read_text(encoding="utf-8")))
    content = example(code)
    facts = content["answers"] | compute(form(code), content["answers"], day(content))
    facts |= {"case": case_of(procedure(code), facts)}
    for returns in (False, True):
        assert walk(definition, facts, returns=returns) == "ended"


def walk(definition, facts, *, returns):
    """Do one waiting thing after another; with `returns`, each task's way back is taken the first time."""
    step, returned = begin(definition, facts), set()
    for _ in range(MOST_STEPS):
        if step.ended:
            return "ended"
        token = next(
            it
            for it in step.marking.tokens
            if definition.nodes[it.node].kind not in {Kind.PARALLEL, Kind.CALL}
        )
        node, outcome = definition.nodes[token.node], ""
        if node.kind is Kind.TASK:
            ways = list(node.outcomes.values())
            back = next((it for it in ways if it.back and returns and node.code not in returned), None)
            returned.add(node.code)
            outcome = (back or next(it for it in ways if not it.back)).name
            facts = {**facts, f"outcome.{node.code}": outcome}
        step = leave(definition, step.marking, token.id, outcome, facts)
    return f"still at {[token.node for token in step.marking.tokens]}"


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_components_name_papers_the_form_asks_for_and_results_that_exist(code):
    for component in procedure(code)["components"]:
        assert component["needed"] in {"state_has", "upload", "conditional"} and component["source"]
        if component["needed"] != "state_has":
            assert form(code).fields[component["field"]].kind == "file"
    results = {result["code"] for other in CODES for result in procedure(other)["results"]}
    accepted = {it for component in procedure(code)["components"] for it in component.get("accepts", [])}
    assert accepted <= results


@pytest.mark.parametrize("code", WITH_EXAMPLE)
def test_the_examples_fees_have_words_a_source_and_a_code_of_their_own(code):
    content = example(code)
    facts = content["answers"] | compute(form(code), content["answers"], day(content))
    applied = under_case(procedure(code), case_of(procedure(code), facts))
    for channel in ("online", "counter"):
        lines = fee_lines(applied, content["answers"], on=day(content), channel=channel)
        assert len({line.code for line in lines}) == len(lines)
        for line in lines:
            assert line.source
            assert line.amount_vnd is not None or line.text["vi"]
    fields = form(code).fields
    for fee in applied["fees"]:
        if exemptions := fee.get("exemptions"):
            offered = {option.value for option in fields[exemptions["field"]].options}
            assert {ground["value"] for ground in exemptions["grounds"]} < offered


@pytest.fixture(scope="module")
def fonts():
    found = [place for place in FONTS if any(place.rglob("*.ttf"))]
    if not found:
        pytest.skip("The font Tinos is not installed; `make demo` or `npm ci` brings it.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=found[:1])


def printed(fonts, code, content):
    values = paper_values(form(code), content["answers"], "vi", content["names"], day(content))
    data = values | content["result"]
    data["verify"]["qr"] = QR
    pdf = typst.compile(
        folder(code) / "result.typ",
        root=folder(code),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["a-2a", "ua-1"],
    )
    return pypdfium2.PdfDocument(pdf)


@pytest.mark.parametrize("code", PRINTED)
def test_the_examples_result_prints_with_number_signer_and_an_empty_place_for_the_signature(code, fonts):
    content = example(code)
    document = printed(fonts, code, content)
    place = procedure(code)["result"]["signature"]
    page = document[place["page"] - 1].get_textpage()
    words = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert content["result"]["number"] in words
    left, bottom, right, top = (edge * MM for edge in place["box_mm"])
    assert page.get_text_bounded(left, bottom, right, top).strip() == ""
    assert content["result"]["signer"]["name"] in " ".join(page.get_text_bounded().split())
    assert document.get_metadata_value("Title")


LONGEST = ("Nguyễn Trần Hoàng Phương " * 12)[:300].strip()


def stretched(value, names):
    """The same answers with every name and place as long as the form allows."""
    if isinstance(value, dict):
        return {key: LONGEST if key in names else stretched(it, names) for key, it in value.items()}
    return [stretched(it, names) for it in value] if isinstance(value, list) else value


@pytest.mark.parametrize("code", ["1.000894", "1.004873", "1.004194"])
def test_the_longest_names_and_places_stay_on_one_page_and_off_the_signature(code, fonts):
    content = example(code)
    long = {
        *(
            "full_name",
            "residence",
            "applicant_name",
            "stay_line",
            "owner_name",
            "head_name",
            "marriage_place",
        ),
        *("period_place", "spouse_name", "ended_by", "purpose_words"),
    }
    content["answers"] = stretched(content["answers"], long)
    document = printed(fonts, code, content)
    left, bottom, right, top = (edge * MM for edge in procedure(code)["result"]["signature"]["box_mm"])
    assert len(document) == 1
    assert document[0].get_textpage().get_text_bounded(left, bottom, right, top).strip() == ""


def test_a_marriage_of_the_too_young_is_refused_when_it_is_declared():
    content = example("1.000894")
    young = content["answers"]["groom"] | {"birth_date": "2006-03-11"}
    of_age = young | {"birth_date": "2006-03-10"}
    # His number says 1998, which is another finding.
    for groom in (young, of_age):
        del groom["personal_number"]
    for groom, problem in ((young, "too_young"), (of_age, None)):
        found = check_all(form("1.000894"), content["answers"] | {"groom": groom}, date(2026, 3, 10))
        assert getattr(found.get("groom-birth_date"), "code", None) == problem


MEMBER = {
    "full_name": "Nguyễn Mẫu Em",
    "birth_date": "2001-02-03",
    "sex": "male",
    "personal_number": "025201000123",
    "relation": "sibling",
}


@pytest.mark.parametrize(
    ("code", "changes", "key", "problem"),
    [
        ("1.012796", {"issued_on": "2050-01-01"}, "issued_on", "date_in_future"),
        ("1.001612", {"begins_on": "1899-01-01"}, "begins_on", "date_too_early"),
        ("1.001612", {"begins_on": "2026-03-01"}, "begins_on", "date_too_early"),
        ("1.001612", {"begins_on": "9999-12-31"}, "begins_on", "date_too_late"),
        ("1.004194", {"stay_from": "1899-01-01"}, "stay_from", "date_too_early"),
        ("1.004194", {"stay_from": "9999-12-31"}, "stay_from", "date_too_late"),
        ("1.004194", {"members": [MEMBER, MEMBER]}, "members-1-personal_number", "same_person"),
        ("1.004873", {"period_from": "2050-01-01"}, "period_from", "date_in_future"),
        ("1.000656", {"death_date": "1940-01-01"}, "death_date", "date_too_early"),
        ("1.001731", {"death_date": "2050-01-01"}, "death_date", "date_in_future"),
        ("2.002641", {"ends": "2026-03-15"}, "ends", "date_too_early"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_declared(code, changes, key, problem):
    content = example(code)
    found = check_all(form(code), content["answers"] | changes, day(content), content["claims"])
    assert {name: it.code for name, it in found.items()} == {key: problem}


@pytest.mark.parametrize("known", [True, False])
def test_nobody_marries_themselves(known):
    content = example("1.000894")
    bride = content["answers"]["bride"]
    claims = content["claims"] if known else {}
    found = check_all(form("1.000894"), content["answers"] | {"groom": bride}, day(content), claims)
    assert found["groom-personal_number"].code == "personal_number_sex"
    # Of her own data nothing is asked; of what she typed, both sides are.
    assert ("bride-personal_number" in found) is not known


def test_who_lives_in_the_commune_needs_no_temporary_residence_there():
    content = example("1.004194")
    claims = content["claims"] | {"eid.residence_commune": content["answers"]["registration_commune"]}
    found = check_all(form("1.004194"), content["answers"], day(content), claims)
    assert found["registration_commune"].code == "same_commune_as_residence"


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-03-15", 12, "14/03/2027"),
        ("2026-03-01", 1, "31/03/2026"),
        ("2025-08-31", 6, "28/02/2026"),
        ("2026-12-10", 24, "09/12/2028"),
    ],
)
def test_the_last_day_of_a_temporary_residence_is_written_out(start, months, last, fonts):
    content = example("1.004194")
    content["answers"] |= {"stay_from": start, "stay_months": months}
    words = " ".join(printed(fonts, "1.004194", content)[0].get_textpage().get_text_bounded().split())
    assert f"đến hết ngày {last}" in words


def test_who_signs_a_temporary_residence_here_is_an_example_and_the_paper_says_so(fonts):
    words = printed(fonts, "1.004194", example("1.004194"))[0].get_textpage().get_text_bounded()
    assert "Công an cấp xã" in " ".join(words.split())
    assert procedure("1.004194")["agency"]["vi"] == "Công an cấp xã"
