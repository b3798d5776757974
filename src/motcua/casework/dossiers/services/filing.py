"""Filing through the API: a program hands in a whole application for a person, or a person their own, once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.errors import (
    AgencyNotYours,
    AnswersRefused,
    ApplicantMissing,
    ApplicantNotAsked,
    DraftIncomplete,
    NotInThisName,
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
from motcua.casework.dossiers.offering import DECIDES_WHERE
from motcua.casework.dossiers.policies import check_offered, may_apply
from motcua.casework.dossiers.services.submission import enter_dossier
from motcua.casework.dossiers.services.uploads import MOST_OF_A_FIELD, find_sent_ahead
from motcua.casework.forms.messages import problem_message
from motcua.casework.forms.rules.answers import known_answers, with_known
from motcua.casework.forms.rules.checks import Problem, check_all, is_oversized
from motcua.casework.forms.rules.definition import FormDefinition
from motcua.casework.forms.rules.personal_numbers import find_fault
from motcua.foundation.files.services import DOSSIER_PAPERS, CheckedUpload, checked_upload, store_checked
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.calls import Caller
from motcua.registry.access.clients.errors import KeyReused
from motcua.registry.access.clients.selectors import TEST
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import find_version, get_procedure
from motcua.registry.people.models import Organisation, Person
from motcua.registry.people.services import Applicant, find_or_enter_applicant

# No province and no country has it (Circular 07/2016/TT-BCA, annex): such a number is nobody's.
TEST_NUMBERS = "000"


@dataclass(frozen=True, slots=True)
class Application:
    """What a caller sends. `answers`: by the form's field names, texts cleaned, a paper that was sent ahead by its
    upload's id; `uploads`: papers that come along, by the name of their field; `applicant`: from programs only."""

    procedure: str
    applicant: Applicant | None
    answers: Mapping[str, Any]
    uploads: Mapping[str, UploadedFile] = field(default_factory=dict)


def read_application(content: Mapping[str, Any], uploads: Mapping[str, UploadedFile]) -> Application:
    """An application of checked JSON values (`DossierIn`)."""
    sent = content["applicant"]
    applicant = Applicant(**sent | {"birth_date": date.fromisoformat(sent["birth_date"])}) if sent else None
    return Application(content["procedure"], applicant, content["answers"], uploads)


@dataclass(frozen=True, slots=True)
class Filer:
    """Who files: the actor, the caller whose keys and uploads count, and the key of this filing."""

    actor: Actor
    caller: Caller
    key: str


def file_application(*, filer: Filer, application: Application, at: datetime) -> tuple[Dossier, bool]:
    """File, and whether that happened now: the same key again gives the dossier of the first time.

    Raises KeyReused (the key came with something else), NotFound and NotOnline (procedure), ApplicantMissing,
    ApplicantNotAsked, NumberRefused and ApplicantMismatch (person), NotInThisName, PaperUnknown, FileRefused,
    AnswersRefused, AgencyNotYours.
    """
    if is_oversized(application.answers):
        detail = str(AnswersRefused.message)
        raise AnswersRefused(errors=[{"path": "/answers", "code": "too_large", "detail": detail}])
    digest, caller = _digest(application, filer.caller.acting_as), filer.caller
    filed = ClientFiling.objects.filter(
        client=caller.client_id, account_id=caller.account_id, key=filer.key
    ).select_related("dossier__version", "dossier__agency")
    if earlier := filed.first():
        return _same(earlier, digest), False
    version = _version(application.procedure, at)
    _check_papers(application, form_of(version))
    _check_applicant(application.applicant, filer.actor)
    with ExitStack() as stack:
        checked = {
            name: [
                stack.enter_context(
                    checked_upload(upload=upload, actor=filer.actor, at=at, rules=DOSSIER_PAPERS)
                )
            ]
            for name, upload in sorted(application.uploads.items())
        }
        try:
            return _enter(filer, digest, version, _Parts(application, checked), at), True
        except _Overtaken:
            return _same(filed.get(), digest), False


def _check_papers(application: Application, form: FormDefinition) -> None:
    known = file_fields(form)
    for name in application.uploads:
        if name not in known:
            raise PaperUnknown(name=name[:60])


def _check_applicant(applicant: Applicant | None, actor: Actor) -> None:
    """A program files for somebody, a person for themselves or in whose name they act."""
    if actor.kind != "client":
        if applicant:
            raise ApplicantNotAsked
    elif not applicant:
        raise ApplicantMissing
    else:
        check_number(applicant, is_test=bool(actor.scopes(TEST)))


class _Overtaken(Exception):
    """The same call came twice at once and the other one was faster: what was entered here is taken back."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """`checked`: the papers of each field."""

    application: Application
    checked: Mapping[str, Sequence[CheckedUpload]]


def _digest(application: Application, acting_as: str) -> str:
    """What is filed, files included, and in whose name, to tell a repeated call from another one under its key."""
    files = {}
    for name, upload in application.uploads.items():
        found = hashlib.sha256()
        for chunk in upload.chunks():
            found.update(chunk)
        upload.seek(0)
        files[name] = found.hexdigest()
    applicant = asdict(application.applicant) if application.applicant else None
    content = [application.procedure, applicant, dict(application.answers), files]
    content += [acting_as] if acting_as else []
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _same(before: ClientFiling, digest: str) -> Dossier:
    if before.digest != digest:
        raise KeyReused
    return before.dossier


def _version(code: str, at: datetime) -> ProcedureVersion:
    version = find_version(code, at=timezone.localdate(at))
    if not version:
        get_procedure(code)  # to tell what is unknown from what is only listed
    if not version or not version.procedure.is_online:
        raise NotOnline(code=code)
    check_offered(version)
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
def _enter(filer: Filer, digest: str, version: ProcedureVersion, parts: _Parts, at: datetime) -> Dossier:
    actor, caller = filer.actor, filer.caller
    form = form_of(version)
    draft = _draft(actor, parts.application, version, at)
    if actor.kind != "client" and not may_apply(actor, version):
        raise NotInThisName
    checked, wrong = _papers(caller, form, parts)
    draft.answers = {name: value for name, value in draft.answers.items() if name not in file_fields(form)}
    held = paper_answers(form, ((name, draft.id) for name, found in checked.items() for _one in found))
    _check_answers(draft, held, wrong, at)
    papers = [
        DraftPaper(
            draft=draft, component=name, file=store_checked(one, belongs_to=draft.id, owner_id=draft.owner_id)
        )
        for name, found in checked.items()
        for one in found
    ]
    _check_agency(draft, actor, at)
    try:
        dossier = enter_dossier(draft, papers, actor=actor, at=at)
    except DraftIncomplete as error:
        # Of linked procedures: the form of the first one asks for more than theirs.
        raise AnswersRefused(errors=[told(form, "", Problem("invalid"))]) from error
    try:
        ClientFiling.objects.create(
            client_id=caller.client_id,
            account_id=caller.account_id,
            key=filer.key,
            digest=digest,
            dossier=dossier,
            at=at,
        )
    except IntegrityError as error:
        raise _Overtaken from error
    return dossier


def _check_agency(draft: Draft, actor: Actor, at: datetime) -> None:
    """Raises AnswersRefused where nobody here decides at the place that was named, AgencyNotYours."""
    procedure = draft.version.definition["procedure"]
    form = form_of(draft.version)
    agency = deciding_agency(draft.answers, on=timezone.localdate(at), procedure=procedure)
    if not agency and DECIDES_WHERE in form.fields:
        raise AnswersRefused(errors=[told(form, DECIDES_WHERE, Problem("nobody_decides"))])
    if actor.kind == "client" and not (agency and agency.path.startswith(actor.agency_path)):
        raise AgencyNotYours


def _draft(actor: Actor, application: Application, version: ProcedureVersion, at: datetime) -> Draft:
    """What is filed, not saved: of whom, and in whose name."""
    answers = dict(application.answers)
    if application.applicant:
        person = find_or_enter_applicant(application.applicant, actor=actor, at=at)
        return Draft(applicant=person, owner_person=person, version=version, answers=answers)
    person, behalf = Person.objects.get(pk=actor.person), actor.behalf
    draft = Draft(applicant=person, version=version, answers=answers)
    if behalf and behalf.organisation_id:
        draft.owner_organisation = Organisation.objects.get(pk=behalf.organisation_id)
    elif behalf:
        draft.owner_person_id = behalf.person_id
    else:
        draft.owner_person = person
    return draft


def _papers(
    caller: Caller, form: FormDefinition, parts: _Parts
) -> tuple[dict[str, Sequence[CheckedUpload]], dict[str, Problem]]:
    """The papers of each field, those sent ahead too; and what is wrong with the files that a field names. One that
    names none ("", []) is not answered: whether it had to be is the form's matter."""
    found: dict[str, Sequence[CheckedUpload]] = dict(parts.checked)
    wrong: dict[str, Problem] = {}
    for name in file_fields(form):
        named = parts.application.answers.get(name)
        if name in found or named in (None, "", []):
            continue
        if isinstance(named, list) and len(named) > MOST_OF_A_FIELD:
            wrong[name] = Problem("too_many", {"maximum": MOST_OF_A_FIELD})
        elif ahead := find_sent_ahead(caller, named):
            found[name] = ahead
        else:
            wrong[name] = Problem("unknown_file")
    return found, wrong


def _check_answers(
    draft: Draft, papers: Mapping[str, str | list[str]], wrong: Mapping[str, Problem], at: datetime
) -> None:
    """All of the form at once, as a program corrects all at once. Raises AnswersRefused."""
    form = form_of(draft.version)
    found = dict(wrong)
    found |= {name: Problem("unknown") for name in draft.answers if name not in form.fields}
    # Files get their ids when they are stored: here it counts that they are there.
    answers = with_papers(draft.answers, papers)
    claims = claims_of(draft)
    found = check_all(form, answers, timezone.localdate(at), claims) | found
    # What is known of the person is taken from nobody else.
    draft.answers = with_known(draft.answers, known_answers(form, answers, claims))
    if found:
        raise AnswersRefused(errors=[told(form, name, problem) for name, problem in found.items()])


UNKNOWN_FILE = _("Name a file that you sent ahead with POST /files, within two days.")
_WORDS = {
    "unknown": _("The form has no such question."),
    "unknown_file": UNKNOWN_FILE,
    "nobody_decides": _("No agency here decides for this place. Name a commune of today by its five digits."),
}


def told(form: FormDefinition, key: str, problem: Problem) -> dict[str, str]:
    """What is wrong with one answer, for programs: JSON Pointer, code, and in words."""
    language = (get_language() or "vi").split("-")[0]
    field_name = key.split("-")[0]
    words = _WORDS.get(problem.code) or problem_message(form.fields.get(field_name), problem, language)
    return {"path": _pointer(key), "code": problem.code, "detail": str(words)}


def _pointer(key: str) -> str:
    """Where a problem is, as RFC 6901 writes it: "children-0-full_name" -> "/answers/children/0/full_name"."""
    parts = [part.replace("~", "~0").replace("/", "~1") for part in key.split("-")] if key else []
    return "/".join(["/answers", *parts])
