"""The machine: room on its disks, the files, what was built, the settings, the last backup."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from motcua.config.checkup.findings import Finding, fail, fine, warn
from motcua.config.environment import environment
from motcua.foundation.files.errors import DamagedFile
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import read_file
from motcua.foundation.installation.selectors import get, is_chosen, kind
from motcua.foundation.postgres.cluster import locate

_GIB = 1024**3
_SAMPLE = 20
_BACKUP_WARN, _BACKUP_FAIL = timedelta(hours=26), timedelta(days=7)


def disk(at: datetime) -> Finding:
    places = [settings.VAR] if environment.database_url else [settings.VAR, locate(settings.VAR).home]
    for place in places:
        existing = next(parent for parent in (place, *place.parents) if parent.exists())
        usage = shutil.disk_usage(existing)
        share = usage.free / usage.total
        if usage.free < _GIB or share < 0.1:
            says = f"{usage.free / _GIB:.1f} GiB ({share:.0%}) are free in {existing}."
            mend = "Make room or a bigger disk; when it is full, nothing can be submitted or signed."
            return (fail if usage.free < _GIB else warn)(says, mend, f"du -xh --max-depth=2 {existing}")
    return fine("There is room on the disks.")


def files_folder(at: datetime) -> Finding | None:
    if getattr(settings, "FILES_STORE", ""):
        return None
    folder = Path(settings.FILES_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        return fail(
            f"Files cannot be written to {folder}: {problem.strerror}.",
            "Give the folder to the user that runs motcua.",
            f"chown -R motcua {folder}",
        )
    return fine(f"Files can be written to {folder}.")


def files_intact(at: datetime) -> Finding:
    """Up to 20 files by chance: each is there and is what was stored."""
    sample = _sample_files()
    damaged = 0
    for file in sample:
        try:
            read_file(file)
        except DamagedFile:
            damaged += 1
    if damaged:
        return fail(
            f"{damaged} of {len(sample)} files looked at are lost or damaged.",
            "Take them from a backup: restore it into another folder and copy what is missing from there.",
            "motcua restore PATH --into FOLDER",
        )
    return fine(f"{len(sample)} files looked at are intact.")


def _sample_files() -> list[StoredFile]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 1) FROM pg_class WHERE relname = 'foundation_files_storedfile'"
        )
        share = min(100.0, 100 * 500 / cursor.fetchone()[0])
        cursor.execute(
            "SELECT id FROM foundation_files_storedfile TABLESAMPLE SYSTEM (%s) LIMIT 500", [share]
        )
        ids = [row[0] for row in cursor.fetchall()]
    chosen = StoredFile.objects.filter(pk__in=random.sample(ids, min(_SAMPLE, len(ids))))
    return [file for file in chosen if not (file.quarantined_at or file.disposed_at)]


def fonts(at: datetime) -> Finding:
    if not any(Path(settings.FONTS_DIR).rglob("*.ttf")):
        return fail(
            "The fonts of official papers are missing.", "Install what is built at set-up.", "make setup"
        )
    return fine("The fonts of official papers are there.")


def static_files(at: datetime) -> Finding:
    built = any(
        path.is_file() for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*.css")
    )
    if not built:
        return fail("Styles and scripts are not built.", "Build them.", "make setup")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return fail(
            "Styles and scripts are not collected.", "Collect them.", "motcua collectstatic --noinput"
        )
    return fine("Styles and scripts are built and collected.")


def base_url(at: datetime) -> Finding:
    if not environment.base_url and not is_chosen("site.base_url"):
        return fail(
            _("MOTCUA_BASE_URL is not set: QR codes on signed papers would lead nowhere."),
            _("Set it, or enter the address on the page of settings, as https://motcua.example.vn."),
        )
    if not (environment.base_url or get("site.base_url")).startswith("https:"):
        says = _("The address people use is not https: sign-in and cookies can be read on the way.")
        mend = _("Let a proxy end TLS, and set the address with https.")
        return (warn if settings.DEMO else fail)(says, mend)
    return fine(_("The address people use is set, with https."))


def debug(at: datetime) -> Finding:
    if settings.DEBUG:
        return fail(
            "DEBUG is on: errors show code and settings to everybody.", "Turn it off and start again."
        )
    return fine("DEBUG is off.")


def demonstration(at: datetime) -> Finding:
    if bool(settings.DEMO) != (kind() == "demo") and kind():
        return fail(
            _("MOTCUA_DEMO is set, and this is a real installation's database.")
            if settings.DEMO
            else _("MOTCUA_DEMO is not set, and this is a demonstration's database."),
            _("Never run one as the other: unset MOTCUA_DEMO, or use another database."),
        )
    if settings.DEMO:
        return warn(
            _("This is the demonstration: made-up officers sign in without a password."),
            _("Never let real people use it; unset MOTCUA_DEMO in a real installation."),
        )
    return fine(_("This is not the demonstration."))


def backup(at: datetime) -> Finding:
    try:
        lines = (settings.VAR / "backups.jsonl").read_text(encoding="utf-8").splitlines()
        last = json.loads(lines[-1])
        made_at, missing = datetime.fromisoformat(last["at"]), last["missing"]
    except (OSError, IndexError, ValueError, KeyError, TypeError):
        return fail(
            _("No backup was made yet."), _("Make one, and one every day."), "motcua backup FOLDER --keep 14"
        )
    age = at - made_at
    if missing:
        return fail(
            _("The last backup lacks %(count)s files that were lost or damaged.") % {"count": missing},
            _("Take them from an older backup."),
        )
    if age > _BACKUP_WARN:
        old = {"days": age.days, "hours": age.seconds // 3600}
        says = _("The last backup is %(days)s days and %(hours)s hours old.") % old
        mend = _("See why the daily backup did not run, and make one.")
        return (fail if age > _BACKUP_FAIL else warn)(says, mend, "motcua backup FOLDER --keep 14")
    return fine(_("The last backup is less than 26 hours old."))
