"""Whether a template names only what it is given. Pure; compiling it is another matter (`packs.templates`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from motcua.casework.forms.rules.definition import FormDefinition

from .findings import Fault, did_you_mean, fault

FILE = "result.typ"
_LINE_COMMENT = re.compile(r"(?m)(^|(?<=\s))//[^\n]*")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAMED = re.compile(r"\b(answers|words|computed)\.(?:at\(\"([A-Za-z]\w*)\"|([A-Za-z]\w*))")
_METHODS = frozenset({"at", "keys", "values", "pairs", "len", "insert", "remove"})


def lint_template(template: str, form: FormDefinition) -> Iterator[Fault]:
    """Names of answers, words and computed values that the form does not have, each told once.

    A name put together while the paper is made ("key + _name") is not looked at.
    """
    asked = set(form.fields)
    given = {"answers": asked, "words": asked, "computed": set(form.computed_names)}
    told: set[tuple[str, str]] = set()
    for found in _NAMED.finditer(_without_comments(template)):
        table, name = found[1], found[2] or found[3]
        if name in given[table] or (not found[2] and name in _METHODS) or (table, name) in told:
            continue
        told.add((table, name))
        line = template.count("\n", 0, found.start()) + 1
        what = "the computed values do" if table == "computed" else "the form does"
        hint = did_you_mean(name, sorted(given[table]))
        yield fault(FILE, (line,), "template-field", name=f"{table}.{name}", what=what, hint=hint)


def _without_comments(template: str) -> str:
    """The same text with blanks where comments stood."""
    blank = _BLOCK_COMMENT.sub(lambda it: re.sub(r"[^\n]", " ", it[0]), template)
    return _LINE_COMMENT.sub(lambda it: " " * len(it[0]), blank)
