"""The backups of one folder: their names, a list of what was made, and how many are kept."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from motcua.config.keeping.making import Made

_NAME = re.compile(r"motcua-[0-9]{8}T[0-9]{6}Z\.tar")
_UNFINISHED = ".motcua-*.tar.part-*"
_ABANDONED_SECONDS = 2 * 24 * 3600


def dated_name(at: datetime) -> str:
    """Sorts by time: `motcua-20260302T020000Z.tar`."""
    return f"motcua-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar"


def drop_older(folder: Path, keep: int) -> list[Path]:
    """Delete all dated backups but the `keep` latest, and what killed backups left two days ago or earlier.

    To be called after a new backup was read back. Returns the deleted backups.
    """
    dated = sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    for path in dated[keep:]:
        path.unlink()
    for path in folder.glob(_UNFINISHED):
        if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
            path.unlink()
    return dated[keep:]


def note_backup(var: Path, facts: dict[str, Any]) -> None:
    """One line in `var/backups.jsonl`, by which `motcua checkup` knows how old the last backup is."""
    with (var / "backups.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(facts, ensure_ascii=False) + "\n")


def backup_facts(made: Made, *, at: datetime, seconds: float) -> dict[str, Any]:
    """What the command says with --json, and what is noted."""
    manifest = made.manifest
    files = manifest.parts.get("files")
    return {
        "at": at.isoformat(),
        "path": str(made.path),
        "bytes": made.size,
        "seconds": round(seconds, 1),
        "rows": sum(manifest.tables.values()),
        "files": files.count if files else 0,
        "missing": len(manifest.missing),
        "erased": len(manifest.erased),
        "files_store": manifest.files_store,
        "not_included": list(manifest.settings),
    }
