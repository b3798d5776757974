from __future__ import annotations

from motcua.foundation.kernel.actors import Actor


def may_administer(actor: Actor) -> bool:
    """The command line of the server, and administrators of the whole installation."""
    return actor.kind == "system" or actor.holds("administrator", "/")
