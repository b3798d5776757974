"""Holds the two catalogues in src/motcua/locale against the strings in the source; English is the source.

Usage: python tools/check_translations.py            lists what is wrong and ends with 1 if anything is
       python tools/check_translations.py --update   first takes new strings in and drops those that are gone

New strings come in untranslated: nothing is guessed from similar ones. Needs xgettext (Debian: gettext).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "motcua"
# How many forms a language has and how it chooses among them.
PLURALS = {"vi": "nplurals=1; plural=0;", "de": "nplurals=2; plural=(n != 1);"}
KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3",
    "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3", "_now", "_t", "lazy",
)  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-zA-Z]|\{\w*\}")
WIDTH = 110


def catalogue_path(package: Path, language: str) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def sources(package: Path) -> Iterator[tuple[str, str]]:
    """Path inside the package and Python text of every module, and of every template turned into Python."""
    for path in sorted(it for kind in ("*.py", "*.html", "templates/**/*.txt") for it in package.rglob(kind)):
        inside = path.relative_to(package)
        if {"tests", "migrations"} & set(inside.parts):
            continue
        text = path.read_text(encoding="utf-8")
        yield str(inside), text if path.suffix == ".py" else templatize(text)


def extract(package: Path) -> polib.POFile:
    """Every translatable string of the package, without its place: a moved line changes no catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for inside, text in sources(package):
            target = Path(folder, f"{inside}.py")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            names.append(f"{inside}.py")
        command = [
            "xgettext",
            "--language=Python",
            "--from-code=UTF-8",
            "--no-location",
            "--output=-",
            "--files-from=-",
        ]
        command += [f"--keyword={keyword}" for keyword in KEYWORDS]
        done = subprocess.run(command, cwd=folder, input="\n".join(names), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"xgettext: {done.stderr}")
    return polib.pofile(done.stdout)


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgctxt or ""


def update(template: polib.POFile, path: Path, language: str) -> None:
    """Write the catalogue anew: the template's strings in order, with the translations there were."""
    known = {key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.metadata = {
        "Project-Id-Version": "motcua",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for entry in sorted(template, key=key):
        catalogue.append(_merged(entry, known.get(key(entry)), language))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def _merged(entry: polib.POEntry, old: polib.POEntry | None, language: str) -> polib.POEntry:
    fuzzy = ["fuzzy"] if old and old.fuzzy else []
    merged = polib.POEntry(
        msgid=entry.msgid,
        msgctxt=entry.msgctxt,
        msgid_plural=entry.msgid_plural,
        flags=[*fuzzy, *entry.flags],
    )
    if entry.msgid_plural:
        before = old.msgstr_plural if old else {}
        merged.msgstr_plural = {form: before.get(form, "") for form in range(forms_of(language))}
    elif old:
        merged.msgstr = old.msgstr
    return merged


def forms_of(language: str) -> int:
    return int(PLURALS[language].split("nplurals=")[1].split(";")[0])


def findings(package: Path, template: polib.POFile | None = None) -> list[str]:
    """What is wrong, one line each; empty when every string has its translation in every language."""
    wanted = {key(entry): entry for entry in template or extract(package)}
    found = []
    for language in PLURALS:
        path = catalogue_path(package, language)
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        here = {key(entry): entry for entry in catalogue if not entry.obsolete}
        problems = [("missing", entry.msgid) for name, entry in wanted.items() if name not in here]
        problems += [
            ("obsolete", entry.msgid) for entry in catalogue if entry.obsolete or key(entry) not in wanted
        ]
        for name, entry in here.items():
            if name in wanted:
                problems += [(words, entry.msgid) for words in entry_problems(wanted[name], entry, language)]
        found += [f"{language}: {words}: {msgid!r}" for words, msgid in problems]
    return found


def entry_problems(source: polib.POEntry, entry: polib.POEntry, language: str) -> Iterator[str]:
    """What is wrong with one entry of a catalogue, compared with the source's."""
    if entry.fuzzy:
        yield "fuzzy"
    if (source.msgid_plural or "") != (entry.msgid_plural or ""):
        yield "another plural than in the source"
    elif not source.msgid_plural:
        yield from _text_problems(entry.msgstr, source.msgid, {source.msgid})
    elif len(entry.msgstr_plural) != forms_of(language):
        yield f"{len(entry.msgstr_plural)} plural forms, not {forms_of(language)}"
    else:
        for form, text in entry.msgstr_plural.items():
            # The form of "one" may leave the number out where English does; any other may not.
            model = source.msgid if form == 0 and forms_of(language) > 1 else source.msgid_plural
            yield from _text_problems(text, model, {source.msgid, source.msgid_plural})


def _text_problems(text: str, model: str, allowed: set[str]) -> Iterator[str]:
    if not text:
        yield "untranslated"
        return
    has = set(PLACEHOLDER.findall(text))
    if lacking := set(PLACEHOLDER.findall(model)) - has:
        yield f"lacks {', '.join(sorted(lacking))}"
    if added := has - {placeholder for words in allowed for placeholder in PLACEHOLDER.findall(words)}:
        yield f"adds {', '.join(sorted(added))}"
    if re.search(r"%[(%]", model) and "%" in PLACEHOLDER.sub("", text).replace("%%", ""):
        yield "has a % that begins no placeholder"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="write the catalogues anew from the source")
    parser.add_argument(
        "--package", type=Path, default=PACKAGE, help="the folder of the package (default: src/motcua)"
    )
    arguments = parser.parse_args()
    template = extract(arguments.package)
    if arguments.update:
        for language in PLURALS:
            update(template, catalogue_path(arguments.package, language), language)
    problems = findings(arguments.package, template)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{len(template)} strings, {len(problems)} problems.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
