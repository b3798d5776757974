"""Agency paths in conditions: `/H44/` and all below it."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup, Q


@CharField.register_lookup
class Below(Lookup):
    """`path__below="/H44/"`: begins so. As `startswith`, but by comparison of bytes: LIKE goes by no index when its
    value is not known as the statement is planned (prepared ones, after a few uses)."""

    lookup_name = "below"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """The column from the path on, up to the next text of its length. The operators are those of the index."""
        left, params = self.process_lhs(compiler, connection)
        first = str(self.rhs)
        end = first[:-1] + chr(ord(first[-1]) + 1)
        return f"({left} ~>=~ %s AND {left} ~<~ %s)", (*params, first, *params, end)


def below(field: str, path: str) -> Q:
    """Rows whose `field` is this agency path or lies below it; none for an empty path."""
    return Q(**{f"{field}__below": path}) if path else Q(pk__in=[])
