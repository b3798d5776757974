"""`motcua restore PATH`: an installation from a backup, in a fresh folder."""

from __future__ import annotations

import getpass
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from motcua.config.environment import environment
from motcua.config.keeping.archive import Key, read_identities
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.progress import telling
from motcua.config.keeping.restoring import Restored, restore_backup, verify_journal


class Command(BaseCommand):
    help = (
        "Make an installation of a backup in a fresh folder, with an embedded database of its own, and verify "
        "it. The passphrase comes from MOTCUA_BACKUP_PASSPHRASE or is asked for, unless there is an --identity."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--into", type=Path, default=environment.var, help="by default MOTCUA_VAR")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="age secret key of a recipient")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        known = [f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}]
        try:
            key = _key(options["identity"])
            with telling(quiet=options["json"]) as tell:
                restored = restore_backup(options["path"], key, options["into"], known=known, tell=tell)
                unchecked = verify_journal(restored.folder)
        except CannotKeep as problem:
            raise CommandError(str(problem)) from problem
        facts = _facts(restored, unchecked, time.monotonic() - begun)
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _words(facts))


def _facts(restored: Restored, unchecked: Sequence[str], seconds: float) -> dict[str, Any]:
    manifest = restored.manifest
    files = manifest.parts.get("files")
    return {
        "folder": str(restored.folder),
        "made_at": manifest.made_at,
        "motcua": manifest.motcua,
        "tables": len(manifest.tables),
        "rows": sum(manifest.tables.values()),
        "files": files.count if files else 0,
        "missing": list(manifest.missing),
        "files_store": manifest.files_store,
        "not_included": list(manifest.settings),
        "unchecked": list(unchecked),
        "migrate": bool(restored.migrations),
        "seconds": round(seconds, 1),
    }


def _words(facts: dict[str, Any]) -> str:
    lines = [
        f"{facts['folder']}: the site as of {facts['made_at']}, {facts['rows']} rows in {facts['tables']} tables, "
        f"{facts['files']} files, compared, in {facts['seconds']} s."
    ]
    if facts["missing"]:
        lines.append(f"Lost before the backup was made: {', '.join(facts['missing'])}.")
    if facts["files_store"] != "folder":
        lines.append(f"Not restored: the files, which {facts['files_store']} keeps.")
    if facts["not_included"]:
        lines.append(f"Set again in the environment: {', '.join(facts['not_included'])}.")
    lines += [f"Warning: this could not be checked: {part}." for part in facts["unchecked"]]
    if facts["migrate"]:
        lines.append("The program is newer than the backup: run motcua migrate.")
    return "\n".join([*lines, f"Go on with MOTCUA_VAR={facts['folder']} motcua checkup"])


def _key(identity: Path | None) -> Key:
    if identity:
        return Key(identities=read_identities(identity))
    passphrase = environment.backup_passphrase
    if not passphrase and sys.stdin.isatty():
        passphrase = getpass.getpass("Passphrase of the backup: ")
    if not passphrase:
        raise CannotKeep("Set MOTCUA_BACKUP_PASSPHRASE, or give an --identity.")
    return Key(passphrase=passphrase)
