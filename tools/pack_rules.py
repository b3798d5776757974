"""Writes the table of rules in docs/packs.md: each with its level and what it says to the broken sample of its test.

Usage: python tools/pack_rules.py [--check]. With --check nothing is written; ends with 1 when the page differs.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "packs.md"
BEGIN, END = "<!-- made by tools/pack_rules.py -->", "<!-- end of what is made -->"
TODAY = date(2026, 3, 10)
# Needs the fonts; its words are the compiler's.
_COSTLY = frozenset({"template-broken"})


def rows() -> list[list[str]]:
    """Rule, level, example. Of a rule that is told elsewhere the words stand with their {names}."""
    from motcua.casework.packs.linting import lint_files
    from motcua.casework.packs.rules.rulebook import RULES
    from motcua.casework.packs.tests.broken import BROKEN

    said = {}
    for broken in BROKEN:
        if broken.rule not in _COSTLY:
            found = [it for it in lint_files(broken.files(), today=TODAY) if it.rule == broken.rule]
            said[broken.rule] = (
                f"{Path(found[0].file).name}:{found[0].line}",
                found[0].problem,
                found[0].mend,
            )
    made = []
    for name, rule in sorted(RULES.items()):
        place, problem, mend = said.get(name, ("", rule.problem, rule.mend))
        level = f"{rule.level}, unreadable" if rule.unreadable else rule.level
        made.append([f"`{name}`", level, f"`{place}`" if place else "", _cell(problem), _cell(mend)])
    return made


def _cell(text: str) -> str:
    """Text of a cell, as it is."""
    return "`" + text.replace("|", "\\|").replace("`", "'") + "`"


def render(page: str) -> str:
    """The page with its table made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    head = ["Rule", "Level", "Example", "Said", "Mend"]
    lines = [head, ["---"] * len(head), *rows()]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


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
