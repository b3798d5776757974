"""Questions and papers whose answer is already held: by the state, by sign-in, by an earlier question. Pure.

What an authority has is not asked again: Decree 61/2018/NĐ-CP art. 4, Law on Electronic Transactions 20/2023/QH15 [M].
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from motcua.casework.forms.rules.blocks import CLAIMS

from .findings import Fault, fault
from .form_lint import Asked, asked, contradiction
from .surroundings import Held

# The applicant's own: names of questions as packs give them -> what sign-in says.
_OWN = re.compile(r"applicant(?:_(?P<part>\w+))?$")
_SIGN_IN = {**CLAIMS, "name": "eid.name", "phone": "eid.phone", "email": "eid.email"}


def lint_once_only(
    procedure: Mapping[str, Any], form: Mapping[str, Any], held: Sequence[Held]
) -> Iterator[Fault]:
    """Once only: nobody tells the state what it knows. form: of the right shape; held: by personal_data.yaml."""
    questions = list(asked(form))
    yield from _by_sign_in(questions)
    yield from _before(questions)
    yield from _papers(procedure, held)


def _by_sign_in(questions: Sequence[Asked]) -> Iterator[Fault]:
    for question in questions:
        item = question.item
        own = _OWN.match(str(item["name"]))
        if not own or item.get("prefill") or item["kind"] in {"calculated", "file"}:
            continue
        claim = "eid" if item["kind"] == "person" else _SIGN_IN.get(own["part"] or "")
        if claim:
            hint = f"add prefill: {claim}" + (
                ", and known: true to show it and not ask" if claim != "eid.phone" else ""
            )
            values = {"what": f"the applicant's {item['name']}", "who": "sign-in", "hint": hint}
            yield fault("form.json", question.name_at, "already-held", **values)


def _before(questions: Sequence[Asked]) -> Iterator[Fault]:
    """The same words under the same heading, where both can be asked at once."""
    first: dict[tuple[Any, ...], Asked] = {}
    for question in questions:
        item = question.item
        if item["kind"] == "calculated" or str(item.get("prefill", "")).startswith("answers."):
            continue
        key = (question.at[:4], len(question.at), item["kind"], item["label"]["vi"].strip().lower())
        earlier = first.setdefault(key, question)
        if earlier is not question and not _apart(earlier, question):
            values = {"label": item["label"]["vi"], "first": earlier.name_at, "name": earlier.item["name"]}
            yield fault("form.json", question.name_at, "asked-twice", **values)


def _apart(one: Asked, other: Asked) -> bool:
    """Whether conditions keep the two from being asked at once."""
    return bool(contradiction([it for _at, it in (*one.conditions, *other.conditions)]))


def _papers(procedure: Mapping[str, Any], held: Sequence[Held]) -> Iterator[Fault]:
    registers = {it["code"]: it for it in procedure["components"] if it["needed"] == "state_has"}
    names = {it["name"]["vi"].strip().lower() for it in registers.values()}
    for number, component in enumerate(procedure["components"]):
        if component["needed"] == "state_has" or component.get("accepts"):
            continue
        at, name = ("components", number), component["name"]["vi"]
        if name.strip().lower() in names:
            hint = "remove the component; state_has stands for it"
            yield fault("procedure.yaml", at, "already-held", what=f"“{name}”", who="a register", hint=hint)
        elif known := next((it for it in held if _is_about(name, it.papers)), None):
            hint = "make it needed: state_has with register, or name the results that meet it in accepts"
            yield fault("procedure.yaml", at, "already-held", what=f"“{name}”", who=known.register, hint=hint)


def _is_about(name: str, papers: Sequence[str]) -> bool:
    folded = name.lower()
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) for word in papers)
