"""The facts of a procedure that change most, as questions for people who are no programmers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from motcua.casework.packs.rules.draft_files import PROCEDURE, PROCESS
from motcua.casework.packs.rules.editing import Path, value_at
from motcua.casework.packs.rules.texts import LANGUAGES
from motcua.foundation.worktime.limits import UnreadableLimit, parse_limit
from motcua.registry.catalogue.rules.texts import in_language

PARTS: Mapping[str, Promise] = {
    "general": gettext_lazy("Name and people"),
    "limit": gettext_lazy("Time limit"),
    "fees": gettext_lazy("Fees"),
    "papers": gettext_lazy("Papers"),
    "law": gettext_lazy("Law and decision"),
}
_LANGUAGES = {
    "vi": pgettext_lazy("language", "Vietnamese"),
    "en": pgettext_lazy("language", "English"),
    "de": pgettext_lazy("language", "German"),
}
_NEEDED = (
    ("upload", gettext_lazy("Handed in")),
    ("conditional", gettext_lazy("Handed in only under a condition")),
    ("state_has", gettext_lazy("The State has it, nobody hands it in")),
)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """One value of a file. kind: "line", "text", "number", "limit", "needed", "rows" (a list, one a line)."""

    file: str
    path: Path
    label: str
    kind: str
    value: Any

    @property
    def name(self) -> str:
        return "-".join(map(str, (self.file.partition(".")[0], *self.path)))


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under a heading."""

    title: str
    questions: list[Question] = field(default_factory=list)


Contents = Mapping[str, Any]


def groups_of(part: str, contents: Contents, language: str) -> list[Group]:
    """The questions of a part. contents: parsed files by name; what is no table has no questions."""
    makers = {
        "general": _general,
        "limit": _limits,
        "fees": _fees,
        "papers": _papers,
        "law": _law,
    }
    return [group for group in makers[part](contents, language) if group.questions]


class _Reader:
    """Makes questions of what stands in one file."""

    def __init__(self, contents: Contents, file: str = PROCEDURE) -> None:
        self._data, self._file = contents.get(file), file

    def at(self, path: Path, default: Any = None) -> Any:
        return value_at(self._data, path, default)

    def one(self, label: str, kind: str, path: Path) -> Question:
        return Question(self._file, path, label, kind, self.at(path))

    def texts(self, label: str, path: Path, kind: str = "text") -> list[Question]:
        """A text in each language."""
        return [
            self.one(f"{label} ({_LANGUAGES[language]})", kind, (*path, language)) for language in LANGUAGES
        ]

    def rows(self, path: Path) -> list[Mapping[str, Any]]:
        found = self.at(path, [])
        return [it if isinstance(it, dict) else {} for it in found] if isinstance(found, list) else []


def _title(row: Mapping[str, Any], language: str) -> str:
    name = row.get("name")
    return in_language(name, language) if isinstance(name, dict | str) else str(row.get("code", ""))


def _general(contents: Contents, language: str) -> Iterator[Group]:
    read = _Reader(contents)
    yield Group(_("Name"), read.texts(_("Name"), ("name",), "line"))
    yield Group(_("What it is"), read.texts(_("In one or two sentences"), ("lead",)))
    yield Group(_("Who may apply"), read.texts(_("Who may apply"), ("who_may_apply", "text")))
    label = _("Words people search for, one a line")
    yield Group(_("Everyday words"), read.texts(label, ("everyday_words",), "rows"))
    yield Group(_("Effort"), [read.one(_("Minutes to apply"), "number", ("minutes_to_apply",))])


def _limits(contents: Contents, language: str) -> Iterator[Group]:
    read = _Reader(contents)
    yield Group(
        _("By law"),
        [read.one(_("Limit"), "limit", ("limit", "value")), *read.texts(_("In words"), ("limit", "text"))],
    )
    for number, case in enumerate(read.rows(("cases",))):
        if "limit" in case:
            path: Path = ("cases", number, "limit")
            questions = [read.one(_("Limit"), "limit", (*path, "value"))]
            yield Group(_title(case, language), [*questions, *read.texts(_("In words"), (*path, "text"))])
    process = _Reader(contents, PROCESS)
    steps = [
        process.one(_step_words(step, language), "number", ("steps", number, "limit_hours"))
        for number, step in enumerate(process.rows(("steps",)))
        if "limit_hours" in step
    ]
    yield Group(_("Inside the office, in working hours"), steps)


def _step_words(step: Mapping[str, Any], language: str) -> str:
    title = step.get("title")
    return in_language(title, language) if isinstance(title, dict | str) else str(step.get("name", ""))


def _fees(contents: Contents, language: str) -> Iterator[Group]:
    read = _Reader(contents)
    for number, fee in enumerate(read.rows(("fees",))):
        yield Group(_title(fee, language), _fee(read, ("fees", number), fee))
    for place, case in enumerate(read.rows(("cases",))):
        for number, fee in enumerate(read.rows(("cases", place, "fees"))):
            title = f"{_title(case, language)}: {_title(fee, language)}"
            yield Group(title, _fee(read, ("cases", place, "fees", number), fee))


def _fee(read: _Reader, path: Path, fee: Mapping[str, Any]) -> list[Question]:
    if "amount_vnd" in fee:
        found = [read.one(_("Amount in dong"), "number", (*path, "amount_vnd"))]
    else:
        found = read.texts(_("In words"), (*path, "text"))
    return [*found, read.one(_("Source"), "line", (*path, "source"))]


def _papers(contents: Contents, language: str) -> Iterator[Group]:
    read = _Reader(contents)
    for number, component in enumerate(read.rows(("components",))):
        path: Path = ("components", number)
        questions = read.texts(_("Name"), (*path, "name"), "line")
        questions += read.texts(_("Hint"), (*path, "hint"))
        needed = read.one(_("Who brings it"), "needed", (*path, "needed"))
        yield Group(_title(component, language), [*questions, needed])


def _law(contents: Contents, language: str) -> Iterator[Group]:
    read = _Reader(contents)
    yield Group(
        _("Published by"), [read.one(_("Number of the decision"), "line", ("publication", "decision"))]
    )
    label = _("Number, then |, then its name; one a line")
    yield Group(_("Legal basis"), [read.one(label, "laws", ("legal_basis",))])
    yield Group(_("Source of the limit"), [read.one(_("Law and article"), "line", ("limit", "source"))])


class LimitField(forms.CharField):
    """A limit as packs write it."""

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if written:
            try:
                parse_limit(written)
            except UnreadableLimit as error:
                raise forms.ValidationError(
                    _("Enter a limit such as 3wd (working days), 8wh (working hours), 20d (days) or sameday.")
                ) from error
        return written


class FactsForm(forms.Form):
    """The questions of a part. `revision`: of the draft that was shown."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, groups: list[Group], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {it.name: it for group in groups for it in group.questions}
        self._groups = groups
        for name, question in self.questions.items():
            self.fields[name] = _form_field(question)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For templates: title and bound fields."""
        return [
            {"title": it.title, "fields": [self[question.name] for question in it.questions]}
            for it in self._groups
        ]

    def changes(self) -> dict[str, dict[Path, Any]]:
        """By file what differs from what was shown; what is empty and was not there stays away."""
        found: dict[str, dict[Path, Any]] = {}
        for name, question in self.questions.items():
            typed = _value(question, self.cleaned_data[name])
            if typed != question.value and (typed or question.value is not None):
                found.setdefault(question.file, {})[question.path] = typed
        return found


def _form_field(question: Question) -> forms.Field:
    options: dict[str, Any] = {
        "label": question.label,
        "required": False,
        "initial": _shown(question),
    }
    match question.kind:
        case "number":
            return forms.IntegerField(min_value=0, max_value=10**12, **options)
        case "limit":
            words = _("3wd: working days, 8wh: working hours, 20d: days, 1m: months, sameday.")
            return LimitField(max_length=20, help_text=words, **options)
        case "needed":
            radios = forms.RadioSelect(attrs={"class": "ds-input"})
            return forms.ChoiceField(choices=_NEEDED, widget=radios, **options)
        case "text":
            return forms.CharField(max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3}), **options)
        case "rows" | "laws":
            return forms.CharField(
                max_length=10 * _LONGEST, widget=forms.Textarea(attrs={"rows": 6}), **options
            )
    return forms.CharField(max_length=500, **options)


def _shown(question: Question) -> Any:
    value = question.value
    if question.kind == "rows":
        return "\n".join(map(str, value)) if isinstance(value, list) else ""
    if question.kind == "laws":
        rows = value if isinstance(value, list) else []
        named = [it for it in rows if isinstance(it, dict)]
        return "\n".join(f"{it.get('number', '')} | {it.get('name', '')}" for it in named)
    return "" if value is None else value


def _value(question: Question, typed: Any) -> Any:
    """What was typed, as the file holds it."""
    if question.kind == "rows":
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if question.kind == "laws":
        return _laws(question.value, typed)
    if isinstance(typed, str):
        typed = typed.replace("\r\n", "\n").strip()
        return typed if typed != str(question.value) else question.value
    return typed


def _laws(before: Any, typed: str) -> list[dict[str, Any]]:
    """A row a line; of a law that stood there before its source stays."""
    known = {str(it.get("number")): it for it in before or [] if isinstance(it, dict)}
    rows = []
    for line in filter(str.strip, typed.splitlines()):
        number, _mark, name = (it.strip() for it in line.partition("|"))
        rows.append({**known.get(number, {}), "number": number, "name": name})
    return rows
