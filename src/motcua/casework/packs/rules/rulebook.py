"""The rules of the lint of packs: what each finds and how it is mended, in the words of its findings. Pure.

`docs/packs.md` has the table of them, made by `tools/pack_rules.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """`problem`, `mend`: with {names} of what the finding is about. `unreadable`: the file cannot be used at all."""

    level: Literal["error", "warning", "advice"]
    problem: str
    mend: str
    unreadable: bool = False


def _unreadable(problem: str, mend: str) -> Rule:
    return Rule("error", problem, mend, unreadable=True)


_READING: dict[str, Rule] = {
    "missing-file": _unreadable("{name} is missing", "add it; docs/packs.md shows what a folder holds"),
    "not-a-file": _unreadable(
        "this is {what}, and only plain files and folders are read", "put the file itself in its place"
    ),
    "bad-name": _unreadable(
        "{name} is no name that a file of a pack can have",
        "use letters, figures, dots, - and _, in folders at most {deepest} deep, without “..”",
    ),
    "too-large": _unreadable(
        "it has {size} bytes, {most} at most are read", "split it or leave out what nobody needs"
    ),
    "too-many-files": _unreadable(
        "the pack has more than {most} files", "give the folder of the pack itself"
    ),
    "not-utf-8": _unreadable("it is not written in UTF-8: {why}", "save it as UTF-8"),
    "control-character": _unreadable(
        "the character {code} stands here, which no text has", "remove it; the file may be no text at all"
    ),
    "bad-yaml": _unreadable(
        "this is no YAML: {why}", "look at the indentation, quotes and commas of this line and the one before"
    ),
    "bad-json": _unreadable(
        "this is no JSON: {why}", "look at the commas, quotes and brackets of this line and the one before"
    ),
    "bad-bpmn": _unreadable(
        "the process cannot be read: {why}",
        "change the element in the drawing; docs/process.md has what is understood",
    ),
    "two-processes": _unreadable(
        "the folder has process.yaml and process.bpmn",
        "keep the one that is the process and remove the other",
    ),
    "doctype": _unreadable(
        "a DTD or an entity stands in it: {why}", "remove <!DOCTYPE …>; entities are never read"
    ),
    "too-deep": _unreadable("it is nested more than {most} deep", "write it flatter"),
    "too-big-inside": _unreadable(
        "with its aliases (*) it has more than {most} parts",
        "write out what is repeated; aliases of aliases multiply",
    ),
    "endless-alias": _unreadable(
        "the alias *{name} stands inside what it stands for", "write out what is meant"
    ),
    "yaml-tag": _unreadable("the tag {tag} is not read", "write plain texts, numbers, lists and tables"),
    "duplicate-key": _unreadable(
        "{key} stands twice, first in line {first}; only one of them would count",
        "keep one, or rename the other",
    ),
    "key-not-text": _unreadable("the key {key} is read as {kind}, not as text", "put it in quotes"),
    "not-a-number": _unreadable(
        "{value} is no number that can be counted with", "write a finite number, or a text in quotes"
    ),
}
_SHAPE: dict[str, Rule] = {
    "missing-key": Rule("error", "{place} has no {name}", "add {name}: {what}"),
    "unknown-key": Rule("error", "nobody reads {name} in {place}", "{hint}"),
    "wrong-type": Rule("error", "{place} must be {wanted}, and is {found}", "write {what}"),
    "not-one-of": Rule("error", "{place} cannot be {found}", "{hint}"),
    "wrong-form": Rule("error", "{place} cannot be {found}: {why}", "write {what}"),
    "malformed-code": Rule("error", "{found} is no code of this kind", "write {what}"),
    "malformed-limit": Rule(
        "error", "{place}: {why}", "write sameday, or a number with wh, wd, d or m, such as 15wd"
    ),
    "missing-language": Rule("error", "{place} has no words in {languages}", "add {languages}"),
}
_MEANING: dict[str, Rule] = {
    "unknown-sector": Rule("error", "there is no sector {name}", "{hint} (sectors of catalogue.yaml)"),
    "unknown-life-event": Rule("error", "there is no life event {name}", "{hint} (life_events.yaml)"),
    "unknown-fee-words": Rule(
        "error", "there are no words {name} for a fee", "{hint} (fees of catalogue.yaml)"
    ),
    "unknown-result": Rule(
        "warning",
        "no procedure here issues {name}, and the list of results lacks it",
        "{hint} (or add it to result_codes.yaml)",
    ),
    "unknown-procedure": Rule("error", "{who} names the unknown procedure {name}", "{hint}"),
    "unknown-component": Rule("error", "{who} names the unknown component {name}", "{hint}"),
    "unknown-field": Rule("error", "{who} names {name}, which the form does not have", "{hint}"),
    "unknown-option": Rule("error", "{who} compares {field} with {name}, which nobody can choose", "{hint}"),
    "unknown-step": Rule("error", "{place}: {why}", "{hint}"),
    "never-true": Rule(
        "error", "{who} can never hold: {why}", "change a condition, or remove what depends on it"
    ),
    "no-legal-basis": Rule(
        "error",
        "no law is named that it rests on",
        "add legal_basis: [{{number: 60/2014/QH13, name: Luật Hộ tịch}}]",
    ),
    "ends-before-it-begins": Rule(
        "error", "valid_to {ends} is before valid_from {begins}", "correct one of the two days"
    ),
    "expired": Rule(
        "warning", "it held until {ends} and holds no more", "enter the law of today, or remove the procedure"
    ),
    "fee-without-amount": Rule(
        "error",
        "the fee has neither an amount nor words for one",
        "add amount_vnd: 8000, or set_by: province with text",
    ),
    "stands-twice": Rule(
        "error", "{what} {name} stands twice, first in {first}", "rename or remove one of them"
    ),
    "code-twice": Rule(
        "error", "the code {code} is given in {other} too", "a procedure stands in a pack once: remove one"
    ),
    "other-folder": Rule("error", "{code} lies in the folder {folder}", "name the folder {code}"),
    "unused-file": Rule("warning", "nobody reads {name}", "{hint}"),
    "upload-without-kinds": Rule(
        "error",
        "the component {code} is handed in, and no kinds of files are named",
        "add kinds: [pdf, jpeg, png]",
    ),
    "no-question-for-paper": Rule(
        "error",
        "the component {code} is handed in, and no question asks for it",
        "add field: the file question of form.json",
    ),
    "accepts-nothing-asked": Rule(
        "error", "component {code} accepts results, but no field asks for it", "add field, or remove accepts"
    ),
    "already-held": Rule("warning", "{what} is asked, and {who} has it already", "{hint}"),
    "asked-twice": Rule(
        "warning",
        "“{label}” is asked here and in {first}",
        "ask it once, or prefill it from answers.{name}",
    ),
    "silence": Rule("error", "{why}", "write silence: {{after: 15wd, means: approved, source: the law}}"),
    "supplement": Rule("error", "supplement {why}", "write supplement: {{limit: 15wd, warn: 3wd}}"),
    "case": Rule("error", "{why}", "docs/cases.md says what a case may hold"),
    "table": Rule("error", "the table: {why}", "docs/packs.md, Decision tables, says what a table may hold"),
    "table-gap": Rule(
        "error",
        "the table decides nothing for {example}",
        "add a row for it, or widen one; a last row without when catches all others where hit is first",
    ),
    "table-overlap": Rule(
        "error",
        "rows {rows} of the table both decide {example}",
        "narrow one of them, or say hit: first where the order decides",
    ),
    "table-idle-row": Rule(
        "error",
        "row {row} of the table never counts",
        "remove it or move it up: the rows before it decide everything, or its conditions cannot hold",
    ),
    "case-never-first": Rule(
        "error", "cases: {code} is never the first that holds", "move it up, or narrow the cases before it"
    ),
    "case-and-paper": Rule(
        "error",
        "the form {problem} {field} where the case is {code}",
        "let show_if of the question and components of the case agree",
    ),
    "steps-too-long": Rule(
        "error",
        "the steps take up to {taken} working hours, the limit of {whose} leaves {allowed}",
        "shorten the limits of steps on the longest way",
    ),
    "form": Rule("error", "{place}: {why}", "docs/forms.md says what may stand here"),
    "value-in-a-circle": Rule(
        "error",
        "the computed value {name} is made of itself: {way}",
        "compute it of answers, or of values before it",
    ),
    "process": Rule("error", "{place}: {why}", "docs/process.md says what may stand here"),
    "unreachable": Rule("error", "{why}", "lead an outcome or choice there, or remove it"),
    "endless": Rule("error", "{place}: {why}", "lead an outcome or choice on to the end"),
    "stuck": Rule("error", "{place}: {why}", "let every way that parts before it come here"),
    "no-template": Rule(
        "warning",
        "no result.typ: an officer uploads each result",
        "add result.typ, from that of another procedure",
    ),
    "named-file-missing": Rule(
        "warning", "{name} is named here and is not there", "add it, or remove the line"
    ),
    "template-missing": Rule(
        "error", "the template {name} is not there", "add it, or remove result.template"
    ),
    "template-field": Rule("error", "the template names {name}, which {what} not have", "{hint}"),
    "template-broken": Rule(
        "error", "the template does not compile: {why}", "correct it; the example's answers were given to it"
    ),
    "no-example": Rule(
        "warning",
        "no example.json: nobody has shown that the form can be filled in",
        "add one with answers that the form accepts",
    ),
    "example-refused": Rule(
        "error", "the form refuses the example: {why}", "correct the answer, or the form"
    ),
    "too-long": Rule(
        "advice", "{place} has {count} characters in {language}, there is room for {most}", "say it shorter"
    ),
    "not-a-procedure": Rule(
        "error",
        "what was captured makes no procedure: {why}",
        "look at the row of the national portal's file",
    ),
    "generic-lacks": Rule("error", "{code}: generic: {why}", "complete the listing, or remove generic: true"),
    "linked": Rule("error", "{place}: {why}", "docs/linked.md says what may stand here"),
    "common-file": Rule(
        "error",
        "{why}",
        "docs/catalogue.md says what may stand here; of measures and index 766 docs/figures.md",
    ),
    "worked-example": Rule("error", "{why}", "docs/examples.md says what may stand here"),
    "bad-plain-language": Rule("warning", "{why}", "write longest_sentence and avoid for vi, en and de"),
    "no-help": Rule(
        "advice", "no help beside the question {name} in {languages}", "add a hint of one sentence"
    ),
    "long-sentence": Rule("advice", "{place}: {why}", "make two sentences of it"),
    "hard-word": Rule("advice", "{place}: {why}", "say it as people do (plain_language.yaml)"),
}
RULES: Mapping[str, Rule] = {**_READING, **_SHAPE, **_MEANING}
UNREADABLE = frozenset(name for name, rule in RULES.items() if rule.unreadable)
