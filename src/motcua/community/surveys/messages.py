"""What applicants are told about the question and our reply, and leaders about late cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.community.surveys.models import Survey, UnhappyCase
from motcua.community.surveys.tokens import token_of
from motcua.foundation.installation.selectors import get
from motcua.foundation.notifications.contributions import Group, Purpose, register_purpose
from motcua.foundation.notifications.models import Message
from motcua.foundation.notifications.services.notifying import Notice, Recipient, notify
from motcua.registry.access.contributions import identify
from motcua.registry.access.models import Account
from motcua.registry.organisations.selectors import list_officers_with
from motcua.registry.people.selectors import get_contact


def _secret(message: Message) -> str:
    return token_of(message.concerns_id) if message.concerns_id else ""


GROUP = Group("satisfaction", _("How satisfied I was"))
QUESTION = Purpose("survey_question", _("How satisfied were you?"), GROUP, secret=_secret)
# What somebody waits for is told, whether they want to be asked or not.
REPLY = Purpose(
    "survey_reply", _("A reply to what you wrote"), Group("survey_replies", _("Replies to what I wrote")),
    secret=_secret,
)  # fmt: skip
LATE = Purpose(
    "survey_late",
    _("Somebody dissatisfied was not answered in time"),
    Group("late_surveys", _("Dissatisfied people not answered in time")),
)


def register_purposes() -> None:
    for purpose in (QUESTION, REPLY, LATE):
        register_purpose(purpose)


def tell_question(survey: Survey, *, at: datetime) -> None:
    _tell(survey, QUESTION.code, f"survey:{survey.pk}", at)


def tell_reply(case: UnhappyCase, *, at: datetime) -> None:
    _tell(case.survey, REPLY.code, f"survey-reply:{case.id}:{case.revision}", at)


def _tell(survey: Survey, purpose: str, key: str, at: datetime) -> None:
    """The link in words is the one that needs no sign-in; that in the portal leads to the page one signs in for."""
    dossier = survey.dossier
    contact = get_contact(dossier.applicant_id)
    context = {
        "name": contact.full_name,
        "procedure": dossier.version.procedure.names,
        "agency": dossier.agency.name,
        "returned_at": survey.returned_at,
        "door": f"{get('site.base_url')}{reverse('satisfaction:door')}",
    }
    notice = Notice(
        purpose=purpose,
        source_key=key,
        context=context,
        link=reverse("satisfaction:survey", args=[dossier.pk]),
        reference=dossier.code or dossier.reference,
        concerns=("dossier", dossier.pk),
        agency_path=survey.agency_path,
    )
    recipient = Recipient(dossier.applicant_id, contact.email, contact.telephone)
    notify(recipient=recipient, notice=notice, at=at)


def tell_late(case: UnhappyCase, *, at: datetime) -> int:
    """The leaders of the agency that has the case, of those above it only where it has none; how many."""
    notice = Notice(
        purpose=LATE.code,
        source_key=f"survey-late:{case.id}:{case.agency_id}",
        context={"agency": case.agency.name, "due_at": case.due_at},
        link=reverse("desk-satisfaction:case", args=[case.id]),
        concerns=("survey", case.id),
        agency_path=case.agency_path,
    )
    leaders = _leaders(case.agency_path, at)
    for officer, account in leaders.items():
        recipient = Recipient(officer, email=account.email, language=account.language)
        key = f"{notice.source_key}:{case.due_at:%Y%m%d%H%M}:{officer}"
        notify(recipient=recipient, notice=replace(notice, source_key=key), at=at)
    return len(leaders)


def _leaders(path: str, at: datetime) -> dict[UUID, Account]:
    named = [pk for pk, _name in list_officers_with("leader", path, on=timezone.localdate(at))]
    accounts = Account.objects.filter(officer__in=named, is_active=True).order_by("username")
    found = [(identity.actor, account) for account in accounts if (identity := identify(account))]
    here = [pair for pair in found if pair[0].agency_path == path]
    return {actor.person: account for actor, account in here or found}
