"""Who may see the operations centre: who leads, of their agencies and below; who runs the system, of theirs."""

from __future__ import annotations

from motcua.foundation.kernel.actors import Actor

# A screen in a hall signs in with an account that has the operator's right alone: figures, no dossiers.
WATCHING = ("leader", "operator")


def watched_paths(actor: Actor) -> tuple[str, ...]:
    """Agencies, with those below, whose operations the actor may see."""
    return actor.scopes(*WATCHING) if actor.is_officer else ()
