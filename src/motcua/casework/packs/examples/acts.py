"""Every act and happening of a worked example, done by the service that pages and API call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdfium2 import PdfDocument

from motcua.casework.dossiers.models import Dossier, Opinion
from motcua.casework.dossiers.services import (
    correcting,
    drafts,
    ending,
    extending,
    handling,
    opinions,
    overdue,
    recomputing,
    refusing,
    silence,
    supplements,
    tasking,
    transferring,
    uploading,
    waiting,
    warnings,
)
from motcua.casework.dossiers.services.acting import Target
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.returning import Returning
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.packs.examples.cast import Cast, FilledIn
from motcua.casework.packs.rules.worked import Played, parse_moment
from motcua.casework.process.models import Timer
from motcua.casework.process.selectors import find_standing
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.ids import new_id
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.organisations.services import OwnTime, set_calendar
from motcua.registry.organisations.services import Target as AgencyTarget


class Differs(Exception):
    """What an act showed is not what the example says."""


@dataclass(slots=True)
class Scene:
    """A dossier and who acts on it. `shown`: the recomputation that was looked at last."""

    cast: Cast
    version: ProcedureVersion
    form: FilledIn
    dossier_id: UUID = field(default_factory=new_id)
    shades: int = 0
    shown: UUID | None = None

    @property
    def dossier(self) -> Dossier:
        """As it stands now."""
        return Dossier.objects.select_related("version__procedure", "agency").get(pk=self.dossier_id)

    def actor(self, who: str) -> Actor:
        return SYSTEM if who == "system" else self.cast.actors[who]

    def picture(self) -> SimpleUploadedFile:
        """A photo of a paper, another one each time."""
        self.shades += 1
        content = BytesIO()
        Image.new("RGB", (60, 80), (self.shades % 256, self.shades // 256, 200)).save(content, "PNG")
        return SimpleUploadedFile(f"giay-{self.shades}.png", content.getvalue(), content_type="image/png")


@dataclass(frozen=True, slots=True)
class Call:
    """An act that is to be done: `by` has what all services of officers take."""

    scene: Scene
    actor: Actor
    at: datetime
    given: Mapping[str, Any]

    @property
    def by(self) -> dict[str, Any]:
        dossier = self.scene.dossier
        return {"actor": self.actor, "target": Target(dossier.id, dossier.revision), "at": self.at}

    def text(self, key: str) -> str:
        return str(self.given.get(key, ""))


def do(scene: Scene, played: Played) -> None:
    """One act of an example. Raises DomainError where it is refused, Differs where it shows something else."""
    actor = scene.actor(played.who)
    _ACTS[played.does](Call(scene, actor, played.at, played.given))


def _submit(call: Call) -> None:
    scene = call.scene
    by: dict[str, Any] = {"actor": call.actor, "at": call.at}
    draft = drafts.start_draft(version=scene.version, **by)
    for name in scene.form.papers:
        drafts.add_paper(draft_id=draft.id, component=name, upload=scene.picture(), **by)
    answers = {"registration_commune": scene.cast.first.place_code, **scene.form.answers}
    drafts.save_answers(draft_id=draft.id, answers=answers, **by)
    scene.dossier_id = submit_dossier(draft_id=draft.id, **by).id


def _checks(call: Call) -> tuple[str, ...]:
    """All checks of the step are ticked."""
    standing = find_standing(call.scene.dossier_id)
    tasks = standing.tasks if standing else []
    most = max((len(standing.step(it).checks) for it in tasks if standing), default=0)
    return tuple(str(it) for it in range(most))


def _draft_result(call: Call) -> None:
    if call.scene.version.result_template:
        handling.draft_result(checks=_checks(call), **call.by)
        return
    document, content = PdfDocument.new(), BytesIO()
    document.new_page(595.28, 841.89)
    document.save(content)
    pdf = SimpleUploadedFile("ket-qua.pdf", content.getvalue(), content_type="application/pdf")
    uploading.upload_result(upload=pdf, checks=_checks(call), **call.by)


def _sign(call: Call) -> None:
    draft = find_draft(call.scene.dossier)
    handling.sign_result(seen_sha256=draft.stored.sha256 if draft else "0" * 64, **call.by)


def _complete(call: Call) -> None:
    tasking.complete_task(done=tasking.Done(call.text("outcome"), checks=_checks(call)), **call.by)


def _assign(call: Call) -> None:
    tasking.assign(officer_id=call.scene.actor(call.text("to")).person, **call.by)


def _ask_opinion(call: Call) -> None:
    agency = call.scene.cast.other
    question = opinions.Question(call.text("question"), agency.id, call.text("limit"))
    opinions.request_opinion(question=question, **call.by)


def _answer_opinion(call: Call) -> None:
    asked = Opinion.objects.filter(dossier=call.scene.dossier_id).exclude(question="").latest("asked_at")
    answer = opinions.Answer(call.text("text"))
    opinions.answer_opinion(actor=call.actor, opinion_id=asked.id, answer=answer, at=call.at)


def _give_opinion(call: Call) -> None:
    answer = opinions.Answer(call.text("text"), outcome=call.text("outcome"))
    opinions.give_opinion(answer=answer, **call.by)


def _ask_supplement(call: Call) -> None:
    rows = [it if isinstance(it, Mapping) else {"text": it} for it in call.given.get("items", [])]
    items = [supplements.Item(**row) for row in rows]
    supplements.request_supplement(
        items=items, reason=call.text("reason"), arose=call.text("arose"), **call.by
    )


def _supplement(call: Call) -> None:
    """Everything that is asked for, or with `brings: nothing` nothing; `brings`: corrected answers."""
    scene, brings = call.scene, call.given.get("brings", {})
    dossier = scene.dossier
    request = dossier.supplements.filter(answered_at=None).first()
    if request and brings != "nothing":
        papers = [at for at, row in enumerate(request.items) if "field" not in row]
        for at in papers:
            supplements.add_paper(
                actor=call.actor, dossier_id=dossier.id, item=at, upload=scene.picture(), at=call.at
            )
    answers = brings if isinstance(brings, Mapping) else {}
    supplements.supplement(
        actor=call.actor, dossier_id=dossier.id, revision=dossier.revision, answers=answers, at=call.at
    )


def _why(call: Call) -> ending.Why:
    return ending.Why(call.text("ground"), call.text("reason"))


def _withdraw(call: Call) -> None:
    if call.actor.is_officer:
        ending.withdraw_dossier(reason=call.text("reason"), **call.by)
        return
    dossier = call.scene.dossier
    ending.withdraw_own(
        actor=call.actor,
        dossier_id=dossier.id,
        revision=dossier.revision,
        reason=call.text("reason"),
        at=call.at,
    )


def _draft_refusal(call: Call) -> None:
    refusal = refusing.Refusal(call.text("reason"), call.text("legal_basis"))
    refusing.draft_refusal(refusal=refusal, **call.by)


def _request_payment(call: Call) -> None:
    demand = waiting.Demand(call.text("what"), int(call.given.get("amount_vnd", 0)))
    waiting.request_payment(demand=demand, **call.by)


def _payment_confirmed(call: Call) -> None:
    waiting.payment_confirmed(
        actor=call.actor, dossier_id=call.scene.dossier_id, receipt=call.text("receipt"), at=call.at
    )


def _transfer(call: Call) -> None:
    agency = call.scene.cast.other
    transferring.transfer_dossier(agency_id=agency.id, reason=call.text("reason"), **call.by)


def _correct(call: Call) -> None:
    given = correcting.Correction(call.text("field"), call.given.get("value"), call.text("reason"))
    correcting.correct_data(correction=given, **call.by)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _extend(call: Call) -> None:
    extending.extend(extension=extending.Extension(_day(call.given["day"]), call.text("reason")), **call.by)


def _timers(call: Call) -> None:
    """What the jobs find that is due now: supplements, silence, timers of the process."""
    overdue.sweep_supplements(at=call.at)
    silence.decide_by_silence(at=call.at)
    due = Timer.objects.filter(token__subject=call.scene.dossier_id, fired_at=None, due_at__lte=call.at)
    for timer in due.order_by("due_at", "pk"):
        tasking.advance(
            dossier_id=call.scene.dossier_id, token_id=timer.token_id, timer=timer.name, at=call.at
        )


def _close_office(call: Call) -> None:
    """The deciding agency is closed on a day, by a calendar of its own from now on."""
    row = {"date": _day(call.given["day"]).isoformat(), "reason": call.text("reason")}
    set_calendar(
        actor=SYSTEM,
        target=AgencyTarget(call.scene.dossier.agency_id),
        own=OwnTime(closed=[row]),
        on=call.at.date(),
        at=call.at,
    )


def _preview(call: Call) -> None:
    """The list that is looked at before due dates are counted anew has the dossier with these two dates."""
    scene = call.scene
    made = recomputing.begin(
        actor=call.actor,
        recomputation_id=new_id(),
        agency_path=scene.dossier.agency_path,
        reason=call.text("reason"),
        at=call.at,
    )
    recomputing.look(made.id, at=call.at)
    row = made.items.filter(dossier=scene.dossier_id).first()
    shown = (row.due_before, row.due_after) if row else None
    if shown != (parse_moment(call.given["before"]), parse_moment(call.given["after"])):
        raise Differs(f"the list shows {shown}")
    scene.shown = made.id


def _confirm(call: Call) -> None:
    if not call.scene.shown:
        raise Differs("no list of new dates was looked at")
    recomputing.confirm(actor=call.actor, recomputation_id=call.scene.shown, at=call.at)
    recomputing.run(call.scene.shown, now=lambda: call.at)


def _returning(call: Call) -> Returning:
    return Returning(call.text("way"), call.text("tracking"), call.text("receiver"))


_ACTS: dict[str, Callable[[Call], object]] = {
    "submit": _submit,
    "accept": lambda call: handling.accept_dossier(**call.by),
    "hand-over": lambda call: handling.hand_over_dossier(**call.by),
    "draft-result": _draft_result,
    "submit-for-signature": lambda call: tasking.submit_for_signature(
        outcome=call.text("outcome"), **call.by
    ),
    "complete-task": _complete,
    "name-signer": lambda call: handling.name_signer(**call.by),
    "sign": _sign,
    "return-task": lambda call: tasking.return_task(
        reason=call.text("reason"), outcome=call.text("outcome"), **call.by
    ),
    "return-result": lambda call: handling.return_result(returning=_returning(call), **call.by),
    "claim": lambda call: tasking.claim(**call.by),
    "assign": _assign,
    "hand-back": lambda call: tasking.hand_back(**call.by),
    "recall": lambda call: tasking.recall(**call.by),
    "request-opinion": _ask_opinion,
    "answer-opinion": _answer_opinion,
    "give-opinion": _give_opinion,
    "request-supplement": _ask_supplement,
    "supplement": _supplement,
    "refuse": lambda call: ending.refuse_dossier(why=_why(call), **call.by),
    "withdraw": _withdraw,
    "stop": lambda call: ending.stop_dossier(why=_why(call), **call.by),
    "recall-stop": lambda call: ending.recall_stop(**call.by),
    "suspend": lambda call: ending.suspend_dossier(reason=call.text("reason"), **call.by),
    "resume": lambda call: ending.resume_dossier(**call.by),
    "draft-refusal": _draft_refusal,
    "request-payment": _request_payment,
    "confirm-payment": lambda call: waiting.confirm_payment(receipt=call.text("receipt"), **call.by),
    "payment-confirmed": _payment_confirmed,
    "transfer": _transfer,
    "correct": _correct,
    "extend": _extend,
    "recompute": lambda call: recomputing.recompute(**call.by),
    "timers": _timers,
    "warnings": lambda call: warnings.warn_of_deadlines(at=call.at),
    "look": lambda call: None,
    "close-the-office": _close_office,
    "preview-new-dates": _preview,
    "confirm-new-dates": _confirm,
}
PLAYED = frozenset(_ACTS)
