"""Writing organisations. Bulk set-up only in this slice; acts on single agencies come with their screens."""

from __future__ import annotations

from django.db import connection
from uuid import UUID

_NEXT = """
INSERT INTO registry_organisations_numberseries (agency_id, series, period, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (agency_id, series, period) DO UPDATE SET last = registry_organisations_numberseries.last + 1
RETURNING last
"""


def next_number(*, agency_id: UUID, series: str, period: str) -> int:
    """Take the next running number, from 1, under the series' row lock until the transaction ends.

    Source: Circular 03/2025/TT-VPCP art. 13 (dossier codes run per agency and day), Decree 30/2020/NĐ-CP art. 15.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [agency_id, series, period])
        return int(cursor.fetchone()[0])
