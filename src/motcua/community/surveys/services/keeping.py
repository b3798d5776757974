"""Words go when the schedule says so, or at the person's wish; ratings stay for the figures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from motcua.community.surveys.models import CaseStep, Survey
from motcua.foundation.journal.models import Hold
from motcua.foundation.journal.selectors import locked_holds
from motcua.foundation.journal.services import Erasure, erase_details
from motcua.foundation.kernel.actors import SYSTEM

BATCH = 500
# Entries that hold words.
WITH_WORDS = frozenset(
    {
        "survey.answered",
        "survey.case_called",
        "survey.case_passed_on",
        "survey.case_replied",
        "survey.case_reopened",
    }
)
# A case that is not closed needs its words.
_ENDED = Q(case=None) | Q(case__state="closed")


def erase_words(*, before: datetime, at: datetime) -> int:
    """Of answers given before a moment, unless a legal hold lies on the dossier or a case is open. How many, 500 at
    most."""
    with transaction.atomic():
        held = Hold.objects.filter(released_at=None).values("object_id")
        old = Survey.objects.filter(_ENDED, answered_at__lt=before, erased_at=None).exclude(pk__in=held)
        old = old.order_by("answered_at")
        gone = _erase(list(old.values_list("pk", flat=True)[:BATCH]), at)
        if gone:
            erase_details(actor=SYSTEM, erasure=Erasure(before=before, kinds=WITH_WORDS), at=at)
    return gone


def erase_words_of(person_id: UUID, at: datetime) -> int:
    """At the wish of who applied, in the caller's transaction; of a case that is open only when it is closed."""
    own = Survey.objects.filter(
        _ENDED, dossier__applicant=person_id, erased_at=None, answered_at__isnull=False
    )
    return _erase(list(own.values_list("pk", flat=True)), at)


def _erase(keys: Collection[UUID], at: datetime) -> int:
    gone = set(keys) - locked_holds(list(keys))
    CaseStep.objects.filter(case__survey__in=gone).update(words="")
    return Survey.objects.filter(pk__in=gone).update(words="", search_text="", erased_at=at)
