"""`motcua backup PATH`: the database, the files and the keys in one encrypted archive."""

from __future__ import annotations

import getpass
import json
import sys
import time
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from motcua.config.environment import environment
from motcua.config.keeping.archive import Lock
from motcua.config.keeping.database import Place, embedded, named
from motcua.config.keeping.errors import CannotKeep
from motcua.config.keeping.making import Site, make_backup
from motcua.config.keeping.progress import telling
from motcua.config.keeping.retention import backup_facts, dated_name, drop_older, note_backup

_SHORTEST = 12


class Command(BaseCommand):
    help = (
        "Write database, files, keys and secrets into one encrypted archive, and read it back. "
        "The passphrase comes from MOTCUA_BACKUP_PASSPHRASE or is asked for, unless there is a --recipient."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a new file, or a folder: named by the time then")
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="age1…",
            help="age public key that opens the backup instead of a passphrase; repeatable",
        )
        parser.add_argument("--keep", type=int, metavar="N", help="in a folder: delete all but the N latest")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        at, begun = timezone.now(), time.monotonic()
        path: Path = options["path"].absolute()
        keep = options["keep"]
        if keep is not None and (keep < 1 or not path.is_dir()):
            raise CommandError("--keep needs a folder as PATH, and a number of at least 1.")
        target = path / dated_name(at) if path.is_dir() else path
        try:
            lock = _lock(options["recipient"])
            with telling(quiet=options["json"]) as tell:
                made = make_backup(_site(), target, lock, at=at, tell=tell)
        except CannotKeep as problem:
            raise CommandError(str(problem)) from problem
        facts = backup_facts(made, at=at, seconds=time.monotonic() - begun)
        note_backup(settings.VAR, facts)
        dropped = drop_older(path, keep) if keep and not made.manifest.missing else []
        facts["dropped"] = [str(one) for one in dropped]
        self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _words(facts))
        if made.manifest.missing:
            raise CommandError(
                f"The backup is written, but {facts['missing']} files that the database names are lost or "
                "damaged here. Nothing older was deleted; take these files from an older backup."
            )


def _words(facts: dict[str, Any]) -> str:
    lines = [
        f"{facts['path']}: {facts['bytes'] / 2**20:.1f} MiB, {facts['rows']} rows, {facts['files']} files, "
        f"read back, in {facts['seconds']} s."
    ]
    if facts["files_store"] != "folder":
        lines.append(f"Not in it: the files, which {facts['files_store']} keeps.")
    if facts["not_included"]:
        lines.append(f"Not in it, since they are kept elsewhere: {', '.join(facts['not_included'])}.")
    lines += [f"Deleted: {path}" for path in facts["dropped"]]
    return "\n".join(lines)


def _site() -> Site:
    elsewhere = str(getattr(settings, "FILES_STORE", ""))  # an S3 address; no secret in it
    return Site(
        var=settings.VAR,
        place=_place(),
        files=None if elsewhere else Path(settings.FILES_DIR),
        files_store=elsewhere or "folder",
        version=_version(),
        settings=environment.given_secrets(),
        heads=environment.journal_heads_file,
    )


def _version() -> str:
    # The command runs from the source tree: there is no installed package to ask.
    project = tomllib.loads((settings.REPOSITORY_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _place() -> Place:
    url = environment.owner_database_url or environment.database_url
    return named(url) if url else embedded(settings.VAR)


def _lock(recipients: list[str]) -> Lock:
    if recipients:
        return Lock(recipients=tuple(recipients))
    passphrase = environment.backup_passphrase
    if not passphrase and sys.stdin.isatty():
        passphrase = getpass.getpass("Passphrase of the backup: ")
        if getpass.getpass("Once more: ") != passphrase:
            raise CannotKeep("The two passphrases differ.")
    if not passphrase:
        raise CannotKeep("Set MOTCUA_BACKUP_PASSPHRASE, or give a --recipient: a backup is always encrypted.")
    if len(passphrase) < _SHORTEST:
        raise CannotKeep(f"The passphrase must have at least {_SHORTEST} characters.")
    return Lock(passphrase=passphrase)
