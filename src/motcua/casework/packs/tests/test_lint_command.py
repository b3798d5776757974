"""`motcua pack lint` and `motcua pack schema` as an author uses them, and the schemas at their addresses."""

from __future__ import annotations

import io
import json
import shutil

import jsonschema_rs
import pytest
from django.core.management import call_command
from django.test import Client

from motcua.casework.packs.reports import Report
from motcua.casework.packs.rules.findings import finding
from motcua.casework.packs.rules.shape import NAMES, schema_text
from motcua.casework.packs.tests.broken import PROCEDURE, PROCESS, SAMPLE


@pytest.fixture
def pack(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "pack")


def run(*arguments):
    """What is written, and the status it ends with."""
    out, status = io.StringIO(), 0
    try:
        call_command("pack", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        status = ended.code
    return out.getvalue(), status


def spoil(pack, file, old, new):
    path = pack / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def test_a_good_pack_ends_with_0(pack):
    assert run("lint", pack) == ("No findings.\n", 0)


def test_warnings_alone_end_with_0_and_can_be_left_out(pack):
    spoil(pack, PROCEDURE, "2030-12-31", "2025-12-31")
    said, status = run("lint", pack)
    assert "procedure.yaml:9: warning[expired]" in said and "\n  mend: " in said and status == 0
    assert run("lint", pack, "--level", "error") == ("0 errors, 1 warning, 0 advice: expired 1.\n", 0)


def test_an_error_ends_with_1_and_an_unreadable_file_with_2(pack):
    spoil(pack, PROCESS, "to: signing}", "to: signin}")
    assert run("lint", pack)[1] == 1
    spoil(pack, PROCEDURE, "code: ", "code: [")
    assert run("lint", pack)[1] == 2
    assert run("lint", pack / "nothing")[1] == 2


def test_findings_come_as_json_for_programs(pack):
    spoil(pack, PROCESS, "to: signing}", "to: signin}")
    said, status = run("lint", pack / "procedures" / "1.000001", "--json")
    (found,) = json.loads(said)
    assert (found["file"], found["line"], found["rule"], status) == ("process.yaml", 20, "unknown-step", 1)
    assert found["mend"] == "did you mean signing?"


def test_a_terminal_shows_the_line_with_a_caret(pack):
    spoil(pack, PROCESS, "to: signing}", "to: signin}")
    lines = Report(pack, colours=True).lines(
        finding("unknown-step", PROCESS, 20, 26, place="x", why="y", hint="z")
    )
    source, caret = lines.splitlines()[1:3]
    assert source == "  20 |       - {name: good, to: signin}"
    assert source[caret.index("^") :] == "signin}"


def test_a_hostile_line_sends_no_escapes_to_the_terminal(pack):
    (pack / PROCESS).write_text("a: \033[31mred\n", encoding="utf-8")
    lines = Report(pack, colours=True).lines(finding("process", PROCESS, 1, 4, place="\033[31m", why="x"))
    assert "\033[31mred" not in lines and lines.count("\033[31m") == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_printed_served_to_everybody_and_is_json_schema(name):
    said, _status = run("schema", name)
    served = Client().get(f"/schemas/pack/{name}.json")
    assert said.strip() == served.content.decode().strip() == schema_text(name).strip()
    assert served["Content-Type"].startswith("application/schema+json")
    schema = json.loads(said)
    jsonschema_rs.Draft202012Validator(schema)
    assert schema["$id"] == f"urn:motcua:pack:{name}" and schema["title"]


def test_there_is_no_schema_of_another_name():
    assert Client().get("/schemas/pack/../secret.json").status_code == 404
    assert Client().get("/schemas/pack/secret.json").status_code == 404
