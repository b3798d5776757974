"""What docs/architecture.md promises of the code's shape; each check is also shown to fail when it should."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from procrastinate.contrib.django import app as jobs

from motcua.foundation.ui import contributions

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "motcua"
# From the ground up; the rooms of one floor may name each other's tables.
FLOORS = [
    "foundation",
    "registry",
    "exchange",
    "casework",
    "national",
    "community",
    "office",
    "oversight",
    "doors",
    "config",
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over the sources in a folder, with our contracts."""
    environment = os.environ | {
        "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}",
        "COLUMNS": "300",
        "NO_COLOR": "1",
    }
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The sources and contracts, to be spoilt."""
    folder = tmp_path_factory.mktemp("architecture")
    shutil.copytree(
        SOURCE, folder / "src" / "motcua", ignore=shutil.ignore_patterns("static", "locale", "__pycache__")
    )
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "import_contracts.py", folder / "tools")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_imports_keep_every_contract(copy):
    answer = lint(copy)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


PLANTED = {
    "a floor imports from above": (
        "registry/people/planted.py",
        "from motcua.casework.dossiers.models import Dossier",
        "motcua.registry is not allowed to import motcua.casework",
    ),
    "so does it inside a function": (
        "registry/people/planted.py",
        "def late():\n    from motcua.casework.dossiers.models import Dossier\n    return Dossier",
        "motcua.registry is not allowed to import motcua.casework",
    ),
    "a room imports from a room above it": (
        "registry/access/planted.py",
        "from motcua.registry.people.models import Person",
        "motcua.registry.access is not allowed to import motcua.registry.people",
    ),
    "rooms beside each other import each other": (
        "doors/portal/planted.py",
        "from motcua.doors.console.apps import ConsoleConfig",
        "motcua.doors.portal is not allowed to import motcua.doors.console",
    ),
    "a page is imported past the door": (
        "casework/dossiers/planted.py",
        "from motcua.casework.warehouse.web.views import verify",
        "motcua.casework.dossiers.planted enters motcua.casework.warehouse.web.views past its doors",
    ),
    "an adapter is imported past the door": (
        "casework/packs/planted.py",
        "from motcua.registry.people.adapters.claims import EidClaims",
        "motcua.casework.packs.planted enters motcua.registry.people.adapters.claims past its doors",
    ),
    "a rule asks Django": (
        "casework/dossiers/rules/planted.py",
        "from django.utils import timezone",
        "motcua.casework.dossiers.rules.planted -> django",
    ),
    "a rule asks Django through a model": (
        "casework/process/rules/planted.py",
        "from motcua.casework.process.models import Task",
        "motcua.casework.process.rules is not allowed to import django",
    ),
    "a rule asks the network": (
        "casework/forms/rules/planted.py",
        "import socket",
        "motcua.casework.forms.rules is not allowed to import socket",
    ),
    "a floor nobody drew": ("attic/__init__.py", "", "motcua.attic"),
    "a room nobody drew": ("casework/attic/__init__.py", "", "attic"),
}


@pytest.mark.parametrize("case", PLANTED)
def test_the_contracts_find(copy, case):
    path, content, words = PLANTED[case]
    planted = copy / "src" / "motcua" / path
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(content + "\n", encoding="utf-8")
    try:
        answer = lint(copy)
    finally:
        planted.unlink()
        if not any(planted.parent.iterdir()):
            planted.parent.rmdir()
    assert answer.returncode != 0
    assert words in " ".join(answer.stdout.split())


def ours():
    return [config for config in apps.get_app_configs() if config.name.startswith("motcua.")]


def floor(model) -> int:
    return FLOORS.index(model._meta.app_config.name.split(".")[1])


def test_tables_name_only_tables_of_their_own_floor_or_a_lower_one():
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for config in ours()
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if field.related_model._meta.app_config.name.startswith("motcua.")
        if floor(field.related_model) > floor(model)
    ]
    assert upward == []


def test_every_room_has_an_app_of_its_own_name_and_says_what_it_owns():
    rooms = {path.parent for path in SOURCE.glob("*/*/apps.py")}
    assert {Path(config.path) for config in ours() if config.name.count(".") == 2} == rooms
    for room in rooms:
        label, docstring = (
            ".".join(room.relative_to(SOURCE).parts),
            (room / "__init__.py").read_text(encoding="utf-8"),
        )
        assert apps.get_app_config(label.replace(".", "_")).name == f"motcua.{label}"
        assert docstring.startswith('"""'), f"{label} does not say what it owns"


def test_every_job_that_is_deferred_by_name_exists():
    jobs.perform_import_paths()
    deferred = {
        name
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.relative_to(SOURCE).parts
        for name in re.findall(r"configure_task\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert deferred
    assert deferred <= set(jobs.tasks)


def test_every_menu_entry_leads_somewhere():
    entries = contributions._entries
    assert {entry.area for entry in entries} >= {"portal", "desk"}
    assert all(reverse(entry.url_name) for entry in entries)


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_module_is_longer_than_500_lines_and_no_test_than_700():
    lengths = {
        path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
        for path in [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    }
    assert [path for path, lines in lengths.items() if lines > (700 if "tests" in path.parts else 500)] == []
