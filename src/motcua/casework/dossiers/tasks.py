"""Jobs of the dossiers room. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from motcua.casework.dossiers.services import batches, papers


@app.task(name="dossiers.render_receipt", retry=5)
def render_receipt(document_id: str) -> None:
    papers.render_receipt(UUID(document_id))


@app.task(name="dossiers.sign_batch", retry=RetryStrategy(max_attempts=5, wait=10))
def sign_batch(batch_id: str) -> None:
    batches.run_batch(UUID(batch_id), now=timezone.now)
