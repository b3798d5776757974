"""`motcua process check FILE` and `motcua process export FILE|CODE`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

import motcua.foundation.ui
from motcua.casework.process.drawings import draw_svg
from motcua.casework.process.models import ProcessDefinition
from motcua.casework.process.rules.bpmn.reading import explain, read_bpmn
from motcua.casework.process.rules.bpmn.writing import write_bpmn
from motcua.casework.process.rules.course import Course
from motcua.casework.process.rules.definition import (
    BadProcess,
    Definition,
    Finding,
    parse_process,
    with_called,
)
from motcua.casework.process.rules.picture import draw_course
from motcua.casework.process.rules.writing import write_process

_NOT_SOUND, _UNREADABLE = 1, 2
_STYLE = Path(motcua.foundation.ui.__file__).parent / "assets/css/process.css"


class Command(BaseCommand):
    help = "Check a process or write it in another form. A file needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        check = parts.add_parser("check", help="say everything that is wrong with a process")
        check.add_argument("file", type=Path, metavar="FILE", help="process.yaml or a BPMN 2.0 file")
        check.add_argument("--json", action="store_true", help="one JSON object on one line, nothing else")
        export = parts.add_parser("export", help="write a process to standard output")
        export.add_argument("source", metavar="FILE|CODE", help="a file, or the code of a published process")
        export.add_argument("--as", dest="form", choices=["bpmn", "yaml", "svg"], default="bpmn")
        export.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="vi")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "check":
            self._check(options["file"], as_json=options["json"])
        else:
            self._export(options["source"], options["form"], options["language"])

    def _check(self, path: Path, *, as_json: bool) -> None:
        """Exit 0 when it can be run, 1 when not, 2 when the file cannot be read at all."""
        findings: tuple[Finding, ...] = ()
        facts: dict[str, Any] = {"file": str(path)}
        try:
            definition = _read(path)
            facts |= {"code": definition.code, "nodes": len(definition.nodes), "tasks": len(definition.steps)}
        except BadProcess as error:
            findings = error.findings
        if as_json:
            rows = [{"place": it.place, "why": it.why} for it in findings]
            self.stdout.write(
                json.dumps(facts | {"sound": not findings, "findings": rows}, ensure_ascii=False)
            )
        else:
            for finding in findings:
                self.stdout.write(str(finding))
            if not findings:
                self.stdout.write(f"Sound: {facts['tasks']} tasks, {facts['nodes']} nodes.")
        if findings:
            raise CommandError(f"{len(findings)} finding(s)", returncode=_NOT_SOUND)

    def _export(self, source: str, form: str, language: str) -> None:
        try:
            definition = _read(Path(source)) if Path(source).is_file() else _published(source)
        except BadProcess as error:
            raise CommandError(str(error), returncode=_NOT_SOUND) from error
        if form == "svg":
            self.stdout.write(_svg(definition, language))
        elif form == "yaml":
            data = write_process(definition)
            self.stdout.write(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110), ending="")
        else:
            self.stdout.write(write_bpmn(definition).decode(), ending="")


def _read(path: Path) -> Definition:
    """The process of a file with those it calls, found beside it. Raises BadProcess; CommandError when unreadable."""
    try:
        content = path.read_bytes()
        data = _data(path, content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{path}: {error}", returncode=_UNREADABLE) from error
    try:
        return parse_process(with_called(data, lambda code: _find(path, code)))
    except BadProcess as error:
        raise (explain(content, error) if path.suffix == ".bpmn" else error) from None


def _data(path: Path, content: bytes) -> Any:
    return read_bpmn(content) if path.suffix == ".bpmn" else yaml.safe_load(content)


def _find(path: Path, code: str) -> Mapping[str, Any] | None:
    """A called process as packs lay them: in a sibling folder with its code, or among the shared ones."""
    if not code.replace(".", "").replace("-", "").replace("_", "").isalnum():
        return None
    folders = [path.parent.parent / code / "process", path.parent.parent.parent / "processes" / code]
    for stem in [*folders, path.parent / code]:
        for suffix in (".yaml", ".bpmn"):
            found = stem.with_name(stem.name + suffix)
            if found.is_file():
                return _data(found, found.read_bytes())
    return None


def _published(code: str) -> Definition:
    stored = ProcessDefinition.objects.filter(code=code).order_by("-pk").first()
    if not stored:
        raise CommandError(
            f"{code} is neither a file nor the code of a published process.", returncode=_UNREADABLE
        )
    return parse_process(stored.content)


def _svg(definition: Definition, language: str) -> str:
    with translation.override(language):
        description = ", ".join(it.names.get(language, it.code) for it in definition.steps.values())
        return draw_svg(
            draw_course(Course(definition), language),
            definition.code,
            description,
            _STYLE.read_text(encoding="utf-8"),
        )
