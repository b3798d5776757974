"""Who may see evaluations: leaders those of their agencies and below, with officers; every officer their own."""

from __future__ import annotations

from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.selectors import CASE_RIGHTS

# Whoever leads an agency answers for how its units and officers are evaluated.
EVALUATING = ("leader",)
# Who does steps of dossiers has figures of their own.
EVALUATED = CASE_RIGHTS


def evaluated_paths(actor: Actor) -> tuple[str, ...]:
    """Agencies, with those below, whose evaluation the actor may see."""
    return actor.scopes(*EVALUATING) if actor.is_officer else ()
