"""Who keeps the catalogue."""

from __future__ import annotations

# For an agency and those below it: what is offered, decided and imported there.
RIGHT = "catalogue"
