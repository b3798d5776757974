"""What the documentation says of settings, entries, commands and dependencies is what the code has."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from procrastinate.contrib.django import app

from motcua.doors.console.kinds import KINDS
from motcua.doors.console.words import OBJECTS
from motcua.foundation.kernel.retention import usual_rules

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "motcua"
RETENTION = ROOT / "packs" / "vn" / "retention.yaml"


def sources() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "tests" not in path.parts]


def strings_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def kinds_in_code() -> set[str]:
    """Kinds begin with the kind of their object, which the code names as `object_kind="…"` or the console's words do."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    objects = "|".join(sorted({*re.findall(r'object_kind="([a-z_]+)"', text), *OBJECTS}))
    pattern = re.compile(rf"(?:{objects})\.(?!yaml$)[a-z_]+")
    # Names of jobs and of retention rules are alike.
    others = set(re.findall(r'(?:app\.task\(name=|repeats\()"([^"]+)"', text)) | set(usual_rules(RETENTION))
    found = {string for path in sources() for string in strings_of(path) if pattern.fullmatch(string)}
    return found - others


def first_column(page: str) -> set[str]:
    """Code words in the first cells of a page's tables."""
    cells = re.findall(r"^\| ([^|]+)", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def test_the_journals_page_names_every_kind_of_entry_and_no_other():
    documented = {word for word in first_column("journal.md") if "." in word}
    assert documented == kinds_in_code()


def test_the_operations_page_names_every_job_that_repeats():
    names = {it.task.name for it in app.periodic_registry.periodic_tasks.values()}
    assert names - first_column("operations.md") == set()


def test_auditors_read_every_kind_of_entry_in_words():
    assert kinds_in_code() - set(KINDS) == set()
    assert {kind.split(".")[0] for kind in KINDS} == set(OBJECTS)


def test_every_setting_is_documented():
    text = (SOURCE / "config" / "environment.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(MOTCUA_[A-Z_]+)"', text))
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    named |= {f"MOTCUA_{name.upper()}" for name in re.findall(r'environment\.secret\("(\w+)"\)', code)}
    assert named - first_column("operations.md") == set()


def test_every_command_is_documented():
    commands = {path.stem for path in SOURCE.rglob("management/commands/*.py")} - {"__init__"}
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert {command for command in commands if f"`{command}" not in page} == set()


def direct_dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(name for extra in extras for name in extra)]
    for lock in ("requirements-places.lock", "requirements-node.lock"):
        named += re.findall(r"^([\w-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    python = {re.split(r"[\[<>=~!]", name)[0] for name in named}
    return python | set(packages["devDependencies"]) | set(packages.get("dependencies", {}))


def test_every_direct_dependency_is_documented_and_no_other():
    documented = first_column("dependencies.md")
    assert direct_dependencies() - documented == set()
    bootstrap = (ROOT / "tools" / "bootstrap.sh").read_text(encoding="utf-8")
    system = {"python3-venv", *re.findall(r"\|\| echo ([\w-]+)", bootstrap)}
    assert documented - system - direct_dependencies() == set()


def imports_of_rooms() -> dict[str, set[str]]:
    """Room ("casework.forms") -> the rooms it imports, by their last names."""
    graph = grimp.build_graph("motcua", cache_dir=None)
    rooms: dict[str, set[str]] = {}
    for module in graph.modules - {m for m in graph.modules if ".tests" in m}:
        _, *room = module.split(".")[:3]
        if len(room) == 2 and room[0] != "config":
            found = {target.split(".")[2] for target in graph.find_modules_directly_imported_by(module)
                     if target.count(".") > 1 and target.split(".")[1:3] != room}  # fmt: skip
            rooms.setdefault(".".join(room), set()).update(found)
    return rooms


def test_the_table_of_rooms_names_what_each_builds_on():
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+\.\w+)` \|.*\|([^|]*)\|$", page, re.MULTILINE)
    assert {
        room: set(filter(None, builds_on.strip().split(", "))) for room, builds_on in rows
    } == imports_of_rooms()


PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_in_the_text_exist(page):
    words = re.findall(r"`([\w./-]+/[\w./-]*)`", page.read_text(encoding="utf-8"))
    ours = ("src/", "tests/", "tools/", "packs/", "sandbox/", "bench/", "docs/")
    named = [word for word in words if word.startswith(ours) and not word.startswith("docs/_build")]
    assert [word for word in named if not (ROOT / word).exists()] == []


def test_the_map_shows_the_import_contracts():
    subprocess.run([sys.executable, str(ROOT / "tools" / "map.py"), "--check"], check=True)


def test_the_tables_of_rights_are_those_of_the_code():
    subprocess.run([sys.executable, str(ROOT / "tools" / "access_table.py"), "--check"], check=True)


def test_the_tables_of_acts_are_the_state_table():
    subprocess.run([sys.executable, str(ROOT / "tools" / "acts_table.py"), "--check"], check=True)


def test_the_table_of_the_lints_rules_is_current():
    subprocess.run([sys.executable, str(ROOT / "tools" / "pack_rules.py"), "--check"], check=True)
