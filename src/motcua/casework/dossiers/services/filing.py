"""Filing through the API: a client hands in a whole application for a person, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from motcua.casework.dossiers.errors import (
    AgencyNotYours,
    AnswersRefused,
    KeyReused,
    NotOnline,
    NumberRefused,
    PaperUnknown,
)
from motcua.casework.dossiers.forms import (
    claims_of,
    deciding_agency,
    file_fields,
    form_of,
    paper_answers,
    with_papers,
)
from motcua.casework.dossiers.models import ClientFiling, Dossier, Draft, DraftPaper
from motcua.casework.dossiers.services.submission import enter_dossier
from motcua.casework.forms.rules.answers import known_answers, with_known
from motcua.casework.forms.rules.checks import Problem, check_all, is_oversized
from motcua.casework.forms.rules.personal_numbers import find_fault
from motcua.foundation.files.services import DOSSIER_PAPERS, CheckedUpload, checked_upload, store_checked
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean
from motcua.registry.access.clients.selectors import TEST
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import find_version, get_procedure
from motcua.registry.people.services import Applicant, find_or_enter_applicant

# No province and no country has it (Circular 07/2016/TT-BCA, annex): such a number is nobody's.
TEST_NUMBERS = "000"


@dataclass(frozen=True, slots=True)
class Application:
    """What a client sends. `answers`: by the form's field names; `uploads`: a paper by the name of its field."""

    procedure: str
    applicant: Applicant
    answers: Mapping[str, Any]
    uploads: Mapping[str, UploadedFile]


def file_application(
    *, actor: Actor, key: str, application: Application, at: datetime
) -> tuple[Dossier, bool]:
    """File for a person, and whether that happened now: the same key again gives the dossier of the first time.

    Raises KeyReused (the key came with something else), NotFound and NotOnline (procedure), NumberRefused and
    ApplicantMismatch (person), PaperUnknown, FileRefused, AnswersRefused, AgencyNotYours.
    """
    if is_oversized(application.answers):
        raise AnswersRefused(errors=[{"pointer": "/answers", "code": "too_large"}])
    digest = _digest(application)
    before = ClientFiling.objects.filter(client=actor.account, key=key).select_related("dossier")
    if earlier := before.first():
        return _same(earlier, digest), False
    version = _version(application.procedure, at)
    known = file_fields(form_of(version))
    for name in application.uploads:
        if name not in known:
            raise PaperUnknown(name=name[:60])
    check_number(application.applicant, is_test=bool(actor.scopes(TEST)))
    with ExitStack() as stack:
        checked = {
            name: stack.enter_context(checked_upload(upload=upload, actor=actor, at=at, rules=DOSSIER_PAPERS))
            for name, upload in sorted(application.uploads.items())
        }
        try:
            return _enter(actor, _Key(key, digest), version, _Parts(application, checked), at), True
        except _Overtaken:
            return _same(before.get(), digest), False


class _Overtaken(Exception):
    """The same call came twice at once and the other one was faster: what was entered here is taken back."""


@dataclass(frozen=True, slots=True)
class _Key:
    value: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Parts:
    application: Application
    checked: Mapping[str, CheckedUpload]


def _digest(application: Application) -> str:
    """The application's content, files included, to tell a repeated call from another one under the same key."""
    files = {}
    for name, upload in application.uploads.items():
        found = hashlib.sha256()
        for chunk in upload.chunks():
            found.update(chunk)
        upload.seek(0)
        files[name] = found.hexdigest()
    content = [application.procedure, asdict(application.applicant), dict(application.answers), files]
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _same(before: ClientFiling, digest: str) -> Dossier:
    if before.digest != digest:
        raise KeyReused
    return before.dossier


def _version(code: str, at: datetime) -> ProcedureVersion:
    procedure = get_procedure(code)
    version = find_version(code, at=timezone.localdate(at))
    if not version or not procedure.is_online:
        raise NotOnline(code=code)
    return version


def check_number(applicant: Applicant, *, is_test: bool) -> None:
    """A test client files for nobody real, every other one for nobody made up. Raises NumberRefused."""
    number = applicant.personal_number
    if is_test:
        if len(number) != 12 or not number.isascii() or not number.isdecimal() or number[:3] != TEST_NUMBERS:
            raise NumberRefused(reason="test")
    elif fault := find_fault(number, birth=applicant.birth_date, sex=applicant.sex):
        raise NumberRefused(reason=fault)


@transaction.atomic
def _enter(actor: Actor, key: _Key, version: ProcedureVersion, parts: _Parts, at: datetime) -> Dossier:
    application = parts.application
    person = find_or_enter_applicant(application.applicant, actor=actor, at=at)
    draft = Draft(
        applicant=person, owner_person=person, version=version, answers=_cleaned(application.answers)
    )
    _check_answers(draft, parts.checked, at)
    papers = [
        DraftPaper(
            draft=draft,
            component=name,
            file=store_checked(checked, belongs_to=draft.id, owner_id=person.id),
        )
        for name, checked in parts.checked.items()
    ]
    agency = deciding_agency(draft.answers, on=timezone.localdate(at))
    if not agency or not agency.path.startswith(actor.agency_path):
        raise AgencyNotYours
    dossier = enter_dossier(draft, papers, actor=actor, at=at)
    _filing, is_new = ClientFiling.objects.get_or_create(
        client_id=actor.account, key=key.value, defaults={"digest": key.digest, "dossier": dossier, "at": at}
    )
    if not is_new:
        raise _Overtaken
    return dossier


def _cleaned(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _clean(value) for name, value in answers.items()}


def _clean(value: Any) -> Any:
    """Texts cleaned at any depth; the size was checked before."""
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {name: _clean(it) for name, it in value.items()}
        case list():
            return [_clean(it) for it in value]
    return value


def _check_answers(draft: Draft, checked: Mapping[str, CheckedUpload], at: datetime) -> None:
    """All of the form at once, as a program corrects all at once. Raises AnswersRefused."""
    form = form_of(draft.version)
    draft.answers = {name: value for name, value in draft.answers.items() if name not in file_fields(form)}
    # Files get their ids when they are stored: here it counts that they are there.
    papers = paper_answers(form, ((name, draft.id) for name in checked))
    answers = with_papers(draft.answers, papers)
    found = {name: Problem("unknown") for name in draft.answers if name not in form.fields}
    claims = claims_of(draft)
    found |= check_all(form, answers, timezone.localdate(at), claims)
    # What is known of the person is taken from nobody else.
    draft.answers = with_known(draft.answers, known_answers(form, answers, claims))
    if found:
        raise AnswersRefused(
            errors=[{"pointer": _pointer(key), "code": problem.code} for key, problem in found.items()]
        )


def _pointer(key: str) -> str:
    """Where a problem is, as RFC 6901 writes it: "children-0-full_name" -> "/answers/children/0/full_name"."""
    return "/".join(["/answers", *key.split("-")]) if key else "/answers"
