"""Writes the tables of docs/access.md: roles and rights, right x act, right x page of the desk.

Usage: python tools/access_table.py [--check]. With --check nothing is written; ends with 1 when the page differs.
The pages come from the table of tests/test_permissions.py, which opens every address as every person, so the tables
cannot lie.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "access.md"
BEGIN, END = "<!-- made by tools/access_table.py -->", "<!-- end of what is made -->"
# Whose rows of the permission table show what a right opens.
PERSONS = {
    "reception": "officer", "specialist": "colleague", "auditor": "auditor", "operator": "operator",
    "administrator": "administrator", "support": "support", "data_protection": "data_protection",
    "catalogue": "catalogue",
}  # fmt: skip
REFUSED = {403, "/sign-in/"}


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def roles() -> str:
    import yaml

    found = yaml.safe_load((ROOT / "packs/vn/roles.yaml").read_text(encoding="utf-8"))["roles"]
    rows = [
        [f"`{row['code']}`", row["names"]["vi"], ", ".join(f"`{it}`" for it in row["rights"])]
        for row in found
    ]
    return _table(["Role", "Name", "Rights"], rows)


def rights() -> str:
    from motcua.registry.access.contributions import list_rights

    rows = [
        [
            f"`{it.code}`",
            str(it.note),
            "at an agency" if it.handles_dossiers else "at an agency or everywhere",
        ]
        for it in list_rights()
    ]
    return _table(["Right", "Opens", "Held"], rows)


def acts() -> str:
    from motcua.casework.dossiers.rules.states import ACTS

    rows = [[f"`{act.code}`", _right(act), ", ".join(f"`{it}`" for it in sorted(act.needs)) or "–"]
            for act in ACTS.values()]  # fmt: skip
    return _table(["Act on a dossier", "Right", "At a step done by"], rows)


def _right(act: Any) -> str:
    """Without a right of its own an act needs the one its task's step names; without a task, nobody's right."""
    return f"`{act.right}`" if act.right else "the step’s" if act.needs else "–"


def pages() -> str:
    from tests.permissions.table import TABLE

    rows = []
    for name, row in TABLE.items():
        address = _address(name)
        # Which right an act on a dossier needs stands in the table of acts.
        if not address.startswith("/desk/") or name == "desk:act":
            continue
        gets = {right: row.gets[person] for right, person in PERSONS.items()}
        # Where somebody finds the thing, 404 hides it from the others; else nobody has it in that test.
        is_found = set(gets.values()) - REFUSED - {404} or "working" in row.things
        closed = REFUSED | ({404} if is_found else set())
        opens = [f"`{right}`" for right, got in gets.items() if got not in closed]
        if len(opens) == len(PERSONS):
            opens = ["all officers"]
        if opens:
            sends = "sends" if row.post is not None else "shows"
            rows.append([f"`{address}`", sends, ", ".join(opens)])
    return _table(["Address", "", "Rights that open it"], sorted(rows))


def _address(name: str) -> str:
    from django.urls import get_resolver

    namespace, _, short = name.rpartition(":")
    rooms = [it for it in get_resolver().url_patterns if getattr(it, "namespace", None) == namespace]
    paths = [
        f"/{room.pattern}{page.pattern}" for room in rooms for page in room.url_patterns if page.name == short
    ]
    return paths[0] if namespace and paths else ""


def render(page: str) -> str:
    """The page with its tables made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    parts = [
        "## Rights", rights(), "## Roles of the pack", roles(), "## Who acts on a dossier", acts(),
        "## Who opens which page of the desk",
        "By one who holds the right where the thing is; elsewhere there is nothing (404). A leader opens the pages of "
        "`specialist`, and signs.", pages(),
    ]  # fmt: skip
    return f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}"


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.test")
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    django.setup()
    page = PAGE.read_text(encoding="utf-8")
    made = render(page)
    if "--check" in sys.argv[1:]:
        return int(made != page)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
