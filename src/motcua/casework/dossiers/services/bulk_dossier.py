"""The row of a dossier in a bulk, as its draft would have become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motcua.casework.dossiers.forms import applicant_facts, form_of, search_words
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.clock import ONLINE
from motcua.casework.forms.rules.definition import fill
from motcua.casework.warehouse.codes import new_code
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.kernel.rows import plain_rows
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.deadlines import due_moment
from motcua.foundation.worktime.limits import ANSWER_ONLINE

if TYPE_CHECKING:
    from motcua.casework.dossiers.services.bulk_given import Filing

_new_dossier = plain_rows(Dossier)


def dossier_of(filing: Filing, calendar: Calendar) -> Any:
    """What `build_dossier` makes of the draft, of what the caller vouches for; `version` and `agency` beside."""
    reference, agency, applicant = f"T-{new_code()}", filing.desk.agency, filing.applicant
    title = fill(form_of(filing.version).title, "vi", filing.named)
    return _new_dossier(
        id=new_id(),
        reference=reference,
        version_id=filing.version.pk,
        version=filing.version,
        procedure_code=filing.version.procedure_id,
        case=filing.case,
        applicant_id=applicant.id,
        owner_person_id=applicant.id,
        owner_id=applicant.id,
        owner_name=applicant.full_name,
        agency_id=agency.pk,
        agency=agency,
        agency_path=agency.path,
        channel=filing.channel,
        status=1,
        answers=filing.answers,
        applicant_facts=applicant_facts(applicant),
        search_text=search_words(applicant.full_name, title, reference),
        submitted_at=filing.moments[0],
        answer_by=due_moment(filing.moments[0], ANSWER_ONLINE, calendar)
        if filing.channel == ONLINE
        else None,
    )
