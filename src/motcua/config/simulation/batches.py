"""A batch of a simulation in the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.bulk import Bulk, take_numbers_for
from motcua.casework.dossiers.services.papers import make_certificate
from motcua.config.simulation.making import MADE_UP, Stage, make_case
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.registry.people.services import enter_citizens


@dataclass(frozen=True, slots=True)
class Drafting:
    """A draft that is to lie before the signer: of which dossier, by whom, when."""

    dossier_id: UUID
    actor: Actor
    at: datetime


Entered = tuple[list[Drafting], Counter[int]]


class Batches:
    """Enters batches of a stage; keeps what they have in common."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.bulk = stage, Bulk(stage.staff)

    def enter(self, indexes: range) -> Entered:
        """Enter these dossiers in one transaction: the drafts that are to be made, and dossiers by status.

        Renders nothing: what renders works with threads, which a fork does not have.
        """
        found = (make_case(self.stage, index) for index in indexes)
        cases = sorted(found, key=lambda case: case.filing.moments[0])
        filings = [case.filing for case in cases]
        numbers = take_numbers_for(filings)
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Nobody waits for the disk; what a crash takes away is simulated again. Words to search by are sorted
                # in where they belong by the ten thousand dossiers.
                cursor.execute("SET LOCAL synchronous_commit = off")
                cursor.execute("SET LOCAL gin_pending_list_limit = '16MB'")
                cursor.execute("SET LOCAL work_mem = '64MB'")
            citizens = [case.citizen for case in cases]
            enter_citizens(citizens, actor=SYSTEM, facts=MADE_UP, at=self.stage.at)
            dossiers = self.bulk.enter(filings, numbers)
        drafts = [
            Drafting(row.id, filing.desk.clerks["specialist"].actor, filing.moments[_drafted(filing.acts)])
            for case, filing, row in zip(cases, filings, dossiers, strict=True)
            if "signing" in case.state
        ]
        return drafts, Counter([dossier.status for dossier in dossiers])


def _drafted(acts: tuple[str, ...]) -> int:
    return acts.index("draft-result") + 1


def make_draft(drafting: Drafting) -> None:
    """The draft that lies before the signer."""
    dossier = Dossier.objects.select_related("version__procedure", "agency__parent").get(
        pk=drafting.dossier_id
    )
    make_certificate(dossier, actor=drafting.actor, at=drafting.at)
