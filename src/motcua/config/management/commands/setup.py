"""`motcua setup`: a real installation, by questions or from a file."""

from __future__ import annotations

import json
import sys
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from rich.console import Console

from motcua.config.setup import acts
from motcua.config.setup.acts import Done
from motcua.config.setup.answers import Answers, BadAnswers, read_answers
from motcua.config.setup.asking import ask_everything
from motcua.foundation.installation.contributions import State
from motcua.foundation.installation.selectors import checklist, get
from motcua.foundation.kernel.errors import DomainError

_MARKS = {State.DONE: "ok  ", State.WARNING: "WARN", State.MISSING: "MISS"}


class Command(BaseCommand):
    help = (
        "Set up a real installation: by questions, or from a file (docs/setup-example.yaml). A second run changes "
        "only what differs. Ends with what is missing before going live."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="the answers; without it they are asked for")
        parser.add_argument("--dry-run", action="store_true", help="say what would change; needs --file")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")
        parser.add_argument("--nothing-there", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._handle(options)
        except (BadAnswers, DomainError) as error:
            with translation.override("en"):
                raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or ''}: {error.strerror or error}") from error

    def _handle(self, options: dict[str, Any]) -> None:
        dry_run = options["dry_run"]
        if options["file"]:
            answers = read_answers(options["file"])
            done = Done(_everything(answers)) if options["nothing_there"] else self._set_up(answers, dry_run)
        elif dry_run or options["json"] or not sys.stdin.isatty():
            raise CommandError("Without a terminal, name a file of answers: motcua setup --file setup.yaml")
        else:
            done = self._ask()
        self._say(done, options)

    def _set_up(self, answers: Answers, dry_run: bool) -> Done:
        return acts.set_up(answers, at=timezone.now(), dry_run=dry_run)

    def _ask(self) -> Done:
        try:
            return ask_everything(Console(), timezone.now())
        except (KeyboardInterrupt, EOFError):
            raise CommandError(
                "Stopped. What was answered is kept; run `motcua setup` again to go on."
            ) from None

    def _say(self, done: Done, options: dict[str, Any]) -> None:
        left = [] if options["dry_run"] else checklist(timezone.now())
        if options["json"]:
            rows = [{"key": it.key, "state": found.state, "why": str(found.why)} for it, found in left]
            told = {"changes": done.changes, "invitations": done.invitations, "checklist": rows}
            self.stdout.write(json.dumps(told | {"dry_run": options["dry_run"]}, ensure_ascii=False))
            return
        if options["dry_run"]:
            self.stdout.write("Would change:" if done.changes else "Nothing would change.")
        elif not done.changes:
            self.stdout.write("Nothing differs.")
        for change in done.changes:
            self.stdout.write(f"  {change}")
        self._say_codes(done.invitations)
        for requirement, standing in left:
            self.stdout.write(f"{_MARKS[standing.state]}  {requirement.label}: {standing.why}")
        if left:
            self.stdout.write(
                "\nNow start it, each in a process of its own:\n  motcua serve\n  motcua worker\n  motcua follow"
            )

    def _say_codes(self, codes: dict[str, str]) -> None:
        if not codes:
            return
        place = f"{get('site.base_url')}/desk/join/"
        self.stdout.write(
            f"\nShown once. Each code works once, for three days, and opens the account at {place}"
        )
        for username, code in codes.items():
            self.stdout.write(f"  {username}  {code}")
        self.stdout.write("Lost? `motcua invite USERNAME` makes another one.\n")


def _everything(answers: Answers) -> list[str]:
    """What a file would make where nothing is there to compare with."""
    return [
        "Secrets, database and tables are made.",
        "This is a real installation.",
        *([f"{answers.province.name} is entered with its communes."] if answers.province else []),
        *(f"{key} is set." for values in answers.settings.values() for key in values),
        *(f"Procedures of {path.name} are published." for path in answers.procedures),
        *(f"{it.file.name} is on the trust list." for it in answers.authorities),
        *(f"The key {it.ref} is kept." for it in answers.keys),
        *(f"The key {it.ref} is made." for it in answers.own_keys),
        *(f"Officer {it.username} is entered." for it in (*answers.administrators, *answers.officers)),
    ]
