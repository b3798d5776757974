"""What everybody may open, and the citizens' door."""

from __future__ import annotations

from tests.permissions.rows import (
    POST,
    PUBLIC,
    Row,
    citizens,
    everybody,
)

ROWS = {
    "health/live": PUBLIC,
    "health/ready": PUBLIC,
    # For programs on the machine itself, as these tests are; config/tests/test_metrics.py has the others.
    "metrics": PUBLIC,
    "packs:schema": Row(everybody(200), ("pack_schema",)),
    "ui:offline": PUBLIC,
    "ui:service-worker": PUBLIC,
    "portal:home": PUBLIC,
    "portal:robots": PUBLIC,
    "portal:sitemap": PUBLIC,
    "portal:sitemap-section": Row(everybody(200), ("sitemap",)),
    "portal:figures": PUBLIC,
    "essential:board": PUBLIC,
    "essential:board-csv": PUBLIC,
    "public-figures:index": PUBLIC,
    "public-figures:how": PUBLIC,
    "public-figures:definitions": PUBLIC,
    "public-figures:month-csv": Row(everybody(200), ("month",)),
    "public-figures:agency-json": Row(everybody(200), ("agency_code",)),
    "public-figures:agency-csv": Row(everybody(200), ("agency_code",)),
    "public-figures:agency": Row(everybody(200), ("agency_code",)),
    "portal:places": PUBLIC,
    "portal:place-suggest": PUBLIC,
    "portal:place": Row(everybody(200), ("place",)),
    "portal:messages": Row(citizens(neighbour=200)),
    "portal:messages-read": Row(citizens(owner=302, neighbour=302), post=POST),
    "portal:message-settings": Row(citizens(neighbour=200)),
    "portal:message": Row(citizens(), ("message",)),
    "portal:acting": Row(citizens(neighbour=200)),
    "portal:mandates": Row(citizens(neighbour=200)),
    "portal:mandate-give": Row(citizens(neighbour=200)),
    # The neighbour gave it to the owner: accepting is the owner's, ending is both's.
    "portal:mandate-accept": Row(citizens(owner=302), ("mandate",), post=POST),
    "portal:mandate-end": Row(citizens(neighbour=200), ("mandate",)),
    "catalogue:search": PUBLIC,
    "catalogue:suggest": PUBLIC,
    "catalogue:browse": PUBLIC,
    "catalogue:guides": PUBLIC,
    "catalogue:guide": Row(everybody(200), ("guide",)),
    "catalogue:paper-example": Row(everybody(200), ("paper_example",)),
    "catalogue:procedure": Row(everybody(200), ("code",)),
    "catalogue:procedure-without-slash": Row(everybody(301), ("code",)),
    "catalogue:procedure-jsonld": Row(everybody(200), ("code",)),
    "catalogue:procedure-ttl": Row(everybody(200), ("code",)),
    "catalogue:all": Row(everybody(303)),
    "catalogue:all-jsonld": PUBLIC,
    "catalogue:all-ttl": PUBLIC,
    "catalogue:life-event": Row(everybody(200), ("event",)),
    # Machines only, by their signature.
    "notifications:sms-report": Row(everybody(404), post=POST),
    "ui:scheme": Row(everybody(302), post={"scheme": "dark"}),
    "ui:help": PUBLIC,
    "ui:help-topic": Row(everybody(200), ("topic",)),
    # A link that was never given: a page that says so, to everybody.
    # Nothing was chosen, so the built-in ones are used.
    "installation:theme": Row(everybody(404), ("mark",)),
    "installation:crest": Row(everybody(404), ("mark",)),
    "ui:language": Row(everybody(302), post={"language": "de"}),
    # Only in the demonstration.
    "ui:gallery": Row(everybody(404)),
    "ui:gallery-screen": Row(everybody(404), ("screen",)),
    "portal:data-tracker": Row(citizens(neighbour=200)),
    "portal:data-tracker-csv": Row(citizens(neighbour=200)),
}
