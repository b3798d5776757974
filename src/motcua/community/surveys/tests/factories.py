"""Results somebody is asked about, and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.tests.factories import returned
from motcua.community.surveys.models import Survey, Way
from motcua.community.surveys.services.answering import STRANGER, Answer, answer_survey
from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.tests.factories import Desk

UNHAPPY = Answer(1, ("visits", "papers"), "Phải đi lại ba lần, gọi 0912 345 678 không ai nghe.")


def answered(dossier: Dossier, *, at: datetime, answer: Answer = UNHAPPY, **changes: Any) -> Survey:
    """By the link."""
    values: dict[str, Any] = {"actor": STRANGER, "way": Way.LINK} | changes
    return answer_survey(dossier=dossier, answer=answer, at=at, **values)


def unhappy(desk: Desk, citizen: Actor, *, at: datetime) -> Survey:
    """About a result of the desk; its case waits."""
    return answered(returned(desk, citizen, at=at), at=at)
