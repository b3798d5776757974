"""The operations centre: of leaders, who are none of these, and of who runs the system."""

from __future__ import annotations

from tests.permissions.rows import Row, overseers

_ROW = Row(overseers("operator"))
ROWS = {f"operations:{name}": _ROW for name in ("desk", "wall", "now", "stream", "arrivals", "agencies")}
