"""What the operations on dossiers take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from motcua.casework.dossiers.models import Component, Dossier, OfficialDocument, SupplementRequest
from motcua.casework.dossiers.rules.classes import class_of
from motcua.casework.dossiers.services.papers import FORMS
from motcua.foundation.files.models import StoredFile
from motcua.foundation.kernel.text import clean, clean_line

Line = Annotated[StrictStr, AfterValidator(clean_line)]
# Cleaned before anything is stored: PostgreSQL keeps no NUL, and a bulk filing keeps what was sent.
Name = Annotated[str, Field(max_length=60), AfterValidator(clean)]
Number = Annotated[StrictFloat, Field(allow_inf_nan=False)]
Leaf = StrictBool | StrictInt | Number | Annotated[StrictStr, Field(max_length=20_000), AfterValidator(clean)]
Leaves = Annotated[list[Leaf], Field(max_length=50)]
Group = dict[Name, Leaf | Leaves | dict[Name, Leaf]]
Answer = Leaf | Leaves | dict[Name, Leaf] | Annotated[list[Group], Field(max_length=50)]


class ApplicantIn(Schema):
    """The person it is filed for. A person who is known stays as they are known; all of it must fit them."""

    model_config = ConfigDict(extra="forbid")
    personal_number: Annotated[Line, Field(pattern=r"^[0-9]{12}$", examples=["025197004187"])]
    full_name: Annotated[Line, Field(min_length=1, max_length=300, examples=["Nguyễn Thị Hồng Nhung"])]
    birth_date: date
    sex: Literal["male", "female"]
    residence: Annotated[
        Line, Field(min_length=1, max_length=500, examples=["Khu 4, xã Lâm Thao, tỉnh Phú Thọ"])
    ]
    ethnicity: Annotated[Line, Field(max_length=50)] = ""
    nationality: Annotated[Line, Field(max_length=50)] = ""
    telephone: Annotated[Line, Field(pattern=r"^(\+?[0-9 ]{8,20})?$")] = ""
    email: Annotated[Line, Field(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")] = ""


class DossierIn(Schema):
    """An application. `applicant`: from programs only; a person files for themselves, or in whose name they act.
    `answers`: by the names of the form's fields, see GET /procedures/{code}; dates as ISO 8601, a paper that was sent
    ahead by its id (several as a list)."""

    model_config = ConfigDict(extra="forbid")
    procedure: Annotated[StrictStr, Field(pattern=r"^[0-9]\.[0-9]{6}$", examples=["1.001193"])]
    applicant: ApplicantIn | None = None
    answers: dict[Name, Answer]


class DossierOut(Schema):
    """Nothing of the applicant: who filed knows it. `status`: 1 to 10 of the national list. `test`: counted nowhere.
    `basis_at`: the original due date, by which it is counted; `answer_by`, `answered_at`: of what came online.
    `timing`: early, on_time, late, in_process, overdue, stopped, or empty before acceptance and where none runs."""

    id: UUID
    reference: str
    code: str | None
    procedure: str
    version: int
    agency: str
    status: int
    test: bool
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    basis_at: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    updated_at: datetime
    timing: str


class FileOut(Schema):
    """`sha256`: of the content as it is kept; pictures lose their metadata on the way in."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


class UploadOut(FileOut):
    """`id`: to be named in the answers of an application, within two days."""

    id: UUID


class PaperOut(Schema):
    """A paper that was handed in. `component`: the field that asked for it."""

    id: int
    component: str
    name: str
    file: FileOut


class DocumentOut(Schema):
    """A paper the agency made. `kind`: receipt, supplement (form 02), draft or result. `sha256`: of the file, for
    drafts and results."""

    id: UUID
    kind: str
    edition: int
    number: str
    made_at: datetime
    sha256: str | None


class OpenTaskOut(Schema):
    """`id`: for `task` of an act, where several are open. `claimed`: somebody has taken it."""

    id: UUID
    step: str
    due_at: datetime
    claimed: bool
    acts: list[str]


class AskedOut(Schema):
    """One item of form 02. `component`: the field of the form whose paper is meant, `field`: the one whose answer is to
    be corrected; neither: any paper. `reason`: why this one, empty where it is the reason of all."""

    text: str
    component: str
    field: str
    reason: str


class SupplementOut(Schema):
    """What the applicant is asked for now. `document`: form 02. Brought by POST /dossiers/{id}/acts/supplement."""

    asked_at: datetime
    reason: str
    document: UUID
    items: list[AskedOut]


class DossierDetail(DossierOut):
    """`answers`, `papers`, `documents`: null for programs, which see status and dates. `acts`: what the caller may do
    with it now, see POST /dossiers/{id}/acts. `tasks`: the open ones at which they may do it. `supplement`: what the
    applicant is asked for now; null for programs, and when nothing is."""

    answers: dict[str, Any] | None
    papers: list[PaperOut] | None
    documents: list[DocumentOut] | None
    acts: list[str]
    tasks: list[OpenTaskOut]
    supplement: SupplementOut | None


class DossierList(Schema):
    """`next`: for `after` of the next call; empty on the last page."""

    items: list[DossierOut]
    next: str


class EntryOut(Schema):
    """An act on the dossier: when, what, by what kind of doer. `facts`: codes and dates, nothing personal."""

    id: UUID
    sequence: int
    at: datetime
    kind: str
    by: str
    facts: dict[str, Any]


class EntryList(Schema):
    """`next`: for `after` of the next call; 0 on the last page."""

    items: list[EntryOut]
    next: int


def dossier_out(dossier: Dossier) -> dict[str, Any]:
    same = (
        "id", "reference", "code", "status", "submitted_at", "accepted_at", "due_at", "basis_at", "answer_by",
        "answered_at", "finished_at", "returned_at", "updated_at",
    )  # fmt: skip
    return {name: getattr(dossier, name) for name in same} | {
        "procedure": dossier.procedure_code,
        "version": dossier.version.number,
        "agency": dossier.agency.code,
        "test": dossier.is_test,
        "timing": str(class_of(dossier, timezone.now())),
    }


def file_out(file: StoredFile) -> dict[str, Any]:
    return {name: getattr(file, name) for name in ("name", "media_type", "size_bytes", "sha256")}


def supplement_out(asked: SupplementRequest) -> dict[str, Any]:
    """`items`: what the officer asked; what follows from answers depends on what is sent."""
    items = [row for row in asked.items if not row.get("follows")]
    return {
        "asked_at": asked.asked_at,
        "reason": asked.reason,
        "document": asked.document_id,
        "items": [{"component": "", "field": "", "reason": "", **row} for row in items],
    }


def paper_out(paper: Component) -> dict[str, Any]:
    return {"id": paper.pk, "component": paper.code, "name": paper.name, "file": file_out(paper.file)}


def document_out(document: OfficialDocument) -> dict[str, Any]:
    same = ("id", "kind", "edition", "number", "made_at")
    # The file of a form is made by a job after the act: told without it, the answer does not change on its own.
    has_file = document.kind not in FORMS and document.file
    return {name: getattr(document, name) for name in same} | {
        "sha256": document.file.sha256 if has_file and document.file else None
    }
