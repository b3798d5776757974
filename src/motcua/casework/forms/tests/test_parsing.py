import pytest

from motcua.casework.forms.rules.definition import BadForm
from motcua.casework.forms.rules.parsing import parse_form

from .pack import form_data


def field(data, name):
    return next(
        it
        for page in data["pages"]
        for group in page["groups"]
        for it in group["fields"]
        if it["name"] == name
    )


def test_reads_the_birth_registration_as_eight_pages_in_four_parts():
    form = parse_form(form_data())
    assert [page.part for page in form.pages] == [1, 1, 1, 1, 2, 2, 3, 4]
    assert form.page_of["given_name"] == "name"


def unknown_key(data):
    data["pages"][0]["colour"] = "red"


def missing_translation(data):
    del data["pages"][1]["title"]["de"]


def empty_translation(data):
    field(data, "sex")["label"]["en"] = "  "


def field_without_schema(data):
    field(data, "sex")["name"] = "gender"


def schema_without_field(data):
    data["schema"]["properties"]["weight"] = {"type": "number"}


def condition_on_nothing(data):
    field(data, "family_name_other")["show_if"] = {"field": "nobody", "equals": "x"}


def condition_on_a_later_field(data):
    field(data, "birth_time")["show_if"] = {"field": "given_name", "equals": "x"}


def condition_on_no_option(data):
    field(data, "family_name_other")["show_if"] = {"field": "family_name_from", "equals": "cousin"}


def unknown_kind(data):
    field(data, "sex")["kind"] = "slider"


def unknown_name_in_a_text(data):
    data["title"]["en"] = "Birth of {baby}"


def options_unlike_the_schema(data):
    field(data, "sex")["options"].pop()


def required_only_on_the_page(data):
    data["schema"]["required"].remove("sex")


def required_only_in_the_schema(data):
    del field(data, "sex")["required"]


def no_schema(data):
    data["schema"] = {"type": "objekt"}


def open_schema(data):
    data["schema"]["additionalProperties"] = True


def schema_from_the_network(data):
    data["schema"]["properties"]["sex"] = {"$ref": "http://127.0.0.1:1/sex.json"}


def same_field_twice(data):
    data["pages"][4]["groups"][0]["fields"].append(field(data, "sex"))


def known_without_source(data):
    del field(data, "mother_name")["prefill"]


def computed_from_nothing(data):
    item = next(item for item in data["computed"] if item["name"] == "child_name")
    item["join"] = ["child_family_name", "nickname"]


def no_pages(data):
    data["pages"] = []


@pytest.mark.parametrize(
    ("spoil", "path", "reason"),
    [
        (unknown_key, "pages[0]", "colour"),
        (missing_translation, "pages[1].title", "de"),
        (empty_translation, "pages[4].groups[0].fields[0].label.en", "no words"),
        (field_without_schema, "pages[4].groups[0].fields[0].name", "gender"),
        (schema_without_field, "schema.properties.weight", "no page"),
        (condition_on_nothing, "field family_name_other", "nobody"),
        (condition_on_a_later_field, "field birth_time", "no earlier field"),
        (condition_on_no_option, "field family_name_other", "cousin"),
        (unknown_kind, "pages[4].groups[0].fields[0].kind", "slider"),
        (unknown_name_in_a_text, "title", "baby"),
        (options_unlike_the_schema, "field sex", "differ"),
        (required_only_on_the_page, "field sex", "schema.required"),
        (required_only_in_the_schema, "field sex", "schema.required"),
        (no_schema, "schema", "JSON Schema"),
        (open_schema, "schema.additionalProperties", "false"),
        (schema_from_the_network, "schema", "JSON Schema"),
        (same_field_twice, "fields", "sex"),
        (known_without_source, "pages[1].groups[0].fields[0].known", "eid"),
        (computed_from_nothing, "computed.child_name", "nickname"),
        (no_pages, "pages", "at least one"),
    ],
)
def test_says_where_a_form_is_wrong_and_why(spoil, path, reason):
    data = form_data()
    spoil(data)
    with pytest.raises(BadForm) as caught:
        parse_form(data)
    assert caught.value.path == path
    assert reason in caught.value.reason


@pytest.mark.parametrize("data", [None, [], "form", {}, {"schema": []}])
def test_refuses_what_is_no_form_at_all(data):
    with pytest.raises(BadForm):
        parse_form(data)
