"""What this room holds about people, and how its readings are told them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from motcua.community.surveys.models import CaseStep, Survey
from motcua.community.surveys.services.keeping import erase_words_of
from motcua.registry.people.contributions import PersonalData, register_personal_data, register_reading


def export_answers(person_id: UUID) -> list[dict[str, Any]]:
    """One mapping an answer, with what was replied."""
    answered = Survey.objects.filter(dossier__applicant=person_id, answered_at__isnull=False)
    rows = list(
        answered.order_by("answered_at").values(
            "dossier__code", "procedure_code", "answered_at", "rating", "way", "reasons", "words"
        )
    )
    said = CaseStep.objects.filter(case__survey__in=answered, kind__in=["reply", "reopened"]).order_by("at")
    by_code: dict[str | None, list[str]] = {}
    for code, words in said.values_list("case__survey__dossier__code", "words"):
        by_code.setdefault(code, []).append(words)
    return [row | {"replies": by_code.get(row["dossier__code"], [])} for row in rows]


def register() -> None:
    register_personal_data(
        PersonalData(
            "survey_answers",
            _("How satisfied you were"),
            export_answers,
            erase_words_of,
            _("Your words may go at your wish; the rating stays for the figures, without your name."),
            retention="survey.answer",
        )
    )
    register_reading("survey.case_read", lambda facts: _("Opened your answer about a result"))
