"""Who signs, and under what, for the officers' pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.policies import acts_under
from motcua.casework.dossiers.rules.states import ACTS, Act
from motcua.casework.dossiers.services.papers import signer_content
from motcua.casework.dossiers.services.signing import names_signer, signing_as
from motcua.foundation.kernel.actors import Actor
from motcua.registry.organisations.delegation.selectors import find_signer
from motcua.registry.organisations.delegation.words import lent_words, signer_words


def names_actor(actor: Actor, name: str, dossier: Dossier, draft: OfficialDocument) -> bool:
    """Whether the paper names the actor in the capacity in which they would sign it now. No queries."""
    signing = signing_as(actor, dossier, title=actor.title)
    return names_signer(draft, signer_content(name, signing))


def signer_context(actor: Actor, name: str, dossier: Dossier, draft: OfficialDocument) -> dict[str, Any]:
    """Whether the paper names who is about to sign, what it would say of them, and under what they sign."""
    signing = signing_as(actor, dossier, title=actor.title)
    lent, named = acts_under(actor, ACTS["sign"], dossier), draft.content["signer"]
    mine = signer_content(name, signing)
    return {
        "names_you": names_signer(draft, mine),
        "named_position": ", ".join(named.get("lines") or [named["title"]]),
        "your_name": name,
        "your_lines": mine["lines"],
        "lent": lent_words(lent) if lent else "",
    }


def expected_signer(dossier: Dossier, acts: Iterable[Act], now: datetime) -> dict[str, str] | None:
    """For who drafts: who will sign, or that nobody does; None for others."""
    if not {"draft-result", "submit-for-signature"} & {act.code for act in acts}:
        return None
    return signer_words(find_signer(dossier.agency, "leader", procedure=dossier.procedure_code, at=now))
