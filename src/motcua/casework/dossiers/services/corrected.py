"""What a corrected answer changes beside itself: the case of the dossier, and what its form asks then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from motcua.casework.dossiers.errors import AnswersRefused, CaseFixed
from motcua.casework.dossiers.forms import case_facts, form_of, paper_answers, stored_answers
from motcua.casework.dossiers.models import Dossier, SupplementPaper
from motcua.casework.dossiers.rules.cases import case_of
from motcua.casework.dossiers.services.filing import told
from motcua.casework.forms.rules.answers import is_visible, visible_answers
from motcua.casework.forms.rules.checks import check_all, is_oversized
from motcua.casework.forms.rules.definition import Answers, Field, FormDefinition

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """`answers`: all of the dossier's, the corrected ones in their place. `rows`: the items of the request as they are
    under them: those that were asked, then a row with `follows` for each question the corrections raise."""

    form: FormDefinition
    answers: dict[str, Any]
    rows: list[Row]

    def missing(self, sent: Answers, brought: set[int]) -> list[Row]:
        """Rows that still need a paper or an answer. sent: None for what is to be empty; brought: rows with papers."""
        return [
            row
            for index, row in enumerate(self.rows)
            if index not in brought and not self._can_stay_out(row, sent)
        ]

    def _can_stay_out(self, row: Row, sent: Answers) -> bool:
        asked = self.form.fields.get(row.get("field") or row.get("component", ""))
        if asked is None:
            return False
        if "field" in row and not is_visible(self.form, asked, self.answers):
            return True
        if row.get("follows"):
            return asked.required is None or asked.name in self.answers
        return (
            "field" in row and asked.name in sent and (asked.required is None or asked.name in self.answers)
        )


def correct(
    dossier: Dossier, items: Sequence[Row], sent: Answers, papers: Sequence[SupplementPaper]
) -> Correction:
    """What the answers sent for these items make of the dossier's; None empties one. Changes nothing.

    Raises AnswersRefused for answers larger than any form asks for.
    """
    if is_oversized(sent):
        detail = str(AnswersRefused.message)
        raise AnswersRefused(errors=[{"path": "/answers", "code": "too_large", "detail": detail}])
    form = form_of(dossier.version)
    names = {item["field"]: item for item in items if "field" in item}
    new = {name: value for name, value in sent.items() if name in names}
    corrected = {name: value for name, value in new.items() if not names[name].get("follows")}
    base = stored_answers(form, {**dossier.answers, **corrected})
    answers = stored_answers(form, {**dossier.answers, **new})
    asked = [item for item in items if not item.get("follows")]
    about = {row.get("field") or row.get("component") for row in asked}
    raised = [it for it in _raised(form, dossier.answers, base, answers) if it.name not in about]
    answers |= _brought(form, items, papers)
    return Correction(form, stored_answers(form, answers), [*asked, *map(_row, raised)])


def _brought(
    form: FormDefinition, items: Sequence[Row], papers: Sequence[SupplementPaper]
) -> Mapping[str, str | list[str]]:
    """What the file questions hold that the corrections raise."""
    rows = ((items[paper.item], paper.file_id) for paper in papers)
    return paper_answers(
        form, ((row["component"], held) for row, held in rows if row.get("follows") and "component" in row)
    )


def _raised(form: FormDefinition, before: Answers, base: Answers, after: Answers) -> list[Field]:
    """Questions that are asked now and were not before, or whose answer does not fit what was corrected (`base`)."""
    seen, shown = visible_answers(form, before), visible_answers(form, after)
    return [
        it
        for it in form.fields.values()
        if it.kind != "calculated"
        and is_visible(form, it, shown)
        and (not is_visible(form, it, seen) or (it.name in seen and it.name not in base))
    ]


def _row(asked: Field) -> Row:
    kind = "component" if asked.kind == "file" else "field"
    return {"text": asked.label["vi"], kind: asked.name, "follows": True}


def check_corrected(correction: Correction, sent: Answers, *, on: date) -> None:
    """Raises AnswersRefused, when an answer that was sent is wrong where it stands now."""
    form, found = correction.form, check_all(correction.form, correction.answers, on)
    found = {key: problem for key, problem in found.items() if key.split("-")[0] in sent}
    if found:
        raise AnswersRefused(errors=[told(form, key, problem) for key, problem in found.items()])


def case_after(dossier: Dossier, answers: Mapping[str, Any]) -> str:
    """The case under the corrected answers. After acceptance it stays as it was, or CaseFixed is raised.

    Form 01 has promised the limit, the fee and the papers of the case by then, and the process has gone its ways.
    """
    day = timezone.localdate(dossier.submitted_at)
    procedure = dossier.version.definition["procedure"]
    case = case_of(procedure, case_facts(dossier.version, answers, on=day))
    if case != dossier.case and dossier.accepted_at is not None:
        raise CaseFixed
    return case
