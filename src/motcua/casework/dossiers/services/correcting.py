"""A slip in what was declared is put right: never silently, and never in what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.ending_errors import ReasonMissing
from motcua.casework.dossiers.errors import CorrectionRefused
from motcua.casework.dossiers.forms import case_facts, deciding_agency, form_of, stored_answers
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.rules.cases import case_of
from motcua.casework.dossiers.services.acting import Acting, Target, acting
from motcua.casework.dossiers.services.submission import words_of
from motcua.casework.dossiers.services.supplements import UNASKED
from motcua.casework.forms.rules.checks import check_page
from motcua.casework.forms.rules.cleaning import clean_value, flat
from motcua.casework.forms.rules.definition import Field
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean


@dataclass(frozen=True, slots=True)
class Correction:
    """`field`: name of a question of the form; `value`: as the form would keep it; `reason`: for the applicant."""

    field: str
    value: Any
    reason: str


def correct_data(*, actor: Actor, target: Target, correction: Correction, at: datetime) -> Dossier:
    """Correct one answer; old and new value stand in the journal's details, and applicant and officers read both.

    Raises ReasonMissing without a reason; CorrectionRefused for a question whose answer cannot be corrected, a value
    that the form would not take, none that differs, or one by which another case or agency would hold.
    """
    reason = clean(correction.reason)[:1000]
    if not reason:
        raise ReasonMissing(field="reason")
    with acting(code="correct", actor=actor, target=target, at=at) as step:
        asked = _asked(step.dossier, correction.field)
        value = clean_value(asked, flat(asked.name, correction.value), asked.name)
        before, answers = _corrected(step, asked, value)
        step.changes = {"answers": answers, "search_text": words_of(step.dossier, answers)}
        step.facts = {"field": asked.name}
        step.details = {"reason": reason, "before": _kept(before), "after": _kept(value)}
    return step.dossier


def correctable(dossier: Dossier) -> list[Field]:
    """Questions that were answered and whose answers can be corrected, in the form's order."""
    fields = form_of(dossier.version).fields
    return [it for name, it in fields.items() if it.kind not in UNASKED and name in dossier.answers]


def _asked(dossier: Dossier, name: str) -> Field:
    asked = next((it for it in correctable(dossier) if it.name == name), None)
    if not asked:
        raise CorrectionRefused(field="field", reason=_("The form does not ask for it, or it is a paper."))
    return asked


def _corrected(step: Acting, asked: Field, value: Any) -> tuple[Any, dict[str, Any]]:
    """The value before, and all answers with the new one."""
    dossier, form, name = step.dossier, form_of(step.dossier.version), asked.name
    day, before = timezone.localdate(dossier.submitted_at), dossier.answers.get(name)
    if value is None or value == before:
        raise CorrectionRefused(
            field="value", reason=_("Enter another value than the one that stands there.")
        )
    answers = stored_answers(form, {**dossier.answers, name: value})
    page = next(it for it in form.pages if it.name == form.page_of[name])
    problems = check_page(form, page, answers, day)
    if any(key == name or key.startswith(f"{name}-") for key in problems):
        raise CorrectionRefused(field="value", reason=_("The form does not take this value."))
    procedure = dossier.version.definition["procedure"]
    if case_of(procedure, case_facts(dossier.version, answers, on=day)) != dossier.case:
        raise CorrectionRefused(field="value", reason=_("Another case of the procedure would hold then."))
    agencies = [deciding_agency(it, on=day, procedure=procedure) for it in (answers, dossier.answers)]
    if agencies[0] != agencies[1]:
        raise CorrectionRefused(field="value", reason=_("Another agency would decide then: transfer it."))
    return before, answers


def _kept(value: Any) -> Any:
    """As the journal may keep it: it holds no floats."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, list):
        return [_kept(it) for it in value]
    if isinstance(value, dict):
        return {key: _kept(it) for key, it in value.items()}
    return value
