"""All rows, by the name of their address."""

from __future__ import annotations

from tests.permissions import (
    access,
    casework,
    catalogue,
    console,
    operations,
    organisations,
    oversight,
    people,
    portal,
    queue,
)

TABLE = {
    **portal.ROWS,
    **casework.ROWS,
    **people.ROWS,
    **console.ROWS,
    **access.ROWS,
    **organisations.ROWS,
    **queue.ROWS,
    **catalogue.ROWS,
    **operations.ROWS,
    **oversight.ROWS,
}
