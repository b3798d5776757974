"""Why an act on a draft or dossier could not be done."""

from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError, MemberRefused


class DossierMoved(DomainError):
    """The page is older than the dossier."""

    code = "dossier_moved"
    message = _(
        "Someone has worked on this dossier since you opened it. Nothing was changed. Look at it again."
    )
    status = 409


class ActNotAllowed(DomainError):
    code = "act_not_allowed"
    message = _("This cannot be done where the dossier stands now.")
    status = 409


class ForbiddenByLaw(ActNotAllowed):
    """The same for programs; `reason`: what the law says, with its source and what to do instead, which `source` and
    `instead` say apart."""

    def __str__(self) -> str:
        return str(self.fields["reason"])


class GroundMissing(MemberRefused):
    """`field`: ground, reason, legal_basis."""

    code = "ground_missing"
    message = _("Choose a ground and write the reason: the applicant reads it, and may complain about it.")


class NotTheirStop(DomainError):
    code = "not_their_stop"
    message = _("Only %(name)s, who stopped this dossier, may take that back.")
    status = 403


class AskedBefore(DomainError):
    code = "asked_before"
    message = _(
        "Everything that is missing is asked for once (Decree 61/2018/NĐ-CP art. 15(3)). Write what has arisen since "
        "the first request."
    )
    status = 422


class PaymentMissing(DomainError):
    """`field`: what, amount, receipt."""

    code = "payment_missing"
    message = _("Write what is to be paid, and how much: a whole number of đồng from 1 to 999,999,999,999.")
    status = 422


class ReceiptMissing(DomainError):
    code = "receipt_missing"
    message = _("Enter the receipt by which the payment is proved.")
    status = 422


class NoSuchAgency(DomainError):
    code = "no_such_agency"
    message = _("Choose another agency that exists today and decides on dossiers.")
    status = 422


class CorrectionRefused(DomainError):
    """`reason`: why this value cannot stand there."""

    code = "correction_refused"
    message = _("This cannot be corrected so: %(reason)s")
    status = 422


class TaskDoneBy(DomainError):
    """Of two officers on one task, the second."""

    code = "task_done_by"
    message = _("%(name)s has already done this task. Nothing was changed.")
    status = 409


class TaskTakenBy(DomainError):
    code = "task_taken_by"
    message = _("%(name)s has taken this task. Nothing was changed.")
    status = 409


class NotTheirTask(DomainError):
    code = "not_their_task"
    message = _("This officer may not do the task. Choose somebody who holds the right for it.")
    status = 422


class QuestionMissing(DomainError):
    """`field`: question, asked, limit."""

    code = "question_missing"
    message = _("Say whom you ask, what, and by when.")
    status = 422


class OpinionMissing(DomainError):
    code = "opinion_missing"
    message = _("Write the opinion.")
    status = 422


class OpinionGiven(DomainError):
    code = "opinion_given"
    message = _("This opinion was given already. Nothing was changed.")
    status = 409


class NothingAsked(DomainError):
    code = "nothing_asked"
    message = _("Say what is missing, everything at once, and why it is needed.")
    status = 422


class NothingBrought(DomainError):
    """`missing`: texts of the items that were not brought."""

    code = "nothing_brought"
    message = _("Bring everything that was asked for. Still missing: %(missing)s")
    status = 422


class MoreAsked(NothingBrought):
    """A corrected answer makes the form ask for more."""

    code = "more_asked"
    message = _("With these answers more is needed. Still missing: %(missing)s")


class CaseFixed(DomainError):
    code = "case_fixed"
    message = _(
        "This answer would make it another case, with another time limit, other papers and fees. That cannot change "
        "any more after the dossier was accepted. Give the answer as it was, and apply anew for the other case."
    )
    status = 409


class DraftIncomplete(DomainError):
    """`page` is the first page that needs an answer."""

    code = "draft_incomplete"
    message = _("Some answers are missing or need correcting. Your draft is kept.")
    status = 422


class DraftMissing(DomainError):
    code = "draft_missing"
    message = _("This draft does not exist any more. If you submitted it, you find it under “My dossiers”.")
    status = 404


class DraftChanged(DomainError):
    """The page was saved elsewhere after this one was shown."""

    code = "draft_changed"
    message = _("This page was saved on another device meanwhile. Nothing was overwritten.")
    status = 409


class NothingNewer(DomainError):
    code = "nothing_newer"
    message = _("There is no newer version of this procedure to take your answers to.")
    status = 409


class NotInThisName(DomainError):
    code = "not_in_this_name"
    message = _(
        "This procedure cannot be applied for in the name you act in. Choose under your name for whom you act."
    )
    status = 403


class TooManyPapers(DomainError):
    code = "too_many_papers"
    message = _("A paper can have at most %(limit)d files. Remove one first.")
    status = 422


class NotOffered(DomainError):
    code = "not_offered"
    message = _("This document cannot be used here any more. Choose another one, or hand in a file.")
    status = 409


class PaperEnded(DomainError):
    """`page`: where the paper is asked for; `name`: the document."""

    code = "paper_ended"
    message = _(
        "%(name)s does not count any more. Remove it and hand in another paper; everything else is kept."
    )
    status = 409


class OldPreview(DomainError):
    code = "old_preview"
    message = _("The draft was changed after you looked at it. Nothing was signed. Read the new draft first.")
    status = 409


class OtherSigner(DomainError):
    """The paper would carry one name and another's signature."""

    code = "other_signer"
    message = _("The draft names %(name)s as its signer. Return it to the drafter, or let that person sign.")
    status = 409


class ReasonMissing(DomainError):
    code = "reason_missing"
    message = _("Write in one sentence what the drafter must change.")
    status = 422


class NoRoomToSign(DomainError):
    """The last page of an uploaded result cannot carry the signature."""

    code = "no_room_to_sign"
    message = _(
        "Upload a PDF whose last page is upright and at least as large as A5: the signature stands at its foot."
    )
    status = 422


class ChecksMissing(DomainError):
    code = "checks_missing"
    message = _("Tick what you have checked before you draft the result.")
    status = 422


class CannotSignDossier(DomainError):
    code = "cannot_sign"
    message = _("There is no valid certificate for your account. Ask the administrator to enter one.")
    status = 409


class CannotSignNow(DomainError):
    """The key is there and cannot be used; `reason` says why and what to do."""

    code = "cannot_sign_now"
    message = _("Nothing was signed. %(reason)s")
    status = 503


class ApplicantMissing(DomainError):
    code = "applicant_missing"
    message = _("Send the applicant: a program files for somebody.")
    status = 422


class ApplicantNotAsked(DomainError):
    code = "applicant_not_asked"
    message = _("Leave the applicant out: whoever signed in applies, or in whose name they act.")
    status = 422


class BulkKeyTwice(DomainError):
    """`errors`: which items."""

    code = "bulk_key_twice"
    message = _("Every item needs a key of its own.")
    status = 422


class Stale(DomainError):
    """DossierMoved, for programs (RFC 9110, 15.5.13)."""

    code = "dossier_moved"
    message = _("The dossier was changed since you read it. Nothing was done. Read it again.")
    status = 412


class NotOnline(DomainError):
    code = "not_online"
    message = _("The procedure %(code)s cannot be filed here.")
    status = 422


class NoLongerOffered(DomainError):
    code = "no_longer_offered"
    message = _(
        "The procedure %(code)s was removed from the national portal. Nobody can apply for it any more; ask at a "
        "one-stop counter what has taken its place."
    )
    status = 409


class NumberRefused(DomainError):
    """`reason`: form, province, sex, birth_year; test: a test client files for numbers that begin with 000."""

    code = "number_refused"
    message = _("The applicant's personal number cannot be right (%(reason)s).")
    status = 422


class PaperUnknown(DomainError):
    code = "paper_unknown"
    message = _("The form asks for no paper named %(name)s.")
    status = 422


class AnswersRefused(DomainError):
    """`errors`: what is wrong, as (pointer, code)."""

    code = "answers_refused"
    message = _("Some answers are missing or wrong.")
    status = 422


class AgencyNotYours(DomainError):
    code = "agency_not_yours"
    message = _("The agency that decides lies outside of the agency this client belongs to.")
    status = 403


class NothingChosen(DomainError):
    code = "nothing_chosen"
    message = _("Tick at least one paper.")
    status = 422


class BatchBegun(DomainError):
    code = "batch_begun"
    message = _("These papers are being signed already. Stop that first, then open the dossier.")


class BatchStopped(DomainError):
    code = "batch_stopped"
    message = _("You stopped before its turn. It waits for your signature as before.")


class ReliesOnEnded(DomainError):
    code = "relies_on_ended"
    message = _(
        "A paper of this dossier was revoked, replaced or has expired since. Look at it, and sign this one by itself."
    )


class TooManyChosen(DomainError):
    code = "too_many_chosen"
    message = _("At most %(limit)d papers can be signed at once.")
    status = 422


class TooLateToExtend(DomainError):
    """`day`: the last on which it could have been. Decree 61/2018/NĐ-CP art. 19(9)."""

    code = "too_late_to_extend"
    message = _(
        "The apology had to be sent by %(day)s, at least one working day before the due date. The law knows no later "
        "one: the dossier counts as late, and the result is owed at once."
    )
    status = 409


class ExtendedBefore(DomainError):
    code = "extended_before"
    message = _(
        "The due date was moved already. The law lets it be moved only once (Decree 61/2018/NĐ-CP art. 19(9))."
    )
    status = 409


class NewDateWrong(DomainError):
    code = "new_date_wrong"
    message = _("Enter a working day after the due date, at most a year later.")
    status = 422


class NoReasonToExtend(DomainError):
    code = "no_reason_to_extend"
    message = _("Enter the reason of the delay; the applicant reads it.")
    status = 422


class CannotCount(DomainError):
    code = "cannot_count"
    message = _(
        "The due date cannot be counted anew: what happened to the clock does not fit the new calendar."
    )
    status = 409


class NoReasonToRecompute(DomainError):
    code = "no_reason_to_recompute"
    message = _("Enter what changed, for instance the decision on the holidays.")
    status = 422


class NotLookedAt(DomainError):
    code = "not_looked_at"
    message = _("The list is not complete yet. Look at it before you confirm.")
    status = 409


class WrongWay(DomainError):
    code = "wrong_way"
    message = _("Choose how the result is handed over: at the counter, by post, or in the warehouse.")
    status = 422


class TrackingMissing(DomainError):
    """A result that goes by post without saying how to follow it."""

    code = "tracking_missing"
    message = _("Enter the tracking number of the consignment: 4 to 40 letters and digits.")
    status = 422


class ReceiverMissing(DomainError):
    code = "receiver_missing"
    message = _("Enter the name of the person who received the result.")
    status = 422


class NothingToHandOver(DomainError):
    """A slip without dossiers, or with some that the officer may not hand over."""

    code = "nothing_to_hand_over"
    message = _("Choose the dossiers that are handed over, %(limit)s at most.")
    status = 422


class BookTooLarge(DomainError):
    """A register too long for one print."""

    code = "book_too_large"
    message = _(
        "The register has more than %(limit)s entries here. Choose a shorter period, or export it to a spreadsheet."
    )
    status = 422


class NothingTicked(DomainError):
    code = "nothing_ticked"
    message = _("Tick at least one dossier.")
    status = 422


class TooManyTicked(DomainError):
    code = "too_many_ticked"
    message = _("At most %(limit)d dossiers can be handled at once.")
    status = 422


class NotInBulk(DomainError):
    code = "not_in_bulk"
    message = _("This act is done one dossier at a time.")
    status = 422


class NobodyChosen(DomainError):
    code = "nobody_chosen"
    message = _("Choose the officer who gets the tasks.")
    status = 422


class InputMissing(DomainError):
    """`field`: ground, reason, on."""

    code = "input_missing"
    message = _("The act needs a value for “%(field)s”, which holds for all the dossiers.")
    status = 422


class NoReasonToMove(DomainError):
    code = "no_reason_to_move"
    message = _("Enter why the tasks go to somebody else; it is kept with each of them.")
    status = 422


class FilterNameWrong(DomainError):
    code = "filter_name_wrong"
    message = _("Enter a name of at most 60 characters that none of your filters has yet.")
    status = 422


class TooManyFilters(DomainError):
    code = "too_many_filters"
    message = _("You can keep %(limit)d filters. Delete one first.")
    status = 422
