"""The pack that is delivered: complete in three languages, with well-formed codes that lead somewhere."""

import re
from datetime import date

import pytest

from motcua.casework.forms.rules.definition import LANGUAGES

from .pack import BIRTH, PACK, form, read_yaml

# The words of the printed forms have the Vietnamese for their key; worked examples are told in two languages; what
# people say is searched for in the languages that say it.
FILES = sorted(
    str(path.relative_to(PACK))
    for path in PACK.rglob("*.yaml")
    if path.name not in {"words.yaml", "everyday.yaml", "synonyms.yaml"} and path.parent.name != "examples"
)
MODELLED = {path.parent.name for path in PACK.glob("procedures/*/procedure.yaml")}
LINKED = {path.parent.name for path in PACK.glob("linked/*/linked.yaml")}
CODE = re.compile(r"\d\.\d{6}")
RESULT = re.compile(r"KQ\.[A-Z]\d{2}\.\d{5,6}")
LIMIT = re.compile(r"sameday|[1-9]\d*(wh|wd|d|m)")


def texts(value, path=""):
    """Every mapping that has a language for a key, with its path."""
    if isinstance(value, dict):
        if value.keys() & set(LANGUAGES):
            yield path, value
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from texts(item, f"{path}[{position}]")


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_there_in_three_languages(name):
    for path, text in texts(read_yaml(name)):
        assert sorted(text) == sorted(LANGUAGES), f"{name}{path}"
        assert all(text.values()), f"{name}{path}"


def listed():
    return {item["code"]: item for item in read_yaml("catalogue.yaml")["procedures"]}


def test_listed_procedures_have_codes_limits_fees_and_sectors_that_exist():
    catalogue = read_yaml("catalogue.yaml")
    assert len(listed()) == len(catalogue["procedures"]) >= 45
    for code, item in listed().items():
        assert CODE.fullmatch(code)
        assert RESULT.fullmatch(item["result"])
        assert LIMIT.fullmatch(item["limit"]["value"])
        assert item["sector"] in catalogue["sectors"]
        assert item["fee"]["words"] in catalogue["fees"]
        assert item["limit"]["source"] in "SM?" and item["fee"]["source"] in "SM?"


def test_life_events_lead_to_procedures_that_exist():
    events = read_yaml("life_events.yaml")["life_events"]
    assert [event["code"] for event in events] == [
        "birth", "marriage", "house", "shop", "land", "residence", "work", "death"
    ]  # fmt: skip
    for event in events:
        assert set(event["procedures"]) <= {*listed(), *MODELLED, *LINKED}


def test_birth_registration_names_files_fields_and_codes_that_exist():
    procedure = read_yaml("procedures/1.001193/procedure.yaml")
    for name in (
        procedure["form"],
        procedure["process"],
        procedure["example"],
        procedure["result"]["template"],
    ):
        assert (BIRTH / name).is_file()
    assert RESULT.fullmatch(procedure["results"][0]["code"])
    assert procedure["sector"] in read_yaml("catalogue.yaml")["sectors"]
    for component in procedure["components"]:
        assert component["needed"] in {"state_has", "upload", "conditional"}
        assert component["source"]
        if component["needed"] != "state_has":
            assert form().fields[component["field"]].kind == "file"


def test_the_process_ends_within_the_published_limit_and_every_outcome_leads_somewhere():
    process = read_yaml("procedures/1.001193/process.yaml")
    published = read_yaml("procedures/1.001193/procedure.yaml")["limit"]["working_hours"]
    names = [step["name"] for step in process["steps"]]
    assert names == ["reception", "verification", "signing", "returning"]
    assert sum(step["limit_hours"] for step in process["steps"]) <= published
    for step in process["steps"]:
        assert step["lane"] in process["lanes"]
        for outcome in step["outcomes"]:
            assert outcome["to"] in {*names, "end"}
            forward = outcome["to"] == "end" or names.index(outcome["to"]) > names.index(step["name"])
            assert forward is not outcome.get("back", False)


def test_the_calendar_speaks_of_working_days_off_and_worked_saturdays_only():
    calendar = read_yaml("calendars/default.yaml")
    for entry in calendar["days_off"]:
        assert entry["date"].weekday() < 5 and entry["reason"] in calendar["reasons"]
    for entry in calendar["working_days"]:
        assert entry["date"].weekday() == 5
    assert {date(2026, 2, day) for day in range(16, 21)} <= {entry["date"] for entry in calendar["days_off"]}
