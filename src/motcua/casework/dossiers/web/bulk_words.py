"""What acts on many dossiers are called, and what they ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

# Codes of refusals that say: somebody was faster.
CHANGED = frozenset({"dossier_moved", "task_done_by", "task_taken_by"})
# What an act asks beside the dossiers.
QUESTIONS = {
    "assign": frozenset({"officer", "reason"}),
    "hand-back": frozenset({"reason"}),
    "return-result": frozenset({"way"}),
    "return-task": frozenset({"reason"}),
    "refuse": frozenset({"ground", "reason"}),
    "extend": frozenset({"on", "reason"}),
    "stop": frozenset({"ground", "reason"}),
    "suspend": frozenset({"reason"}),
}
# Of which kind the grounds are that the law names (dossier_law.yaml).
GROUNDS = {"refuse": "refusal", "stop": "stopping"}
# Whose reason colleagues read; the others' the applicants do.
AMONG_COLLEAGUES = frozenset({"assign", "hand-back", "return-task"})
_BUTTONS = {
    "accept": pgettext_lazy("dossiers", "Accept"),
    "hand-over": gettext_lazy("Hand over"),
    "return-result": gettext_lazy("Return the results"),
    "claim": gettext_lazy("Take the tasks"),
    "assign": gettext_lazy("Assign to an officer"),
    "hand-back": gettext_lazy("Give back to the unit"),
    "return-task": gettext_lazy("Send back to the step before"),
    "refuse": gettext_lazy("Refuse at reception"),
    "extend": gettext_lazy("Apologise and name a new day"),
    "stop": gettext_lazy("Stop"),
    "suspend": gettext_lazy("Suspend"),
}
WHAT_HAPPENS = {
    "accept": gettext_lazy(
        "Each dossier gets its legal code, its due date is counted from now, form 01 is made and the applicant is told."
    ),
    "hand-over": gettext_lazy("Each dossier goes to the unit that decides about it, by its own process."),
    "return-result": gettext_lazy(
        "Each signed result lies in the applicant's warehouse, and the dossier is finished. It cannot be undone."
    ),
    "claim": gettext_lazy("Each task is yours alone until you give it back."),
    "assign": gettext_lazy("Each task is meant for one officer, who must hold the right to do it."),
    "hand-back": gettext_lazy("Each task is free again for everybody in the unit who may do it."),
    "return-task": gettext_lazy("Each dossier goes back to the step before, with your reason."),
    "refuse": gettext_lazy(
        "Each applicant gets form 03 with ground and reason. It cannot be undone: they would have to apply anew."
    ),
    "extend": gettext_lazy(
        "Each due date moves to the day you name, once for all, and each applicant gets the apology, form 04, with "
        "your reason. The first date stays the basis of the figures."
    ),
    "stop": gettext_lazy(
        "Nobody works on them any more, and each applicant gets the notice with ground and reason. Only you can take "
        "that back, dossier by dossier."
    ),
    "suspend": gettext_lazy(
        "Their clocks stand still, where a special law foresees it, until a leader resumes them. Each applicant is "
        "told."
    ),
}
DONE = {
    "accept": gettext_lazy("Dossiers accepted together"),
    "hand-over": gettext_lazy("Dossiers handed over together"),
    "return-result": gettext_lazy("Results returned together"),
    "claim": gettext_lazy("Tasks taken together"),
    "assign": gettext_lazy("Tasks assigned together"),
    "hand-back": gettext_lazy("Tasks given back together"),
    "return-task": gettext_lazy("Dossiers sent back together"),
    "refuse": gettext_lazy("Dossiers refused together"),
    "extend": gettext_lazy("Due dates moved together"),
    "stop": gettext_lazy("Dossiers stopped together"),
    "recall-stop": gettext_lazy("Stops taken back together"),
    "suspend": gettext_lazy("Dossiers suspended together"),
    "resume": gettext_lazy("Dossiers resumed together"),
}


def button_words(act: str, count: int = 0) -> str:
    """What the act is called; with how many dossiers, where there are some."""
    words = str(_BUTTONS[act])
    if not count:
        return words
    number = ngettext("%(count)d dossier", "%(count)d dossiers", count) % {"count": count}
    return f"{words}: {number}"
