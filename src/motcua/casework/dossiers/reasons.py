"""Why an act can be done only where the state table says: the rule in words, for who tried it elsewhere."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Act -> sentence with its source. Acts without one are steps of the work: there the process says where they belong.
WHY: dict[str, Promise] = {
    "accept": _(
        "Only a newly submitted dossier is accepted, and only once (Decree 118/2025/NĐ-CP; Circular 03/2025/TT-VPCP "
        "art. 5)."
    ),
    "hand-over": _(
        "A dossier is handed over once it was accepted and has its receipt (Decree 61/2018/NĐ-CP art. 18)."
    ),
    "refuse": _(
        "Reception is refused only before acceptance. After it a refusal is a written answer within the time limit "
        "(Decree 61/2018/NĐ-CP art. 19(8))."
    ),
    "request-supplement": _(
        "A supplement is asked for before acceptance or while the dossier is examined (Decree 61/2018/NĐ-CP "
        "art. 15(3), 19(4))."
    ),
    "supplement": _("Nothing is asked of you at the moment, or it was brought already."),
    "withdraw": _(
        "A dossier can be withdrawn only until the decision is signed (Circular 03/2025/TT-VPCP art. 7)."
    ),
    "stop": _(
        "Only a dossier that is examined, or waits for its applicant, is stopped; before acceptance it is refused "
        "(form 03), after the signature it has a result (Circular 03/2025/TT-VPCP art. 7)."
    ),
    "recall-stop": _("Only a dossier that was stopped, and not suspended, is taken up again this way."),
    "suspend": _(
        "Only a dossier that is examined is suspended, and only where a special law names it; otherwise its time "
        "limit runs (Decree 61/2018/NĐ-CP art. 19)."
    ),
    "resume": _("Only a dossier that was suspended is resumed."),
    "draft-refusal": _(
        "A refusal after examination is drafted while the dossier is examined (Decree 61/2018/NĐ-CP art. 19(8))."
    ),
    "sign": _("A result is signed once, while the dossier is in process."),
    "return-result": _("A result is returned once it exists, and only once (Decree 61/2018/NĐ-CP art. 20)."),
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
        "stands still (Decree 61/2018/NĐ-CP art. 19(9))."
    ),
    "recompute": _("The due date is counted anew only while it runs, and only where that changes it."),
}
# Where the procedure's special law names no suspension.
NO_SUSPENSION = _(
    "No special law names a suspension for this procedure: its time limit runs (Decree 61/2018/NĐ-CP art. 19)."
)
SUSPENDED = _("This dossier is suspended by a special law: it is resumed, not taken up again.")
BY_SILENCE = _("The law decided on this dossier when the agency's time was over: nobody takes that back.")
