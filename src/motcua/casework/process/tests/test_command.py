from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from motcua.casework.process.rules.bpmn.reading import read_bpmn
from motcua.casework.process.rules.definition import parse_process
from motcua.casework.process.services import publish_definition
from motcua.casework.process.tests.processes import node, process, task

BIRTH = settings.PACKS / "vn/procedures/1.001193/process.yaml"


def written(path: Path, data) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return path


def test_check_says_that_our_process_is_sound(capsys):
    call_command("process", "check", str(BIRTH))
    assert capsys.readouterr().out == "Sound: 4 tasks, 5 nodes.\n"


def test_check_lists_what_is_wrong_and_exits_with_1(tmp_path, capsys):
    with pytest.raises(CommandError, match=r"2 finding\(s\)") as refused:
        call_command(
            "process", "check", str(written(tmp_path / "p.yaml", process(task("a", go="x", back="y"))))
        )
    assert refused.value.returncode == 1
    assert capsys.readouterr().out == "a.go: there is no step 'x'\na.back: there is no step 'y'\n"


def test_check_prints_one_json_object(tmp_path, capsys):
    with pytest.raises(CommandError):
        call_command("process", "check", str(written(tmp_path / "p.yaml", process(task("a", "x")))), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["sound"], said["findings"]) == (False, [{"place": "a.done", "why": "there is no step 'x'"}])


@pytest.mark.parametrize("content", [None, "a: [b", "\udcff"])
def test_a_file_that_cannot_be_read_exits_with_2(tmp_path, content):
    path = tmp_path / "p.yaml"
    if content is not None:
        path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(CommandError) as refused:
        call_command("process", "check", str(path))
    assert refused.value.returncode == 2


@pytest.mark.parametrize("form", ["bpmn", "yaml"])
def test_what_is_exported_is_the_same_process(form, tmp_path, capsys):
    call_command("process", "export", str(BIRTH), f"--as={form}")
    out = capsys.readouterr().out
    data = read_bpmn(out.encode()) if form == "bpmn" else yaml.safe_load(out)
    assert parse_process(data) == parse_process(yaml.safe_load(BIRTH.read_text(encoding="utf-8")))


def test_the_exported_picture_brings_its_own_colours(capsys):
    call_command("process", "export", str(BIRTH), "--as=svg", "--language=en")
    out = capsys.readouterr().out
    assert out.startswith("<svg") and "<style>" in out and "Reception" in out


def test_a_called_process_is_found_in_the_folder_of_its_code(tmp_path, capsys):
    main = written(
        tmp_path / "procedures/1/process.yaml", process(node("a", "call", "end", process="2.000001"))
    )
    with pytest.raises(CommandError):
        call_command("process", "check", str(main))
    written(tmp_path / "procedures/2.000001/process.yaml", process(task("visit")))
    call_command("process", "check", str(main))
    assert "Sound: 1 tasks" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_published_process_is_exported_by_its_code(capsys):
    publish_definition(code="8.000001", digest="e" * 64, content=process(task("visit"), code="8.000001"))
    call_command("process", "export", "8.000001", "--as=yaml")
    assert yaml.safe_load(capsys.readouterr().out)["start"] == "visit"
    with pytest.raises(CommandError, match="neither a file nor the code"):
        call_command("process", "export", "8.000002")
