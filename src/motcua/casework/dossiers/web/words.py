"""Codes put into words for pages: statuses, journal entries, steps of a due date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from motcua.foundation.ui import formats
from motcua.foundation.ui.arithmetic import arithmetic_rows
from motcua.registry.organisations.selectors import day_off_words

# Kind of official document -> what it is called on pages.
DOCUMENTS = {
    "receipt": gettext_lazy("Receipt and appointment (form 01)"),
    "draft": gettext_lazy("Draft of the result"),
    "result": gettext_lazy("Result"),
    "supplement": gettext_lazy("Supplement request (form 02)"),
    "refusal": gettext_lazy("Refusal (form 03)"),
    "stopping": gettext_lazy("Notice of stopping"),
    "payment": gettext_lazy("Payment notice"),
    "apology": gettext_lazy("Apology and new date (form 04)"),
    "control": gettext_lazy("Process control slip (form 05)"),
    "return": gettext_lazy("Slip of return"),
}
# Kind of journal entry -> (what the person reads, what the officer reads after a name).
ENTRIES = {
    "dossier.submitted": (
        gettext_lazy("You submitted it online"),
        pgettext_lazy("journal", "submitted online"),
    ),
    "dossier.taken_in": (gettext_lazy("The counter took it in"), pgettext_lazy("journal", "took it in")),
    "dossier.accepted": (gettext_lazy("The counter accepted it"), pgettext_lazy("journal", "accepted")),
    "dossier.handed_over": (
        gettext_lazy("The counter handed it to the competent officer"),
        pgettext_lazy("journal", "handed over"),
    ),
    "dossier.result_drafted": (
        gettext_lazy("The officer checked it and drafted the result"),
        pgettext_lazy("journal", "drafted the result"),
    ),
    "dossier.submitted_for_signature": (
        gettext_lazy("The draft lies before the signer"),
        pgettext_lazy("journal", "submitted for signature"),
    ),
    "dossier.task_returned": (
        gettext_lazy("The signer asked for a change"),
        pgettext_lazy("journal", "returned it to an earlier step"),
    ),
    "dossier.task_completed": (
        gettext_lazy("A step was completed"),
        pgettext_lazy("journal", "completed the step"),
    ),
    "dossier.task_claimed": (
        gettext_lazy("An officer took it on"),
        pgettext_lazy("journal", "took the task"),
    ),
    "dossier.task_assigned": (
        gettext_lazy("It was given to an officer"),
        pgettext_lazy("journal", "assigned the task"),
    ),
    "dossier.task_handed_back": (
        gettext_lazy("An officer gave it back to the unit"),
        pgettext_lazy("journal", "gave the task back"),
    ),
    "dossier.recalled": (
        gettext_lazy("A step was taken back"),
        pgettext_lazy("journal", "took back the last step"),
    ),
    "dossier.opinion_requested": (
        gettext_lazy("Another unit or agency was asked for its opinion"),
        pgettext_lazy("journal", "asked for an opinion"),
    ),
    "dossier.opinion_given": (
        gettext_lazy("The unit or agency that was asked gave its opinion"),
        pgettext_lazy("journal", "gave an opinion"),
    ),
    "dossier.supplement_requested": (
        gettext_lazy("You were asked to complete your dossier"),
        pgettext_lazy("journal", "asked for a supplement"),
    ),
    "dossier.supplemented": (
        gettext_lazy("You completed your dossier"),
        pgettext_lazy("journal", "brought what was asked for"),
    ),
    "dossier.extended": (
        gettext_lazy("The agency apologised for a delay and named a new date"),
        pgettext_lazy("journal", "apologised for a delay and moved the due date"),
    ),
    "dossier.recomputed": (
        gettext_lazy("The due date was counted anew after the calendar changed"),
        pgettext_lazy("journal", "counted the due date anew"),
    ),
    "dossier.silence": (
        gettext_lazy("Nobody had decided in time: the law did"),
        pgettext_lazy("journal", "noted that the law decided by silence"),
    ),
    "dossier.warned": (
        gettext_lazy("Those who work on it were warned of a limit"),
        pgettext_lazy("journal", "warned of a limit"),
    ),
    "dossier.timer_fired": (
        gettext_lazy("A time was up"),
        pgettext_lazy("journal", "moved on: a time was up"),
    ),
    "dossier.service_run": (
        gettext_lazy("The system did a step"),
        pgettext_lazy("journal", "did a step by itself"),
    ),
    "dossier.message_received": (
        gettext_lazy("What your dossier waited for has come"),
        pgettext_lazy("journal", "received what the dossier waited for"),
    ),
    "dossier.signer_named": (
        gettext_lazy("The draft was made for the signature of who signs now"),
        pgettext_lazy("journal", "had the draft made for their signature"),
    ),
    "dossier.signed": (gettext_lazy("The leader signed it"), pgettext_lazy("journal", "signed the result")),
    "dossier.result_returned": (
        gettext_lazy("The result was handed over and lies in your warehouse"),
        pgettext_lazy("journal", "returned the result"),
    ),
    "dossier.fee_noted": (
        gettext_lazy("The counter noted a fee as paid"),
        pgettext_lazy("journal", "noted a fee as paid"),
    ),
    "dossier.fee_corrected": (
        gettext_lazy("The counter corrected what it had noted of a fee"),
        pgettext_lazy("journal", "corrected what was noted of a fee"),
    ),
    "dossier.refused": (
        gettext_lazy("The counter refused it"),
        pgettext_lazy("journal", "refused it at reception"),
    ),
    "dossier.withdrawn": (
        gettext_lazy("It was withdrawn"),
        pgettext_lazy("journal", "withdrew it"),
    ),
    "dossier.stopped": (
        gettext_lazy("It was stopped"),
        pgettext_lazy("journal", "stopped it"),
    ),
    "dossier.stop_recalled": (
        gettext_lazy("That it was stopped was taken back"),
        pgettext_lazy("journal", "took back the stop"),
    ),
    "dossier.suspended": (
        gettext_lazy("It was suspended by a special law"),
        pgettext_lazy("journal", "suspended it"),
    ),
    "dossier.resumed": (
        gettext_lazy("It goes on after the suspension"),
        pgettext_lazy("journal", "resumed it"),
    ),
    "dossier.refusal_drafted": (
        gettext_lazy("The officer checked it and drafted a letter of refusal"),
        pgettext_lazy("journal", "drafted a letter of refusal"),
    ),
    "dossier.payment_requested": (
        gettext_lazy("You were asked to pay"),
        pgettext_lazy("journal", "asked for a payment"),
    ),
    "dossier.payment_confirmed": (
        gettext_lazy("Your payment was confirmed"),
        pgettext_lazy("journal", "confirmed the payment"),
    ),
    "dossier.transferred": (
        gettext_lazy("It was transferred to the competent agency"),
        pgettext_lazy("journal", "transferred it to the competent agency"),
    ),
    "dossier.data_corrected": (
        gettext_lazy("A slip in what you declared was corrected"),
        pgettext_lazy("journal", "corrected what was declared"),
    ),
    "dossier.supplement_warned": (
        gettext_lazy("You were told again what is missing"),
        pgettext_lazy("journal", "told the applicant again what is missing"),
    ),
    "dossier.form_made": (
        gettext_lazy("A slip was made of who had your dossier when"),
        pgettext_lazy("journal", "made the process control slip"),
    ),
    "dossier.form_signed": (
        gettext_lazy("A paper of your dossier was signed digitally"),
        pgettext_lazy("journal", "signed an official form"),
    ),
    "dossier.noted": (
        gettext_lazy("An officer wrote a note for colleagues"),
        pgettext_lazy("journal", "wrote a note"),
    ),
    "dossier.note_struck": (
        gettext_lazy("An officer struck out a note for colleagues"),
        pgettext_lazy("journal", "struck out a note"),
    ),
    "dossier.result_delivered": (
        gettext_lazy("The post delivered the result"),
        pgettext_lazy("journal", "noted that the result was delivered"),
    ),
    "dossier.result_came_back": (
        gettext_lazy("The result came back by post; it lies at the counter"),
        pgettext_lazy("journal", "noted that the result came back by post"),
    ),
    "dossier.result_handed_again": (
        gettext_lazy("The result that had come back was handed over again"),
        pgettext_lazy("journal", "handed over again the result that had come back"),
    ),
    "dossier.read": (gettext_lazy("Opened your dossier"), pgettext_lazy("journal", "opened the dossier")),
    "dossier.file_read": (
        gettext_lazy("Opened a paper of yours"),
        pgettext_lazy("journal", "opened a paper"),
    ),
    "journal.searched": (
        gettext_lazy("Searched the journal for your dossier"),
        pgettext_lazy("journal", "searched the journal for the dossier"),
    ),
    "entry.read": (
        gettext_lazy("Opened the journal's entry about an act on your dossier"),
        pgettext_lazy("journal", "opened an entry of the journal"),
    ),
}


_TIMED_OUT = (
    gettext_lazy("The time limit of a step was up; your dossier goes on without it"),
    pgettext_lazy("journal", "ended the step: its time limit was up"),
)


def told(kind: str, facts: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """What the person reads of an entry, and the officer; None for what has no words."""
    return _TIMED_OUT if _has_timed_out(kind, facts) else ENTRIES.get(kind)


def is_internal(kind: str, facts: Mapping[str, Any]) -> bool:
    """Whether the applicant's timeline leaves it out."""
    return kind in INTERNAL and not _has_timed_out(kind, facts)


def _has_timed_out(kind: str, facts: Mapping[str, Any]) -> bool:
    return kind == "dossier.timer_fired" and bool(facts.get("ended"))


# Acts that are the officers' own business: the applicant's timeline leaves them out; the journal has them.
INTERNAL = frozenset(
    {
        "dossier.task_returned",
        "dossier.task_claimed",
        "dossier.task_assigned",
        "dossier.task_handed_back",
        "dossier.recalled",
        # The letter speaks once it is signed.
        "dossier.refusal_drafted",
        "dossier.timer_fired",
        "dossier.warned",
        "dossier.service_run",
        "dossier.form_made",
        "dossier.noted",
        "dossier.note_struck",
    }
)


# How an auditor searched the journal -> what the applicant reads; any other way: for the dossier, as above.
SEARCHES = {
    "number": gettext_lazy("Searched the journal for you by your personal number"),
    "person": gettext_lazy("Looked through the journal's entries about you"),
}


def language() -> str:
    """The page's language, "vi" or "en"."""
    return (get_language() or "vi").split("-")[0]


def when(moment: datetime) -> str:
    """Day and time in local time, in the page's language."""
    return formats.format_datetime(timezone.localtime(moment), language())


def due_rows(steps: list[dict[str, Any]], language: str) -> list[dict[str, str]]:
    """The arithmetic of a due date as rows {label, value, kind} for components/arithmetic."""
    return arithmetic_rows(steps, language, reason_words=day_off_words)


# Kind of journal entry -> what anybody reads who checks its proof.
PROVEN = {
    "dossier.submitted": gettext_lazy("A dossier was submitted"),
    "dossier.taken_in": gettext_lazy("A dossier was taken in at a counter"),
    "dossier.accepted": gettext_lazy("A dossier was accepted"),
    "dossier.handed_over": gettext_lazy("A dossier was handed to the competent officer"),
    "dossier.result_drafted": gettext_lazy("The result of a dossier was drafted"),
    "dossier.submitted_for_signature": gettext_lazy("The draft of a result was put before the signer"),
    "dossier.task_returned": gettext_lazy("The signer asked for a change"),
    "dossier.task_completed": gettext_lazy("A step of a dossier was completed"),
    "dossier.task_claimed": gettext_lazy("An officer took on a task of a dossier"),
    "dossier.task_assigned": gettext_lazy("A task of a dossier was given to an officer"),
    "dossier.task_handed_back": gettext_lazy("A task of a dossier was given back to the unit"),
    "dossier.recalled": gettext_lazy("A step of a dossier was taken back"),
    "dossier.opinion_requested": gettext_lazy("A unit or agency was asked for its opinion on a dossier"),
    "dossier.opinion_given": gettext_lazy("A unit or agency gave its opinion on a dossier"),
    "dossier.supplement_requested": gettext_lazy("An applicant was asked to complete a dossier"),
    "dossier.supplemented": gettext_lazy("An applicant completed a dossier"),
    "dossier.extended": gettext_lazy("The due date of a dossier was moved, with an apology"),
    "dossier.recomputed": gettext_lazy("The due date of a dossier was counted anew"),
    "dossier.silence": gettext_lazy("The law decided on a dossier by silence"),
    "dossier.warned": gettext_lazy("Officers were warned of a limit of a dossier"),
    "dossier.timer_fired": gettext_lazy("A time in the process of a dossier was up"),
    "dossier.service_run": gettext_lazy("The system did a step of a dossier"),
    "dossier.message_received": gettext_lazy("What a dossier waited for has come"),
    "dossier.signer_named": gettext_lazy("The draft of a result was made for another signer"),
    "dossier.signed": gettext_lazy("The result of a dossier was signed"),
    "dossier.result_returned": gettext_lazy("The result of a dossier was returned"),
    "dossier.fee_noted": gettext_lazy("A fee of a dossier was noted as paid"),
    "dossier.fee_corrected": gettext_lazy("What was noted of a dossier's fee was corrected"),
    "dossier.refused": gettext_lazy("A dossier was refused at reception"),
    "dossier.withdrawn": gettext_lazy("A dossier was withdrawn"),
    "dossier.stopped": gettext_lazy("A dossier was stopped"),
    "dossier.stop_recalled": gettext_lazy("The stop of a dossier was taken back"),
    "dossier.suspended": gettext_lazy("A dossier was suspended"),
    "dossier.resumed": gettext_lazy("A suspended dossier was resumed"),
    "dossier.refusal_drafted": gettext_lazy("A letter that refuses a dossier was drafted"),
    "dossier.payment_requested": gettext_lazy("An applicant was asked to pay for a dossier"),
    "dossier.payment_confirmed": gettext_lazy("A payment for a dossier was confirmed"),
    "dossier.transferred": gettext_lazy("A dossier was transferred to the competent agency"),
    "dossier.data_corrected": gettext_lazy("What was declared in a dossier was corrected"),
    "dossier.supplement_warned": gettext_lazy("An applicant was told again what a dossier lacks"),
    "dossier.form_made": gettext_lazy("A process control slip of a dossier was made"),
    "dossier.form_signed": gettext_lazy("An official form of a dossier was signed"),
    "dossier.noted": gettext_lazy("An officer wrote a note on a dossier"),
    "dossier.note_struck": gettext_lazy("An officer struck out a note on a dossier"),
    "dossier.result_delivered": gettext_lazy("The result of a dossier was delivered by post"),
    "dossier.result_came_back": gettext_lazy("The result of a dossier came back by post"),
    "dossier.result_handed_again": gettext_lazy("The result of a dossier was handed over again"),
    "dossier.read": gettext_lazy("A dossier was opened"),
    "dossier.file_read": gettext_lazy("A paper of a dossier was opened"),
}
