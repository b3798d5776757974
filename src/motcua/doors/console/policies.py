"""Who sees and does what on the pages over the foundation. Each gives agency paths; an empty tuple: nothing."""

from __future__ import annotations

from motcua.foundation.kernel.actors import Actor

CASEWORKERS = ("reception", "specialist", "leader")


def scopes_of_messages(actor: Actor) -> tuple[str, ...]:
    """Below which paths the actor sees what was sent: an operator's, and those whose dossiers an officer handles."""
    return actor.scopes("operator", *CASEWORKERS)


def scopes_of_dossiers(actor: Actor) -> tuple[str, ...]:
    """Below which paths the actor may open the dossier a message is about: an operator sees none."""
    return actor.scopes(*CASEWORKERS)


def scopes_of_retrying(actor: Actor) -> tuple[str, ...]:
    """Below which paths the actor may send failed messages again."""
    return actor.scopes("operator")
