"""A batch of a simulation in the database."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection, transaction

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.bulk import Bulk, take_numbers_for
from motcua.casework.dossiers.services.papers import make_certificate
from motcua.config.simulation.making import MADE_UP, Case, Stage, make_case
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.people.services import enter_citizens

Entered = tuple[int, Counter[int]]


class Batches:
    """Enters batches of a stage; keeps what they have in common."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.bulk = stage, Bulk(stage.staff)

    def enter(self, indexes: range) -> Entered:
        """Enter these dossiers in one transaction: how many drafts were rendered, and dossiers by status."""
        found = (make_case(self.stage, index) for index in indexes)
        cases = sorted(found, key=lambda case: case.filing.moments[0])
        filings = [case.filing for case in cases]
        numbers = take_numbers_for(filings)
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Nobody waits for the disk; what a crash takes away is simulated again.
                cursor.execute("SET LOCAL synchronous_commit = off")
            citizens = [case.citizen for case in cases]
            enter_citizens(citizens, actor=SYSTEM, facts=MADE_UP, at=self.stage.at)
            dossiers = self.bulk.enter(filings, numbers)
            signing = [pair for pair in zip(cases, dossiers, strict=True) if "signing" in pair[0].state]
            for case, dossier in signing:
                _draft(case, dossier)
        return len(signing), Counter(int(dossier.status) for dossier in dossiers)


def _draft(case: Case, row: Any) -> None:
    """The draft that lies before the signer."""
    filing = case.filing
    dossier = Dossier.objects.select_related("version__procedure", "agency__parent").get(pk=row.id)
    drafted = filing.moments[filing.acts.index("draft-result") + 1]
    make_certificate(dossier, actor=filing.desk.clerks["specialist"].actor, at=drafted)
