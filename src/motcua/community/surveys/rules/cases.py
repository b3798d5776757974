"""What becomes of an unhappy answer: states, acts, and who had a hand in the dossier. Pure."""

from __future__ import annotations

WAITING, CLAIMED, REPLIED, CLOSED = "waiting", "claimed", "replied", "closed"
OPEN = frozenset({WAITING, CLAIMED})

# (state, act) -> state. `escalate`: the limit is over, the agency above has it. What is not here cannot be done.
NEXT = {
    (WAITING, "claim"): CLAIMED,
    (CLAIMED, "claim"): CLAIMED,
    (CLAIMED, "note_call"): CLAIMED,
    (CLAIMED, "pass_on"): WAITING,
    (CLAIMED, "reply"): REPLIED,
    (WAITING, "escalate"): WAITING,
    (CLAIMED, "escalate"): WAITING,
    (REPLIED, "reopen"): WAITING,
    (REPLIED, "close"): CLOSED,
}

# Kinds of entries of who leads: naming a task's officer and signing is not handling, else a commune whose chair signs
# every result had nobody to answer.
LEADING = frozenset(
    {"dossier.task_assigned", "dossier.signer_named", "dossier.signed", "dossier.task_returned"}
)
# What officers do beside the acts of the process: who took the fee or compared the papers had a hand in it, too.
BESIDE_ACTS = frozenset(
    {
        "dossier.taken_in",
        "dossier.result_handed_again",
        "dossier.copy_certified",
        "dossier.values_confirmed",
        "dossier.fee_noted",
        "dossier.fee_corrected",
    }
)


def after(state: str, act: str) -> str | None:
    """The state after an act; None where it cannot be done."""
    return NEXT.get((state, act))
