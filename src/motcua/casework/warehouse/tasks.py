"""Jobs of the warehouse. Each may run twice without harm."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from motcua.casework.warehouse import examining, selectors, services, sharing
from motcua.foundation.kernel.jobs import repeats
from motcua.foundation.kernel.retention import load_rules
from motcua.foundation.signatures.revocation import NoRevocationData
from motcua.foundation.signatures.timestamps import NoTimeStamp

# A minute, two, three ...: about two days in all. After that the nightly job asks again.
_PATIENCE = RetryStrategy(
    max_attempts=75, wait=60, linear_wait=60, retry_exceptions={NoTimeStamp, NoRevocationData}
)


@app.task(name="warehouse.extend_document", retry=_PATIENCE)
def extend_document(document_id: str) -> None:
    services.extend_document(UUID(document_id), at=timezone.now())


@repeats("warehouse.extend_documents", cron="43 19 * * *")  # 02:43 in Việt Nam
def extend_documents(timestamp: int) -> None:
    """Every night: what is not at the wanted level yet, and what must be renewed."""
    for document_id in selectors.list_documents_to_extend(at=timezone.now()):
        job = app.configure_task("warehouse.extend_document", queueing_lock=f"warehouse.extend {document_id}")
        with suppress(AlreadyEnqueued), transaction.atomic():
            job.defer(document_id=str(document_id))


@repeats("warehouse.examine_documents", cron="20 20 * * *")  # 03:20 in Việt Nam
def examine_documents(timestamp: int) -> None:
    """Every night: whether signatures still hold, of those not examined for a month."""
    for document_id in examining.list_to_examine(at=timezone.now()):
        examining.examine(document_id, at=timezone.now())


@repeats("warehouse.erase_ended_shares", cron="10 19 * * *")  # 02:10 in Việt Nam
def erase_ended_shares(timestamp: int) -> None:
    if before := load_rules(settings.RETENTION_FILE)["share.ended"].before(timezone.now()):
        while sharing.erase_ended_shares(before=before) >= sharing.ERASED_AT_ONCE:
            pass
