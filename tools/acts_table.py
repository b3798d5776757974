"""Writes the tables of docs/acts.md from the state table: who does what from where, what it leaves, which law says so,
and the reason that is given where it is refused.

Usage: python tools/acts_table.py [--check]. With --check nothing is written; ends with 1 when the page differs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motcua.casework.dossiers.rules.states import Act

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "acts.md"
BEGIN, END = "<!-- made by tools/acts_table.py -->", "<!-- end of what is made -->"
PAPERS = {
    "receipt": "form 01", "supplement": "form 02", "refusal": "form 03", "apology": "form 04",
    "stopping": "notice of stopping", "payment": "payment notice", "draft": "draft", "result": "result",
    "return": "slip of return",
}  # fmt: skip


def who(act: Act) -> str:
    """Without a right of its own an act needs the one its step names; without a task, it is whose last act it was."""
    right = f"`{act.right}`" if act.right else "the step’s" if act.needs else ""
    others = ["the applicant’s"] if act.by_applicant else []
    others += ["a program’s"] if act.by_client else []
    return ", ".join(filter(None, [right, *others])) or "who did it"


def rows() -> list[list[str]]:
    from motcua.casework.dossiers.rules.states import ACTS

    return [
        [
            f"`{act.code}`",
            ", ".join(str(int(it)) for it in sorted(act.sources)) or "–",
            ", ".join(f"`{it}`" for it in sorted(act.needs)) or "–",
            who(act),
            str(int(act.target)) if act.target else "–",
            PAPERS[act.paper] if act.paper else "–",
            str(act.clock),
            _marks(act),
            f"`{act.entry}`",
        ]
        for act in ACTS.values()
    ]


def _marks(act: Act) -> str:
    said = {"ends the task": act.ends, "can be taken back": act.recallable, "page stays": not act.changes}
    return ", ".join(words for words, holds in said.items() if holds) or "–"


def reasons() -> list[list[str]]:
    from motcua.casework.dossiers.reasons import WHY, article_words
    from motcua.casework.dossiers.rules.states import ACTS

    return [
        [
            f"`{act.code}`",
            str(WHY[act.code]),
            "; ".join(f"{article_words(it)}{'' if it.is_checked else ' [M]'}" for it in act.law)
            or "the process",
        ]
        for act in ACTS.values()
    ]


def instead() -> list[list[str]]:
    from motcua.casework.dossiers.reasons import INSTEAD, TO_APPLICANT

    return [[str(int(it)), str(INSTEAD[it]), str(TO_APPLICANT[it])] for it in INSTEAD]


def _table(head: list[str], make: Callable[[], list[list[str]]]) -> str:
    lines = [head, ["---"] * len(head), *make()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def render(page: str) -> str:
    """The page with its tables made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    acts = ["Act", "From", "Step", "Right", "To", "Paper", "Clock", "", "Entry"]
    parts = [
        _table(acts, rows),
        "Refused elsewhere, with this reason and its source:",
        _table(["Act", "Reason", "Source"], reasons),
        "And what can be done instead, by the status it has:",
        _table(["Status", "An officer reads", "The applicant reads"], instead),
    ]
    return f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}"


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings.test")
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    django.setup()
    from django.utils import translation

    page = PAGE.read_text(encoding="utf-8")
    with translation.override("en"):
        made = render(page)
    if "--check" in sys.argv[1:]:
        return int(made != page)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
