"""What a bulk is given: desks, what is said there, and applications with their courses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from motcua.casework.dossiers.services.bulk_forms import Clerk
from motcua.casework.dossiers.services.bulk_law import form_series
from motcua.casework.dossiers.services.clock import ONLINE
from motcua.casework.dossiers.services.handling import code_day
from motcua.foundation.files.models import StoredFile
from motcua.foundation.worktime.moments import local
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.models import Agency, Unit
from motcua.registry.organisations.services import Series
from motcua.registry.people.models import Person

CODES, RECEIPTS = "dossier", "form-01"


@dataclass(frozen=True, slots=True)
class Desk:
    """An agency with its one-stop desk, who acts there, by right, and the unit that is asked for opinions."""

    agency: Agency
    unit: Unit
    clerks: Mapping[str, Clerk]
    asked: Unit | None


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in a course: what is missing and why, what is asked and answered; the papers that are brought first
    and in a second round; what arose since, why it ends without a result or will be late, what is to be paid."""

    missing: str = ""
    reason: str = ""
    question: str = ""
    opinion: str = ""
    brought: StoredFile | None = None
    again: StoredFile | None = None
    arose: str = ""
    ended: str = ""
    late: str = ""
    to_pay: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """One application and its course.

    applicant: a row of Person. answers: checked and only those asked, with the papers' ids. alike: the same for filings
    of a version whose case, fees and returning are the same. case: as the procedure makes it. named: what the title
    names. acts: as in `rules.courses`; moments: of the submission and of each. facts: added to every entry. channel:
    what is not online is taken in at the desk, so its first act is "accept", at the moment of the submission. states:
    of digitisation, by component, where that is not 1. on_paper: components handed in without a file.
    """

    version: ProcedureVersion
    desk: Desk
    applicant: Person
    answers: Mapping[str, Any]
    papers: Mapping[str, StoredFile]
    alike: str
    case: str
    named: Mapping[str, Any]
    acts: tuple[str, ...]
    moments: Sequence[datetime]
    facts: Mapping[str, Any]
    words: Words = Words()
    channel: int = ONLINE
    states: Mapping[str, int] = field(default_factory=dict)
    on_paper: tuple[str, ...] = ()

    def series(self) -> Iterator[Series]:
        """The running numbers it takes, one each."""
        agency = self.desk.agency.first_id or self.desk.agency.pk
        for code, at in zip(self.acts, self.moments[1:], strict=True):
            if code == "accept":
                yield Series(agency, CODES, code_day(at))
                yield Series(agency, RECEIPTS, str(local(at).year))
            elif form := form_series(self.acts, code):
                yield Series(agency, form, str(local(at).year))
