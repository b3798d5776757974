"""`motcua pack lint|schema|load|diff|test|export`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from motcua.casework.packs.differing import in_words
from motcua.casework.packs.editions import Compared, NoEdition, compare, edition_of, plan_load
from motcua.casework.packs.exporting import export_all, export_procedure, write_files
from motcua.casework.packs.imported import captured_rows, lint_captured
from motcua.casework.packs.linting import lint_path
from motcua.casework.packs.reports import Report, exit_status
from motcua.casework.packs.rules.findings import LEVELS, Finding, in_order
from motcua.casework.packs.rules.shape import NAMES, schema_text
from motcua.casework.packs.rules.texts import LANGUAGES
from motcua.casework.packs.services import BadPack, Loaded, load_pack
from motcua.casework.packs.testing import Tried, try_pack
from motcua.foundation.kernel.actors import SYSTEM
from motcua.foundation.worktime.calendars import VIETNAM


class Command(BaseCommand):
    help = "Check a pack of procedures, publish it, compare two, try its cases, write it out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parsers = parser.add_subparsers(
            dest="what", required=True, metavar="lint|schema|load|diff|test|export"
        )
        lint = parsers.add_parser(
            "lint",
            help="every finding with file, line, why and how to mend it; 0 good, 1 errors, 2 unreadable",
        )
        lint.add_argument("path", type=Path, nargs="?", help="a pack, or the folder of one procedure")
        lint.add_argument(
            "--imported", action="store_true", help="the procedures imported from the national portal"
        )
        lint.add_argument(
            "--templates", action="store_true", help="compile the templates too, which takes long"
        )
        lint.add_argument(
            "--level", choices=LEVELS, default="advice", help="leave out what is less than this"
        )
        schema = parsers.add_parser("schema", help="print the JSON Schema of a file, or the names of all")
        schema.add_argument("name", nargs="?", choices=NAMES)
        load = parsers.add_parser("load", help="publish a pack, or nothing of it")
        load.add_argument("path", type=Path)
        load.add_argument("--dry-run", action="store_true", help="only say what would change")
        load.add_argument("--complete", action="store_true", help="end what the pack no longer has")
        diff = parsers.add_parser(
            "diff", help="what differs: folders of packs or procedures, CODE, CODE@VERSION"
        )
        diff.add_argument("old")
        diff.add_argument("new")
        test = parsers.add_parser("test", help="try the cases of a pack, or of one procedure's folder")
        test.add_argument("path", type=Path)
        for made in (lint, load, diff, test):
            made.add_argument("--json", action="store_true")
        for made in (load, diff):
            made.add_argument("--language", choices=LANGUAGES, default="en")
        export = parsers.add_parser("export", help="write a published procedure, or all packs, as files")
        export.add_argument("what_of", nargs="?", metavar="CODE", help="CODE or CODE@VERSION")
        export.add_argument("path", type=Path)
        export.add_argument("--all", action="store_true", help="every pack that was loaded, a folder each")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with translation.override(options.get("language") or "en"):
                getattr(self, f"_{options['what']}")(options)
        except (BadPack, NoEdition) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"cannot be read or written: {error}") from error

    def _schema(self, options: dict[str, Any]) -> None:
        self.stdout.write(schema_text(options["name"]) if options["name"] else "\n".join(NAMES))

    def _lint(self, options: Mapping[str, Any]) -> None:
        found = self._found(options)
        shown = [it for it in found if LEVELS.index(it.level) <= LEVELS.index(options["level"])]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(it) for it in shown], ensure_ascii=False, indent=1))
        else:
            report = Report(options["path"] or Path(), colours=self.stdout.isatty())
            for finding in shown:
                self.stdout.write(report.lines(finding))
            self.stdout.write(report.last_line(found))
        if status := exit_status(found):
            raise SystemExit(status)

    def _found(self, options: Mapping[str, Any]) -> list[Finding]:
        if options["imported"] == (options["path"] is not None):
            raise CommandError("Give the path of a pack or procedure, or --imported.")
        if options["imported"]:
            return in_order(list(lint_captured(captured_rows(), settings.PACKS / "vn")))
        today = timezone.now().astimezone(VIETNAM).date()
        return lint_path(options["path"], today=today, templates=options["templates"])

    def _load(self, options: dict[str, Any]) -> None:
        at = timezone.now()
        compared: list[Compared] = []
        if options["dry_run"]:
            loaded, compared = plan_load(options["path"], at=at)
        else:
            loaded = load_pack(actor=SYSTEM, path=options["path"], at=at, is_complete=options["complete"])
        if options["json"]:
            self._print(_loaded_data(loaded) | {"procedures": [_data(it) for it in compared]})
            return
        for it in compared:
            self._tell(it)
        for line in _loaded_lines(loaded, is_dry=options["dry_run"]):
            self.stdout.write(line)

    def _diff(self, options: dict[str, Any]) -> None:
        compared = compare(edition_of(options["old"]), edition_of(options["new"]))
        if options["json"]:
            self._print({"procedures": [_data(it) for it in compared]})
            return
        for it in compared:
            self._tell(it)
        if not compared:
            self.stdout.write("Nothing differs.")

    def _test(self, options: dict[str, Any]) -> None:
        tried = list(try_pack(options["path"]))
        failed = [it for it in tried if not it.holds]
        if options["json"]:
            self._print({"cases": len(tried), "failed": [row for it in failed for row in _failures(it)]})
        else:
            for it in failed:
                for row in _failures(it):
                    self.stdout.write("{file}:{line}: {case}: {words}".format(**row))
        if failed:
            raise CommandError(f"{len(failed)} of {len(tried)} case(s) do not hold.")
        if not options["json"]:
            self.stdout.write(f"{len(tried)} case(s) hold." if tried else "There are no cases (tests.yaml).")

    def _export(self, options: dict[str, Any]) -> None:
        if options["all"] == bool(options["what_of"]):
            raise CommandError("Name a procedure (CODE or CODE@VERSION), or say --all.")
        path = options["path"]
        if options["all"]:
            exported = {path / name: it for name, it in export_all().items()}
        else:
            exported = {path: export_procedure(options["what_of"])}
        for folder, it in exported.items():
            left = write_files(folder, it.files)
            self.stdout.write(f"{folder}: {len(it.files)} file(s).")
            if not it.is_original:
                self.stdout.write(
                    "Written from what is published: comments of the author's files are not in it."
                )
            if left:
                self.stdout.write(f"Left as they were, not of this export: {', '.join(left[:20])}")
        if not exported:
            self.stdout.write("No pack was loaded.")

    def _tell(self, compared: Compared) -> None:
        self.stdout.write(f"{compared.code}: {compared.state}")
        for it in compared.differences:
            self.stdout.write(f"  {in_words(it)}")

    def _print(self, data: Any) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))


def _data(compared: Compared) -> dict[str, Any]:
    return {
        "code": compared.code,
        "state": compared.state,
        "differences": [
            {
                "place": it.place,
                "kind": it.kind,
                "words": in_words(it),
                "language": it.language,
                "old": it.old,
                "new": it.new,
            }
            for it in compared.differences
        ],
    }


def _failures(tried: Tried) -> list[dict[str, Any]]:
    base = {"file": tried.file, "procedure": tried.procedure, "case": tried.case}
    if tried.problem:
        return [base | {"line": tried.line, "what": "", "words": tried.problem}]
    return [
        base
        | {"line": line, "what": it.what, "expected": it.expected, "got": it.got}
        | {"words": f"{it.what}: expected {it.expected}, got {it.got}"}
        for line, it in tried.mismatches
    ]


def _loaded_data(loaded: Loaded) -> dict[str, Any]:
    return {
        **loaded.counts,
        "states": dict(loaded.states),
        "missing": list(loaded.missing),
        "ended": list(loaded.ended),
        "running": dict(loaded.running),
    }


def _loaded_lines(loaded: Loaded, *, is_dry: bool) -> list[str]:
    """A line a procedure that is new or changed, then the others' number, then what the pack no longer has."""
    lines = [f"{code}: {state}" for code, state in loaded.states.items() if state != "unchanged"]
    unchanged = len(loaded.states) - len(lines)
    for code in loaded.missing:
        running = loaded.running.get(code, 0)
        stays = (
            "it is ended"
            if code in loaded.ended
            else "it stays as it is (--complete ends what a pack brought)"
        )
        words = f"{code}: not in the pack any more; {stays}"
        lines.append(f"{words}; {running} dossier(s) go on with their version." if running else f"{words}.")
    counts = ", ".join(f"{name}: {count}" for name, count in loaded.counts.items())
    if unchanged == len(loaded.states) and not loaded.missing:
        lines.append(f"Nothing {'would change' if is_dry else 'changed'}.")
    return [*lines, f"{counts}, unchanged: {unchanged}"]
