"""A small made-up form that asks every kind of question beside those the packs ask."""

from __future__ import annotations

import functools
from copy import deepcopy
from typing import Any

from motcua.casework.forms.rules.checks import check_page
from motcua.casework.forms.rules.definition import FormDefinition
from motcua.casework.forms.rules.parsing import parse_form
from motcua.casework.forms.rules.summary import visible_pages


def text(words: str) -> dict[str, str]:
    return {"vi": f"{words} (vi)", "en": words, "de": f"{words} (de)"}


def ask(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": text(name.replace("_", " ").capitalize()), **more}


_SITE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["use"],
    "properties": {
        "use": {"type": "string", "enum": ["house", "field"]},
        "area": {"type": "number", "minimum": 0},
        "floors": {"type": "integer", "minimum": 1, "maximum": 99},
        "owner": {"$ref": "#/$defs/person", "required": ["birth_date"]},
        "where": {"$ref": "#/$defs/address"},
    },
}
_USES = [{"value": "house", "label": text("a house")}, {"value": "field", "label": text("a field")}]
FORM: dict[str, Any] = {
    "schema": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": ["applicant", "sites", "price"],
        "properties": {
            "applicant": {"$ref": "#/$defs/person", "required": ["birth_date", "sex"]},
            "helper": {"$ref": "#/$defs/person"},
            "home": {"$ref": "#/$defs/address", "required": ["line"]},
            "sites": {"type": "array", "minItems": 1, "maxItems": 4, "items": _SITE},
            "price": {"type": "integer", "minimum": 0},
            "plan": {"type": "string", "minLength": 1, "maxLength": 300},
            "photos": {
                "type": "array",
                "minItems": 1,
                "maxItems": 10,
                "items": {"type": "string", "minLength": 1, "maxLength": 64},
            },
        },
    },
    "title": text("Land of {applicant.full_name}: {total_area} m2"),
    "declaration": text("True"),
    "parts": [text("All")],
    "tables": {
        "taxes": {"house": 2, "field": 0.5},
        "bands": [{"from": 0, "value": "small"}, {"from": 200, "value": "large"}],
    },
    "computed": [
        {"name": "total_area", "sum": ["sites.area"]},
        {"name": "how_many", "count": "sites"},
        {"name": "band", "lookup": "bands", "by": "total_area"},
        {"name": "age", "age_on": ["applicant.birth_date", "today"]},
        {"name": "half", "product": ["price", "how_many"]},
        {"name": "left", "difference": ["half", "price"]},
    ],
    "pages": [
        {
            "name": "people",
            "part": 1,
            "title": text("Who"),
            "short": text("People"),
            "groups": [
                {
                    "fields": [
                        ask(
                            "applicant",
                            "person",
                            required=text("Enter who applies"),
                            prefill="eid",
                            known=True,
                        ),
                        ask("helper", "person", parts=["full_name", "personal_number"]),
                        ask("home", "address"),
                    ]
                }
            ],
        },
        {
            "name": "land",
            "part": 1,
            "title": text("What"),
            "short": text("Land"),
            "groups": [
                {
                    "fields": [
                        ask(
                            "sites",
                            "repeated",
                            item_label=text("Site"),
                            minimum=1,
                            maximum=4,
                            fields=[
                                ask("use", "radio", required=text("Choose the use"), options=_USES),
                                ask("area", "number"),
                                ask(
                                    "floors",
                                    "number",
                                    required=text("Enter the floors"),
                                    show_if={"field": "use", "equals": "house"},
                                ),
                                ask("owner", "person", parts=["full_name", "birth_date", "personal_number"]),
                                ask("where", "address"),
                            ],
                        ),
                        ask("total_area", "calculated", format="number"),
                        ask("price", "money", required=text("Enter the price")),
                        ask("left", "calculated", format="money"),
                    ]
                }
            ],
        },
        {
            "name": "papers",
            "part": 1,
            "title": text("Papers"),
            "short": text("Papers"),
            "groups": [
                {
                    "fields": [
                        ask(
                            "plan",
                            "text",
                            required=text("Enter the plan"),
                            show_if={"field": "total_area", "at_least": 200},
                        ),
                        ask("photos", "file", several=True),
                    ]
                }
            ],
        },
    ],
}

ANSWERS: dict[str, Any] = {
    "applicant": {"full_name": "Nguyễn Thị Mẫu", "birth_date": "1990-03-11", "sex": "female"},
    "home": {"line": "Khu 4", "commune": "08494"},
    "sites": [
        {"use": "house", "area": 120.5, "floors": 2, "where": {"commune": "08494"}},
        {"use": "field", "area": 100, "owner": {"full_name": "Trần Văn Mẫu", "birth_date": "1994-11-02"}},
    ],
    "price": 1500000,
    "plan": "Nhà ở",
    "photos": ["a", "b"],
}


def form_data() -> dict[str, Any]:
    """A copy to be spoilt."""
    return deepcopy(FORM)


@functools.cache
def form() -> FormDefinition:
    return parse_form(FORM)


def first_wrong_page(definition, answers, today, claims=None):
    """Where something is still to be answered or corrected, None when all is right."""
    pages = visible_pages(definition, answers)
    return next((it for it in pages if check_page(definition, it, answers, today, claims)), None)
