"""Jobs of the dossiers room. Each may run twice without harm."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from motcua.casework.dossiers.services import (
    batches,
    bulk_acts,
    bulk_filing,
    digitising,
    drafts,
    overdue,
    papers,
    recomputing,
    registering,
    reminding,
    showing,
    silence,
    tasking,
    uploads,
    warnings,
    warnings_of_paper,
)
from motcua.foundation.kernel.jobs import AGAIN, repeats
from motcua.foundation.kernel.retention import load_rules

DIGITISING_TRIES = 3


@app.task(name="dossiers.render_receipt", retry=5)
def render_form(document_id: str) -> None:
    papers.render_form(UUID(document_id))


@app.task(name="dossiers.advance", retry=RetryStrategy(max_attempts=8, exponential_wait=5))
def advance(subject: str, token: str, timer: str) -> None:
    tasking.advance(dossier_id=UUID(subject), token_id=UUID(token), timer=timer, at=timezone.now())


@repeats("dossiers.discard_idle_drafts", cron="0 19 * * *")  # 02:00 in Việt Nam
def discard_idle_drafts(timestamp: int) -> None:
    if before := load_rules(settings.RETENTION_FILE)["draft.idle"].before(timezone.now()):
        drafts.discard_idle_drafts(before=before)


@repeats("dossiers.warn_of_deadlines", cron="*/10 * * * *")
def warn_of_deadlines(timestamp: int) -> None:
    warnings.warn_of_deadlines(at=timezone.now())


@repeats("dossiers.warn_of_paper", cron="*/30 * * * *")
def warn_of_paper(timestamp: int) -> None:
    warnings_of_paper.warn_of_paper(at=timezone.now())


@app.task(name="dossiers.look_at_due_dates", retry=AGAIN)
def look_at_due_dates(recomputation_id: str) -> None:
    recomputing.look(UUID(recomputation_id), at=timezone.now())


@app.task(name="dossiers.recompute_due_dates", retry=AGAIN)
def recompute_due_dates(recomputation_id: str) -> None:
    recomputing.run(UUID(recomputation_id), now=timezone.now)


@repeats("dossiers.decide_by_silence", cron="*/5 * * * *")
def decide_by_silence(timestamp: int) -> None:
    silence.decide_by_silence(at=timezone.now())


@app.task(name="dossiers.file_bulk", retry=AGAIN)
def file_bulk(bulk_id: str) -> None:
    bulk_filing.run_bulk(UUID(bulk_id))


@app.task(name="dossiers.act_on_many", retry=AGAIN)
def act_on_many(bulk_id: str) -> None:
    bulk_acts.run_bulk_act(UUID(bulk_id), now=timezone.now)


@repeats("dossiers.forget_uploads", cron="30 * * * *")
def forget_uploads(timestamp: int) -> None:
    uploads.forget_uploads(at=timezone.now())


@app.task(
    name="dossiers.digitise",
    retry=RetryStrategy(max_attempts=DIGITISING_TRIES - 1, wait=10),
    pass_context=True,
)
def digitise(context: JobContext, digitisation_id: str) -> None:
    try:
        digitising.run(UUID(digitisation_id), now=timezone.now)
    except Exception:
        if context.job.attempts + 1 >= DIGITISING_TRIES:
            digitising.give_up(UUID(digitisation_id), at=timezone.now())
        raise


@app.task(name="dossiers.sign_batch", retry=AGAIN)
def sign_batch(batch_id: str) -> None:
    batches.run_batch(UUID(batch_id), now=timezone.now)


@repeats("dossiers.sweep_supplements", cron="*/10 * * * *")
def sweep_supplements(timestamp: int) -> None:
    overdue.sweep_supplements(at=timezone.now())


@app.task(name="dossiers.write_register", retry=RetryStrategy(max_attempts=3, wait=30))
def write_register(export_id: str) -> None:
    registering.write_export(UUID(export_id), at=timezone.now())


@repeats("dossiers.forget_register_exports", cron="40 * * * *")
def forget_register_exports(timestamp: int) -> None:
    registering.forget_exports(at=timezone.now())


@repeats("dossiers.remind", cron="0 1 * * *")  # 08:00 in Việt Nam: nobody is told at night
def remind(timestamp: int) -> None:
    while reminding.remind(at=timezone.now()):
        pass


@repeats("dossiers.forget_reminders", cron="10 19 * * *")
def forget_reminders(timestamp: int) -> None:
    if before := load_rules(settings.RETENTION_FILE)["reminder.day"].before(timezone.now()):
        reminding.forget_reminders(before=before)


@repeats("dossiers.end_showings", cron="*/5 * * * *")
def end_showings(timestamp: int) -> None:
    now = timezone.now()
    showing.end_overdue(at=now)
    if before := load_rules(settings.RETENTION_FILE)["screen_shown.over"].before(now):
        showing.forget_showings(before=before)
