"""Officers and citizens at work, whatever breaks: `python -m tests.chaos.load LEDGER SECONDS SEED`.

Every act whose outcome is known to the client is a line of the ledger. An act whose answer was lost is looked up, and
done again only if it did not happen: what a person does who finds the page gone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.demo")

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from procrastinate.exceptions import ConnectorException

from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.services import handling
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.factories import filled_in
from motcua.registry.organisations.selectors import find_agency_of_place
from motcua.registry.organisations.tests.factories import desk_of
from motcua.registry.people.tests.factories import citizen

T = TypeVar("T")
COMMUNE = "04894"


def insist(work: Callable[[], T]) -> T:
    """Again and again while the database is away."""
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError, ConnectorException):
            connection.close()
            time.sleep(0.05)


def act_once(dossier_id: Any, status: int, do: Callable[[Target], object]) -> None:
    """Do an act unless it was done: its answer may have been lost after the commit."""

    def attempt() -> None:
        dossier = Dossier.objects.only("status", "revision").get(pk=dossier_id)
        if dossier.status < status:
            do(Target(dossier_id, dossier.revision))

    insist(attempt)


def one_dossier(desk: Any, applicant: Any, note: Callable[..., None]) -> None:
    # A draft that broke off before its answer came is left behind, as people leave drafts.
    draft: Draft = insist(lambda: filled_in(desk, applicant, at=timezone.now()))
    # The draft becomes the dossier and keeps its id; a repetition gives the same dossier.
    dossier = insist(lambda: submit_dossier(actor=applicant, draft_id=draft.id, at=timezone.now()))
    note("dossier.submitted", dossier.id)
    act_once(
        dossier.id,
        2,
        lambda target: handling.accept_dossier(actor=desk.reception, target=target, at=timezone.now()),
    )
    note("dossier.accepted", dossier.id)
    act_once(
        dossier.id,
        4,
        lambda target: handling.hand_over_dossier(actor=desk.reception, target=target, at=timezone.now()),
    )
    note("dossier.handed_over", dossier.id)


def main(ledger: Path, seconds: float, seed: int) -> None:
    agency = insist(lambda: find_agency_of_place(COMMUNE, at=timezone.localdate()))
    desk = insist(lambda: desk_of(agency))
    number = f"0251970{seed:05}"
    applicant = insist(
        lambda: citizen(at=timezone.now(), personal_number=number, full_name=f"Người Mẫu {seed}")
    )
    end = time.monotonic() + seconds
    with ledger.open("a") as file:

        def note(kind: str, object_id: object) -> None:
            file.write(json.dumps([kind, str(object_id)]) + "\n")
            file.flush()

        while time.monotonic() < end:
            one_dossier(desk, applicant, note)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
