"""Dossiers, at both doors, and the verification of documents."""

from __future__ import annotations

from tests.permissions.rows import (
    OVERSEERS,
    POST,
    PUBLIC,
    SIGNING,
    Row,
    citizens,
    officers,
)

ROWS = {
    "dossiers:start": Row(citizens(neighbour=200), ("code",)),
    "dossiers:page": Row(citizens(), ("draft", "page")),
    "dossiers:check": Row(citizens(), ("draft",)),
    "dossiers:submit": Row(citizens(owner=302), ("draft",), post={"declared": "1"}),
    "dossiers:discard": Row(citizens(owner=302), ("draft",), post=POST),
    "dossiers:remove-paper": Row(citizens(owner=302), ("draft", "draft_paper"), post=POST),
    "dossiers:list": Row(citizens(neighbour=200)),
    "dossiers:status": PUBLIC,
    "dossiers:dossier": Row(citizens(), ("dossier",)),
    "dossiers:paper": Row(citizens(), ("dossier", "paper")),
    "dossiers:document": Row(citizens(), ("dossier", "receipt")),
    "warehouse:verify": PUBLIC,
    "desk:inbox": Row(officers(elsewhere=200) | dict.fromkeys(OVERSEERS, 302)),
    "desk:signing": Row(officers(elsewhere=200)),
    "desk:signing-several": Row(officers(elsewhere=200)),
    # What is not in the officer's own queue is left out; nothing is left, so they choose again.
    "desk:signing-check": Row(officers(officer=302, colleague=302, elsewhere=302), post={"all": "1"}),
    "desk:signing-start": Row(officers(officer=404, colleague=404), post=SIGNING),
    # The leader's own, nobody else's.
    "desk:signing-batch": Row(officers(officer=404, colleague=404), ("batch",)),
    "desk:dossier": Row(officers(), ("dossier",)),
    "desk:act": Row(officers(officer=302, colleague=403), ("new_dossier", "act"), post={"revision": "1"}),
    "desk:paper": Row(officers(), ("dossier", "paper")),
    "desk:document": Row(officers(), ("dossier", "draft_document")),
    "desk:page": Row(officers(), ("dossier", "draft_document")),
    "dossiers:proof": Row(citizens(), ("dossier", "entry")),
}
