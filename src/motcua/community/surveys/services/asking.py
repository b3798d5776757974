"""Opening the question about a result, and telling the applicant of it, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from motcua.casework.dossiers.models import Dossier
from motcua.community.surveys.errors import ChannelsRefused, NotAsked
from motcua.community.surveys.law import law
from motcua.community.surveys.messages import GROUP, tell_question
from motcua.community.surveys.models import Survey
from motcua.community.surveys.tokens import token_digest, token_of
from motcua.foundation.journal.contributions import SealedEntry
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.notifications.selectors import has_switched_off
from motcua.foundation.notifications.services.reading import switch_group, switch_off
from motcua.registry.people.selectors import refused_channels

NAME = "surveys.results"
KINDS = frozenset({"dossier.result_returned"})
# In one sweep.
BATCH = 500


def follow(sealed: SealedEntry) -> None:
    follow_all([sealed])


def follow_all(entries: Sequence[SealedEntry]) -> None:
    """Results were returned: the questions are open. In the consumer's transaction; doing it again changes nothing."""
    rows = Dossier.objects.only("id", "agency", "agency_path", "procedure_code", "returned_at", "is_test")
    found = rows.in_bulk({it.entry.object_id for it in entries})
    named = [found[it.entry.object_id] for it in entries]
    opened = [Survey(pk=it.pk, **_opening(it)) for it in named if not it.is_test and it.returned_at]
    Survey.objects.bulk_create(opened, ignore_conflicts=True)


def open_survey(dossier: Dossier) -> Survey:
    """The one of a dossier whose result was returned; made where there is none. Raises NotAsked."""
    if dossier.is_test:
        raise NotAsked
    survey, _is_new = Survey.objects.get_or_create(pk=dossier.pk, defaults=_opening(dossier))
    return survey


def _opening(dossier: Dossier) -> dict[str, Any]:
    if dossier.returned_at is None:
        raise NotAsked
    return {
        "token_digest": token_digest(token_of(dossier.pk)),
        "agency_id": dossier.agency_id,
        "agency_path": dossier.agency_path,
        "procedure_code": dossier.procedure_code,
        "returned_at": dossier.returned_at,
        "ask_from": dossier.returned_at + law().ask_after,
    }


def ask_all(*, at: datetime) -> int:
    """Tell those whose time has come, and who still can answer. How many were told."""
    waiting = Survey.objects.filter(
        asked_at=None,
        answered_at=None,
        is_declined=False,
        ask_from__lte=at,
        returned_at__gt=at - law().open_for,
    )
    keys = list(waiting.order_by("ask_from").values_list("pk", flat=True)[:BATCH])
    return sum(_ask(key, at) for key in keys)


@transaction.atomic
def _ask(dossier_id: UUID, at: datetime) -> bool:
    rows = Survey.objects.select_for_update(of=("self",), skip_locked=True)
    related = rows.select_related("dossier__version__procedure", "dossier__agency")
    survey = related.filter(pk=dossier_id, asked_at=None, answered_at=None, is_declined=False).first()
    if not survey:
        return False
    applicant = survey.dossier.applicant_id
    survey.is_declined = has_switched_off(applicant, GROUP.code)
    if survey.is_declined:
        survey.save(update_fields=["is_declined"])
        return False
    survey.asked_at = at
    survey.save(update_fields=["asked_at"])
    tell_question(survey, at=at)
    happening = Happening("survey.asked", "dossier", survey.pk, concerns_id=applicant)
    record(actor=SYSTEM, happening=happening, at=at)
    return True


@transaction.atomic
def ask_no_more(*, actor: Actor, survey: Survey, at: datetime) -> None:
    """The applicant of this result is not asked about any other one either. Said again, nothing is done."""
    applicant = survey.dossier.applicant_id
    if has_switched_off(applicant, GROUP.code):
        return
    switch_off(recipient_id=applicant, group=GROUP.code)
    Survey.objects.filter(pk=survey.pk, answered_at=None, asked_at=None).update(is_declined=True)
    happening = Happening("survey.declined", "dossier", survey.pk, concerns_id=applicant)
    record(actor=actor, happening=happening, at=at)


@transaction.atomic
def ask_again(*, actor: Actor, survey: Survey, at: datetime) -> None:
    """The applicant is asked about results again, this one too where its question had not gone out; by no channel that
    their consents refuse. Said again, nothing is done. Raises ChannelsRefused where they refuse both."""
    applicant = survey.dossier.applicant_id
    # Pressed twice at the same moment, it stands in the journal once.
    Survey.objects.select_for_update().get(pk=survey.pk)
    if not has_switched_off(applicant, GROUP.code):
        return
    channels = {"email", "sms"} - refused_channels(applicant)
    if not channels:
        raise ChannelsRefused
    switch_group(recipient_id=applicant, group=GROUP.code, channels=channels)
    Survey.objects.filter(pk=survey.pk, answered_at=None, asked_at=None).update(is_declined=False)
    happening = Happening("survey.asked_for", "dossier", survey.pk, concerns_id=applicant)
    record(actor=actor, happening=happening, at=at)
