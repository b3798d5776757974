"""Why an act can be done only where the state table says, in words: the rule, the article that says so, and what can be
done instead. For who tried it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from motcua.casework.dossiers.rules.articles import Article
from motcua.casework.dossiers.rules.states import Act, Status

# Act -> the rule. Its article stands in the state table.
WHY: dict[str, Promise] = {
    "take-in": _("A dossier is taken in once, when it comes to the counter; this one is there already."),
    "accept": _("Only a newly submitted dossier is accepted, and only once."),
    "hand-over": _("A dossier is handed over once it was accepted and has its receipt."),
    "draft-result": _(
        "A result is drafted while the dossier is examined, at a step that leads to a signature."
    ),
    "submit-for-signature": _(
        "A draft is put before the signer while the dossier is examined, at a step that leads to a signature."
    ),
    "complete-task": _(
        "A step is completed while the dossier is examined, or after the signature where the process goes on."
    ),
    "name-signer": _("The signer is named while the draft waits for the signature."),
    "return-task": _(
        "A task is sent back while the dossier is examined, from a step that has an earlier one to go back to."
    ),
    "claim": _("Only an open task is taken, and none is open while the dossier waits or once it has ended."),
    "assign": _(
        "Only an open task is assigned, and none is open while the dossier waits or once it has ended."
    ),
    "hand-back": _(
        "Only an open task is given back, and none is open while the dossier waits or once it has ended."
    ),
    "recall": _("Only your own last act is taken back, while nobody has begun what follows it."),
    "request-opinion": _("Another office is asked while the dossier is examined."),
    "give-opinion": _("An opinion is given while the dossier is under way, at the step that asks for it."),
    "refuse": _(
        "Reception is refused only before acceptance. After it a refusal is a written answer within the time limit."
    ),
    "request-supplement": _("A supplement is asked for before acceptance or while the dossier is examined."),
    "supplement": _("Nothing is asked of you at the moment, or it was brought already."),
    "withdraw": _("A dossier can be withdrawn only until the decision is signed."),
    "stop": _(
        "Only a dossier that is examined, or waits for its applicant, is stopped; before acceptance it is refused "
        "(form 03), after the signature it has a result."
    ),
    "recall-stop": _("Only a dossier that was stopped, and not suspended, is taken up again this way."),
    "suspend": _(
        "Only a dossier that is examined is suspended, and only where a special law names it; otherwise its time "
        "limit runs."
    ),
    "resume": _("Only a dossier that was suspended is resumed."),
    "draft-refusal": _("A refusal after examination is drafted while the dossier is examined."),
    "sign": _("A result is signed once, while the dossier is in process."),
    "return-result": _("A result is returned once it exists, and only once."),
    "request-payment": _(
        "A payment is requested after acceptance and before the result is signed; otherwise the fee is noted at the "
        "counter."
    ),
    "confirm-payment": _("No payment is requested for this dossier now."),
    "transfer": _(
        "A dossier is transferred to the competent agency before its result is signed, and not while it waits for "
        "its applicant."
    ),
    "correct": _(
        "What was signed is not corrected in the dossier: the result is revoked or replaced. While the dossier "
        "waits for its applicant, they correct it themselves."
    ),
    "extend": _(
        "The due date is moved while it runs: after acceptance, before the result is signed, and not while the clock "
        "stands still."
    ),
    "recompute": _("The due date is counted anew only while it runs, and only where that changes it."),
}
# Where the procedure's special law names no suspension.
NO_SUSPENSION = _("No special law names a suspension for this procedure: its time limit runs.")
SUSPENDED = _("This dossier is suspended by a special law: it is resumed, not taken up again.")
BY_SILENCE = _("The law decided on this dossier when the agency's time was over: nobody takes that back.")

# Status -> what an officer can do with the dossier as it stands.
INSTEAD: dict[Status, Promise] = {
    Status.SUBMITTED: _("Accept it, ask for what is missing, or refuse it."),
    Status.ACCEPTED: _("Hand it over first."),
    Status.REFUSED: _("It has ended. The applicant can apply anew."),
    Status.IN_PROCESS: _("Its page shows the step it stands at, and what can be done there."),
    Status.SUPPLEMENT_REQUESTED: _("Wait until the applicant has brought what was asked for."),
    Status.FINANCIAL_OBLIGATION: _("Confirm the payment first."),
    Status.WITHDRAWN: _("It has ended. The applicant can apply anew."),
    Status.STOPPED: _("Whoever stopped or suspended it has it go on first."),
    Status.FINISHED: _("Return the result. One that is wrong is revoked or replaced in the warehouse."),
    Status.RETURNED: _("It has ended. A result that is wrong is revoked or replaced in the warehouse."),
}
# The same for the applicant.
TO_APPLICANT: dict[Status, Promise] = {
    Status.SUBMITTED: _("The agency looks at it and tells you what is missing."),
    Status.ACCEPTED: _("The agency tells you when something is missing."),
    Status.REFUSED: _("It has ended. You can apply anew, or complain about the refusal."),
    Status.IN_PROCESS: _("The agency tells you when something is missing."),
    Status.SUPPLEMENT_REQUESTED: _("Bring what you are asked for, or withdraw it."),
    Status.FINANCIAL_OBLIGATION: _("Pay what you are asked for, or withdraw it."),
    Status.WITHDRAWN: _("It has ended. You can apply anew."),
    Status.STOPPED: _("It was stopped. Ask the agency, or apply anew."),
    Status.FINISHED: _("Your result is ready. You can complain about a decision."),
    Status.RETURNED: _("You have your result. You can complain about a decision."),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """The law's reason in the active language. `source`: its articles, "" where the process alone says so."""

    why: str
    source: str
    instead: str

    def __str__(self) -> str:
        source = gettext("Source: %(source)s.") % {"source": self.source} if self.source else ""
        return " ".join(filter(None, (self.why, source, self.instead)))


def rule_of(act: Act, status: Status, *, to_applicant: bool = False, why: Promise | None = None) -> Rule:
    """Why the act is not for a dossier of this status. `why`: a closer reason than the act's own."""
    instead = (TO_APPLICANT if to_applicant else INSTEAD)[status]
    return Rule(str(why or WHY[act.code]), "; ".join(map(article_words, act.law)), str(instead))


def article_words(article: Article) -> str:
    """The article as a text cites it, in the active language."""
    named = {"text": article.text, "article": article.article, "clause": article.clause}
    is_decree = article.text.endswith("NĐ-CP")
    if article.clause:
        form = _("Decree %(text)s art. %(article)s(%(clause)s)")
    elif article.article:
        form = _("Decree %(text)s art. %(article)s") if is_decree else _("Circular %(text)s art. %(article)s")
    else:
        form = _("Decree %(text)s") if is_decree else _("Circular %(text)s")
    return str(form) % named
