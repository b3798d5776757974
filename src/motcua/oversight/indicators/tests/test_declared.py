"""What may stand in measures.yaml and index766.yaml, and how the lint of packs tells what is wrong, with its line."""

from __future__ import annotations

import copy
from datetime import date

import pytest
import yaml
from django.conf import settings

from motcua.casework.packs.services import open_pack
from motcua.oversight.indicators.rules.declared import lint_index, lint_measures, rows_of
from motcua.oversight.indicators.rules.index766 import BadIndex, parse_index
from motcua.oversight.indicators.rules.measures import BadMeasures, parse_measures


@pytest.fixture(scope="module")
def files():
    return {
        name: yaml.safe_load((settings.PACKS / "vn" / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("measures", "index766")
    }


DAYS = {year: date(year, 1, 1) for year in (2022, 2024, 2025)}


def put(content, at, value):
    """A copy with another value at a place."""
    made = copy.deepcopy(content)
    inner = made
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return made


def test_our_own_have_no_findings(files):
    assert not list(lint_measures(files["measures"]))
    assert not list(lint_index(files["index766"], rows_of(files["measures"])))


FIRST = ("measures", 0)
TERM = (*FIRST, "definitions", 0, "numerator", 0)


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        ((*FIRST, "code"), "on_time_rate", "stands twice"),
        ((*FIRST, "code"), "On time", "small letters"),
        ((*FIRST, "names"), {"vi": "a", "en": "a"}, "vi, en and de"),
        ((*FIRST, "texts", "de"), " ", "vi, en and de"),
        ((*FIRST, "unit"), "euros", "unit is one of"),
        ((*FIRST, "days"), "some", "days is one of"),
        ((*FIRST, "scale"), 0, "scale is a whole number"),
        ((*FIRST, "row"), "VI.1", "no row of index 766"),
        ((*FIRST, "definitions"), [], "no definition"),
        ((*FIRST, "definitions", 0, "source"), "", "no source of law"),
        ((*FIRST, "definitions", 0, "needs"), ["nothing"], "not among sources"),
        ((*FIRST, "definitions", 0, "texts"), {"vi": "a"}, "vi, en and de"),
        ((*FIRST, "definitions", 0, "denominator"), [], "a term at least"),
        ((*FIRST, "definitions", 0, "valid_from"), "2026", "is a day"),
        (TERM, {"count": "receved"}, "nothing is counted as receved"),
        (TERM, {"count": "received", "stock": "late"}, "one of count, stock, source"),
        (TERM, {"count": "received", "channel": 4}, "channel is 1 counter"),
        (TERM, {"count": "received", "channel": True}, "channel is 1 counter"),
        (TERM, {"count": "received", "least": 0}, "least is a whole number"),
        (TERM, {"count": "received", "sign": 2}, "sign is 1 or -1"),
        (TERM, {"stock": "lost"}, "stock is one of"),
        (TERM, {"stock": "late", "channel": 2}, "channel does not go with stock"),
        (TERM, {"source": "offers"}, "which part of offers"),
        (TERM, {"source": "nothing", "part": "a"}, "nothing is not among sources"),
        (("sources", 0, "missing"), {"vi": "a"}, "vi, en and de"),
    ],
)
def test_says_what_is_wrong_with_a_measure(files, at, value, said):
    content = put(files["measures"], at, value)
    assert any(said in why for _, why in lint_measures(content))
    with pytest.raises(BadMeasures):
        parse_measures(content)


def test_definitions_that_overlap(files):
    (one,) = files["measures"]["measures"][0]["definitions"]
    for first, second, is_wrong in (
        ((2022, None), (2024, None), True),
        ((2022, 2024), (2024, None), False),
        ((2024, None), (2022, 2024), False),
        ((2022, 2025), (2024, None), True),
        ((2024, 2024), (2025, None), True),
    ):
        rows = [
            {**one, "valid_from": DAYS[begins], "valid_to": DAYS.get(ends)}
            for begins, ends in (first, second)
        ]
        content = put(files["measures"], (*FIRST, "definitions"), rows)
        assert bool(list(lint_measures(content))) == is_wrong, (first, second)


INDEX = ("index", 0)
GROUP = (*INDEX, "groups", 0)


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        ((*GROUP, "rows", 0, "max"), 5, "its rows have 19 points, the group 18"),
        ((*GROUP, "rows", 0, "max"), "4.5", "its rows have 18.5 points"),
        ((*GROUP, "max"), 19, "101 points in all"),
        ((*GROUP, "code"), "VI", "in this order"),
        ((*GROUP, "names"), {"vi": "a"}, "vi, en and de"),
        ((*GROUP, "rows", 0, "code"), "II.1", "no row of group I"),
        ((*GROUP, "rows", 0, "code"), "I.2", "stands twice"),
        ((*GROUP, "rows", 0, "full_at"), 0, "above 0"),
        ((*GROUP, "rows", 0, "measure"), "nothing", "has no measure nothing"),
        ((*GROUP, "rows", 0, "measure"), "online_rate", "is of row IV.3"),
        ((*GROUP, "rows", 0, "source"), "", "no source of law"),
        ((*INDEX, "bands", 0, "from"), 75, "best first"),
        ((*INDEX, "bands", 4, "from"), 10, "the last from 0"),
        ((*INDEX, "bands", 0, "names"), {}, "vi, en and de"),
    ],
)
def test_says_what_is_wrong_with_the_index(files, at, value, said):
    content = put(files["index766"], at, value)
    assert any(said in why for _, why in lint_index(content, rows_of(files["measures"])))
    if at[-1] != "measure":
        with pytest.raises(BadIndex):
            parse_index(content)


def test_two_indices_at_once(files):
    twice = put(files["index766"], ("index",), files["index766"]["index"] * 2)
    assert any("overlaps" in why for _, why in lint_index(twice))


# Through the lint of packs


def findings(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [it for it in open_pack(folder).findings if it.file.removesuffix(".yaml") in texts]


def texts_of_ours():
    return {
        name: (settings.PACKS / "vn" / f"{name}.yaml").read_text(encoding="utf-8")
        for name in ("measures", "index766")
    }


def test_the_lint_of_packs_names_file_and_line(tmp_path):
    ours = texts_of_ours()
    assert findings(tmp_path, **ours) == []
    wrong = ours["measures"].replace("{count: result_electronic}", "{count: result_electric}")
    (found,) = findings(tmp_path, **ours | {"measures": wrong})
    assert (found.file, found.rule, found.level) == ("measures.yaml", "common-file", "error")
    assert "result_electric" in wrong.splitlines()[found.line - 1]
    wrong = ours["index766"].replace("measure: reuse_rate", "measure: reuse")
    (found,) = findings(tmp_path, **ours | {"index766": wrong})
    assert found.file == "index766.yaml"
    assert "measure: reuse," in wrong.splitlines()[found.line - 1]


@pytest.mark.parametrize(
    "text", ["measures: [x]\nindex: 3", "- a", "7", "index:\n  - {valid_from: x}", "a: ["]
)
@pytest.mark.parametrize("name", ["measures", "index766"])
def test_another_shape_is_told_of_the_right_file_and_breaks_nothing(tmp_path, name, text):
    found = findings(tmp_path, **texts_of_ours() | {name: text})
    assert {it.level for it in found} == {"error"}
    assert f"{name}.yaml" in {it.file for it in found}
    assert all(it.file == f"{name}.yaml" for it in found if "shape" in it.problem)
