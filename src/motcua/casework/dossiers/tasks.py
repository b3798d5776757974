"""Jobs of the dossiers room. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from motcua.casework.dossiers.services import papers


@app.task(name="dossiers.render_receipt", retry=5)
def render_receipt(document_id: str) -> None:
    papers.render_receipt(UUID(document_id))
