"""Erasing files: what nobody uses any more, after the time that retention gives it, unless a hold forbids it.

A row is erased first, with its entry, and its content noted as discarded; the content is deleted in a transaction
of its own, after it was asked once more, under the content's lock, whether a row has come back or is awaited. So
neither a crash nor an upload of the same content at the same moment leaves a row without content.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from motcua.foundation.files.contributions import used
from motcua.foundation.files.errors import ContentLocked, FileInUse
from motcua.foundation.files.models import DiscardedContent, StoredFile
from motcua.foundation.files.stores import store
from motcua.foundation.journal.selectors import held, locked_holds
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import SYSTEM, Actor
from motcua.foundation.kernel.retention import load_rules

from .storing import AWAITED, lock_content

logger = logging.getLogger(__name__)

_BATCH = 1000
# What a killed process left in `incoming` is not being written any more after so many seconds.
_INCOMING_SECONDS = 24 * 3600


@dataclass(slots=True)
class Sweep:
    """What a sweep found and did; in a dry run, what it would do. Numbers of files, but for the last three.

    unused: that nothing uses. due: of these, whose time has come. held: of these, that a legal hold keeps.
    erased: rows erased. orphaned: contents without a row, noted to be deleted in a week. contents: contents deleted.
    locked: contents that the store keeps, with the date.
    """

    looked_at: int = 0
    unused: int = 0
    due: int = 0
    held: int = 0
    erased: int = 0
    orphaned: int = 0
    contents: int = 0
    locked: dict[str, str] = field(default_factory=dict)


def sweep_unused(*, at: datetime, dry_run: bool = False) -> Sweep:
    """Erase the files that nobody has used since the period `stored_file.unused` of retention (infected ones:
    `stored_file.quarantined`), and delete the contents that nothing has any more.

    One transaction per file, one entry `file.erased` each; can be stopped and run again at any point. A dry run
    changes nothing. Raises RuntimeError when no room is registered as a user of files.
    """
    outcome = Sweep()
    for batch in _batches():
        outcome.looked_at += len(batch)
        unused = _unused(batch, at=at, dry_run=dry_run)
        outcome.unused += len(unused)
        due = [file for file in unused if _is_due(file, at)]
        outcome.due += len(due)
        kept = _held(due)
        outcome.held += len(kept)
        if not dry_run:
            outcome.erased += sum(_erase_if_still_unused(file, at) for file in due if file.pk not in kept)
    if not dry_run:
        outcome.orphaned = _note_orphans(at=at)
        outcome.contents, outcome.locked = delete_discarded(at=at)
        _clear_incoming()
    return outcome


def erase_file(*, file: StoredFile, reason: str, actor: Actor, at: datetime) -> None:
    """Erase a file: its row now; its content after the commit, when no other row has the same.

    reason: a code for the entry `file.erased`. Raises FileInUse when something refers to it, or a hold lies on it
    or on what or whom it belonged to.
    """
    _erase(file, reason, actor, at)
    # Should this fail, the next sweep does it.
    transaction.on_commit(partial(_delete_content, file.sha256, at=at), robust=True)


@transaction.atomic
def dispose_content(*, file: StoredFile, at: datetime) -> None:
    """Erase the content of a file that is still referred to, in the caller's transaction; the caller journals it.

    The row stays with its digest, so that it can be proven what was there. The content goes after the commit, unless
    another file has the same. Twice is once. Raises FileInUse when a hold lies on it or on what or whom it belonged to.
    """
    lock_content(file.sha256, shared=False)
    row = StoredFile.objects.select_for_update().get(pk=file.pk)
    if _held([row], locked_holds):
        raise FileInUse(file=str(row.pk))
    if row.disposed_at:
        return
    row.disposed_at = at
    row.save(update_fields=["disposed_at"])
    DiscardedContent.objects.get_or_create(sha256=row.sha256, defaults={"since": at})
    transaction.on_commit(partial(_delete_content, row.sha256, at=at), robust=True)


def delete_discarded(*, at: datetime) -> tuple[int, dict[str, str]]:
    """Delete the contents whose last row was erased. Returns how many, and those the store keeps until a date."""
    deleted, locked = 0, {}
    waiting = DiscardedContent.objects.exclude(Q(locked_until__gt=at) | Q(awaited_until__gt=at)).order_by(
        "sha256"
    )
    for digest in list(waiting.values_list("sha256", flat=True)):
        deleted += _delete_content(digest, at=at)
    for content in DiscardedContent.objects.filter(locked_until__gt=at).order_by("sha256"):
        locked[content.sha256] = content.locked_until.isoformat() if content.locked_until else ""
    return deleted, locked


def _batches() -> Iterator[list[StoredFile]]:
    """All files by id, a thousand at a time; what is stored meanwhile may come or not."""
    files, last = StoredFile.objects.order_by("id"), UUID(int=0)
    while batch := list(files.filter(id__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _unused(batch: list[StoredFile], *, at: datetime, dry_run: bool) -> list[StoredFile]:
    """Those that nobody uses; remembers since when."""
    busy = used([file.pk for file in batch])
    idle = [file for file in batch if file.pk not in busy]
    back = [file.pk for file in batch if file.pk in busy and file.unused_since]
    fresh = [file.pk for file in idle if not file.unused_since]
    if not dry_run and (back or fresh):
        StoredFile.objects.filter(pk__in=back).update(unused_since=None)
        StoredFile.objects.filter(pk__in=fresh).update(unused_since=at)
    return idle


def _is_due(file: StoredFile, at: datetime) -> bool:
    rules = load_rules(settings.RETENTION_FILE)
    if file.quarantined_at:
        return rules["stored_file.quarantined"].is_over(file.quarantined_at, at=at)
    return file.unused_since is not None and rules["stored_file.unused"].is_over(file.unused_since, at=at)


def _held(files: Iterable[StoredFile], ask: Callable[[Iterable[UUID]], set[UUID]] = held) -> set[UUID]:
    """Ids of the files that a hold lies on, or on what or whom they belonged to."""
    files = list(files)
    under_hold = ask({it for file in files for it in _objects(file)})
    return {file.pk for file in files if _objects(file) & under_hold}


def _objects(file: StoredFile) -> set[UUID]:
    return {it for it in (file.pk, file.belongs_to, file.owner_id) if it}


def _erase_if_still_unused(file: StoredFile, at: datetime) -> bool:
    try:
        _erase(file, "quarantined" if file.quarantined_at else "unused", SYSTEM, at)
    except FileInUse:
        return False  # it came back into use, or under a hold, since we asked
    except StoredFile.DoesNotExist:
        return False  # another sweep was faster
    return True


def _erase(file: StoredFile, reason: str, actor: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            _erase_row(file, reason, actor, at)
    except (ProtectedError, IntegrityError) as error:
        raise FileInUse(file=str(file.pk)) from error


def _erase_row(file: StoredFile, reason: str, actor: Actor, at: datetime) -> None:
    # Else the note below could vanish with a deletion of the same content that has not seen our row go.
    lock_content(file.sha256, shared=False)
    # Who is about to refer to the row waits for this lock, or we for them.
    row = StoredFile.objects.select_for_update().get(pk=file.pk)
    if used([row.pk]) or _held([row], locked_holds):
        raise FileInUse(file=str(row.pk))
    DiscardedContent.objects.get_or_create(sha256=row.sha256, defaults={"since": at})
    facts = {"sha256": row.sha256, "reason": reason}
    record(
        actor=actor,
        happening=Happening("file.erased", object_kind="file", object_id=row.pk, facts=facts),
        at=at,
    )
    row.delete()


def _note_orphans(*, at: datetime) -> int:
    """Note the contents that have no row: left by a transaction that was rolled back. Returns how many are new.

    A row may be on its way in a transaction that is not committed: nothing is deleted for a week.
    """
    noted, stored = 0, iter(store().digests())
    while digests := list(islice(stored, _BATCH)):
        rows = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        if missing := set(digests) - rows:
            missing -= set(DiscardedContent.objects.filter(pk__in=missing).values_list("pk", flat=True))
            notes = [DiscardedContent(sha256=it, since=at, awaited_until=at + AWAITED) for it in missing]
            DiscardedContent.objects.bulk_create(notes, ignore_conflicts=True)
            noted += len(notes)
    return noted


def _delete_content(digest: str, *, at: datetime) -> bool:
    """Delete discarded content unless a row has it again or is awaited. Whether it was deleted."""
    with transaction.atomic():
        # Whoever stores the same content holds this lock until their row can be seen, or waits until we are done.
        lock_content(digest, shared=False)
        discarded = DiscardedContent.objects.filter(sha256=digest).first()
        if discarded is None or (discarded.awaited_until and discarded.awaited_until > at):
            return False
        if StoredFile.objects.filter(sha256=digest, disposed_at=None).exists():
            discarded.delete()
            return False
        try:
            store().delete(digest)
        except ContentLocked as lock:
            discarded.locked_until = lock.fields["at"]
            discarded.save(update_fields=["locked_until"])
            return False
        discarded.delete()
        return True


def _clear_incoming() -> None:
    for path in (Path(settings.FILES_DIR) / "incoming").glob("*"):
        try:
            if time.time() - path.stat().st_mtime > _INCOMING_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue  # its process tidied up itself
