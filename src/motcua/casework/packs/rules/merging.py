"""One form for a group of linked procedures: the questions of its members, each asked once. Pure."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from motcua.casework.dossiers.rules.linked import YES, Member
from motcua.casework.forms.rules.definition import Text
from motcua.foundation.kernel.conditions import parse_condition

# The first page, where members can be left out.
CHOICE_PAGE = "linked"


class NotMergeable(ValueError):
    """A member's form that cannot be asked together with the others; the message says why."""


@dataclass(slots=True)
class Merging:
    """The form so far. asked: name -> (kind, schema of its answer, name of the member that asks it always or "")."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    rules: list[Any] = field(default_factory=list)
    shared: dict[str, Any] = field(default_factory=dict)
    computed: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, tuple[str, Any, str]] = field(default_factory=dict)


def merged_form(
    title: Text, members: Sequence[Member], forms: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The content of a form.json for the whole. forms: procedure -> the content of its own.

    What is passed on is left out; what an earlier member asks under the same name is not asked again; the questions of
    a member that may be left out are asked where it is wanted. What is required under a condition the pages say; the
    schema says it for the first member only. Raises NotMergeable.
    """
    merging, first = Merging(), forms[members[0].procedure]
    _add_choices(merging, members)
    for position, member in enumerate(members):
        _add_member(merging, member, forms[member.procedure], part=position + 2)
    form: dict[str, Any] = {"title": dict(title), "declaration": first["declaration"]}
    form["parts"] = [_CHOICE_TEXTS["short"], *(dict(it.title) for it in members)]
    form |= {"computed": merging.computed} if merging.computed else {}
    form |= {"tables": merging.tables} if merging.tables else {}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": merging.required,
        "properties": merging.properties,
        **({"allOf": merging.rules} if merging.rules else {}),
        **({"$defs": merging.shared} if merging.shared else {}),
    }
    return form | {"pages": merging.pages, "schema": schema}


def _add_choices(merging: Merging, members: Sequence[Member]) -> None:
    fields = [_choice(it) for it in members if it.question]
    if not fields:
        raise NotMergeable("no member may be left out, and the first page has nothing to ask")
    merging.pages.append({"name": CHOICE_PAGE, "part": 1, **_CHOICE_TEXTS, "groups": [{"fields": fields}]})
    for item in fields:
        merging.properties[item["name"]] = {"type": "string", "enum": [YES, "no"]}
        merging.required.append(item["name"])
        merging.asked[item["name"]] = ("radio", merging.properties[item["name"]], members[0].name)


def _choice(member: Member) -> dict[str, Any]:
    return {
        "name": member.choice,
        "kind": "radio",
        "label": dict(member.question or {}),
        "required": _CHOOSE,
        "options": [{"value": YES, "label": _WORDS_YES}, {"value": "no", "label": _WORDS_NO}],
    }


def _add_member(merging: Merging, member: Member, form: Mapping[str, Any], *, part: int) -> None:
    is_first = part == 2
    known = len(merging.asked)
    for page in form["pages"]:
        made = _page(merging, member, page, form["schema"])
        if made:
            made["name"] = page["name"] if is_first else f"{member.name}_{page['name']}"[:60]
            merging.pages.append(made | {"part": part})
    if len(merging.asked) == known and is_first:
        raise NotMergeable("the first member asks nothing")
    for name, rule in form["schema"].get("$defs", {}).items():
        if merging.shared.setdefault(name, rule) != rule:
            raise NotMergeable(f"{member.name}: another member has other $defs.{name}")
    if is_first:
        merging.rules = list(form["schema"].get("allOf", []))
    _add_computed(merging, member, form)


def _add_computed(merging: Merging, member: Member, form: Mapping[str, Any]) -> None:
    """Values that are made of what the application asks; of what is passed on none can be made before it is there."""
    for value in form.get("computed", ()):
        renamed = _renamed(value, member)
        if renamed["name"] not in {it["name"] for it in merging.computed}:
            merging.computed.append(renamed)
    merging.tables |= form.get("tables", {})


def _page(
    merging: Merging, member: Member, page: Mapping[str, Any], schema: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The page with the questions that are left; None without any."""
    conditions = _conditions(member, page.get("show_if", []))
    if conditions is None:
        return None
    groups = [made for it in page["groups"] if (made := _group(merging, member, it, schema, page))]
    if not groups:
        return None
    if member.question:
        conditions = [{"field": member.choice, "equals": YES}, *conditions]
    made = {
        key: it for key, it in page.items() if key not in {"groups", "show_if", "preview", "name", "part"}
    }
    if "preview" in page and not member.question:
        made["preview"] = page["preview"]
    return made | ({"show_if": conditions} if conditions else {}) | {"groups": groups, "name": "", "part": 1}


def _group(
    merging: Merging,
    member: Member,
    group: Mapping[str, Any],
    schema: Mapping[str, Any],
    page: Mapping[str, Any],
) -> dict[str, Any] | None:
    conditions = _conditions(member, group.get("show_if", []))
    if conditions is None:
        return None
    is_always = not member.question and not conditions and not page.get("show_if")
    fields = [
        made
        for it in group["fields"]
        if not member.is_passed(it["name"]) and (made := _field(merging, member, it, schema, is_always))
    ]
    if not fields:
        return None
    made = {key: it for key, it in group.items() if key not in {"fields", "show_if"}}
    return made | ({"show_if": conditions} if conditions else {}) | {"fields": fields}


def _field(
    merging: Merging, member: Member, item: Mapping[str, Any], schema: Mapping[str, Any], is_always: bool
) -> dict[str, Any] | None:
    """A question of the whole; None where it is asked already, or can never be."""
    own = item["name"]
    name, kind = member.asked_as(own), item["kind"]
    rule = schema["properties"].get(own)
    if name in merging.asked:
        _check_same(merging, member, name, (kind, rule))
        return None
    conditions = _conditions(member, item.get("show_if", []))
    if conditions is None:
        return None
    made = _renamed(item, member) | {"name": name}
    made.pop("show_if", None)
    if conditions:
        made["show_if"] = conditions
    if isinstance(made.get("known"), dict | list):
        known = _conditions(member, made["known"])
        made |= {"known": known if known else known == []}
    merging.asked[name] = (kind, rule, "" if member.question else member.name)
    if kind != "calculated":
        merging.properties[name] = rule
        if own in schema.get("required", ()) and is_always and not conditions:
            merging.required.append(name)
    return made


def _check_same(merging: Merging, member: Member, name: str, asks: tuple[str, Any]) -> None:
    kind, rule, always = merging.asked[name]
    if (kind, rule) != asks:
        raise NotMergeable(f"{member.name}: asks {name} otherwise than a member before it; name it in ask_as")
    if not always:
        raise NotMergeable(
            f"{member.name}: {name} is asked by a member that may be left out; name it in ask_as"
        )


def _conditions(member: Member, data: Any) -> list[dict[str, Any]] | None:
    """Conditions in the application's names, without those that a passed value meets; None where it never does."""
    left: list[dict[str, Any]] = []
    for one in data if isinstance(data, list) else [data]:
        source = member.answers.get(one["field"])
        if source and source.kind == "value":
            if not parse_condition(one).holds({one["field"]: source.value}):
                return None
            continue
        if one["field"] in member.papers or (source and source.kind == "result"):
            raise NotMergeable(
                f"{member.name}: a question hangs on {one['field']}, which comes with a result"
            )
        name = source.name if source else member.asked_as(one["field"])
        left.append({**one, "field": name})
    return left


def _renamed(item: Mapping[str, Any], member: Member) -> dict[str, Any]:
    """A copy in which every name that stands alone is the application's."""
    if not member.ask_as:
        return copy.deepcopy(dict(item))

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: walk(it, name) for name, it in value.items()}
        if isinstance(value, list):
            return [walk(it, key) for it in value]
        # Of a text or an option only the names in it would be meant, and none of them is asked otherwise.
        return member.asked_as(value) if key in _NAMING and isinstance(value, str) else value

    found: dict[str, Any] = walk(dict(item))
    return found


_NAMING = frozenset(
    {"birth_date", "sex", "join", "sum", "difference", "product", "age_on", "by", "first_word_of"}
)
_CHOICE_TEXTS: dict[str, Any] = {
    "title": {
        "vi": "Bạn muốn làm những việc gì cùng một lần?",
        "en": "What do you want done at once?",
        "de": "Was soll in einem erledigt werden?",
    },
    "short": {"vi": "Các việc cần làm", "en": "What is to be done", "de": "Was zu tun ist"},
    "lead": {
        "vi": "Bạn khai một lần. Việc nào chưa cần thì có thể làm sau, thành hồ sơ riêng.",
        "en": "You fill in one form. What you do not need now you can do later, as an application of its own.",
        "de": "Sie füllen ein Formular aus. Was Sie jetzt nicht brauchen, können Sie später einzeln beantragen.",
    },
}
_CHOOSE: Text = {"vi": "Chọn có hoặc không", "en": "Choose yes or no", "de": "Wählen Sie Ja oder Nein"}
_WORDS_YES: Text = {"vi": "Có", "en": "Yes", "de": "Ja"}
_WORDS_NO: Text = {"vi": "Không, để sau", "en": "No, later", "de": "Nein, später"}


def merged_components(
    members: Sequence[Member], procedures: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The components of the whole: what the State has once each, and the papers that the application asks for."""
    seen: set[str] = set()
    for member in members:
        for component in procedures[member.procedure]["components"]:
            own = component.get("field", "")
            code = member.asked_as(own) if own else component["code"]
            if code in seen or (own and member.is_passed(own)):
                continue
            seen.add(code)
            yield _component(component, member, code, own)


def _component(component: Mapping[str, Any], member: Member, code: str, own: str) -> dict[str, Any]:
    made = {**component, "code": code} | ({"field": code} if own else {})
    if member.question and component["needed"] == "upload":
        made |= {
            "needed": "conditional",
            "condition": {"show_if": {"field": member.choice, "equals": YES}, "text": dict(member.title)},
        }
    return made
