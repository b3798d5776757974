"""Files of a pack are read with bounds: what is broken or hostile is a finding, never a crash, and nothing is followed."""

from __future__ import annotations

import os
import shutil
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.casework.packs import reading
from motcua.casework.packs.linting import lint_files, lint_path
from motcua.casework.packs.reading import Source, read_folder, read_source
from motcua.casework.packs.rules.rulebook import RULES, UNREADABLE
from motcua.casework.packs.tests.broken import FORM, PROCEDURE, PROCESS, SAMPLE, sample

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def pack(tmp_path):
    """The good pack on a disk."""
    return shutil.copytree(SAMPLE, tmp_path / "pack")


def rules_of(path):
    return {(it.file, it.rule) for it in lint_path(path)}


def test_a_good_pack_and_one_of_its_folders_have_no_findings(pack):
    assert lint_path(pack) == [] and lint_path(pack / "procedures" / "1.000001") == []


def test_a_folder_alone_is_looked_at_without_the_pack_around_it(pack, tmp_path):
    alone = shutil.move(pack / "procedures" / "1.000001", tmp_path / "alone")
    assert lint_path(alone) == []
    (alone / "form.json").write_text("{", encoding="utf-8")
    assert rules_of(alone) == {("form.json", "bad-json")}


def test_a_link_is_not_followed_wherever_it_leads(pack, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("code: secret", encoding="utf-8")
    (pack / PROCEDURE).unlink()
    (pack / PROCEDURE).symlink_to(secret)
    (pack / "processes" / "more.yaml").symlink_to("generic.yaml")
    (pack / "linked" / "2.000002").symlink_to(tmp_path, target_is_directory=True)
    found = lint_path(pack)
    assert {it.file for it in found if it.rule == "not-a-file"} == {
        PROCEDURE,
        "processes/more.yaml",
        "linked/2.000002",
    }
    assert "secret" not in " ".join(map(str, found))


def test_devices_pipes_and_sockets_are_not_opened(pack, monkeypatch):
    os.mkfifo(pack / "procedures" / "1.000001" / "pipe.yaml")
    monkeypatch.chdir(pack / "procedures" / "1.000001")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.yaml")
        found = rules_of(pack)
    assert {(f"procedures/1.000001/{it}.yaml", "not-a-file") for it in ("pipe", "socket")} <= found


def test_a_hundred_megabytes_are_not_read(pack):
    with (pack / FORM).open("wb") as stream:
        stream.truncate(100_000_000)  # takes no room on the disk
    assert (FORM, "too-large") in rules_of(pack)


def test_more_files_than_a_nation_has_procedures_are_not_read(pack, monkeypatch):
    monkeypatch.setattr(reading, "MOST_FILES", 5)
    assert "too-many-files" in {it.rule for it in read_folder(pack).findings}


def test_folders_in_folders_end_somewhere(pack):
    deep = pack / "procedures" / "1.000001" / "/".join("abcdef")
    deep.mkdir(parents=True)
    (deep / "x.yaml").write_text("a: 1", encoding="utf-8")
    assert "bad-name" in {it.rule for it in read_folder(pack).findings}


@pytest.mark.parametrize(
    "name", ["../x.yaml", "/etc/x.yaml", "a\0.yaml", "a//b.yaml", "..", "", "a\\b.yaml", "x" * 130]
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    found = lint_files({name: b"code: 1"})
    assert "bad-name" in {it.rule for it in found}


@pytest.mark.parametrize("path", ["nothing", "file"])
def test_a_path_that_is_no_folder_is_told(tmp_path, path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert {it.rule for it in lint_path(tmp_path / path)} & UNREADABLE


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"1", b'"text"', b"{}", b"- - -"])
@pytest.mark.parametrize(
    "file", [PROCEDURE, FORM, PROCESS, "catalogue.yaml", "life_events.yaml", "linked/2.000001/linked.yaml"]
)
def test_a_file_that_says_something_else_is_told(file, content):
    assert any(it.file == file and it.level == "error" for it in lint_files(sample() | {file: content}))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"1", b"held: 1\nresults: 2\nlanguages: 3\ncode: {}", b"held: [1]\nresults: [1]"]
)
@pytest.mark.parametrize(
    "file", ["plain_language.yaml", "personal_data.yaml", "result_codes.yaml", "processes/generic.yaml"]
)
def test_a_file_around_the_procedures_that_says_nonsense_does_not_end_the_lint(file, content):
    assert all(it.rule in RULES for it in lint_files(sample() | {file: content}))


def test_the_line_of_a_key_and_of_a_value_is_that_of_the_file():
    text = b'{\n "a": [1,\n  {"b\\u0020c":\n   2}],\n "d": "x"}'
    source = read_source("procedures/x/form.json", text)
    assert isinstance(source, Source)
    assert source.mark(("a", 1, "b c"), key=True) == (3, 4)
    assert source.mark(("a", 1, "b c")) == (4, 4)
    assert source.line(("a", 1, "nobody")) == 3 and source.line(("d",)) == 5
    merged = read_source("catalogue.yaml", b"a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n")
    assert isinstance(merged, Source)
    assert (merged.content["b"], merged.line(("b", "x")), merged.line(("b", "y"))) == ({"x": 1, "y": 2}, 1, 4)


@FEW
@given(st.binary(max_size=300), st.sampled_from([".yaml", ".json", ".bpmn", ".typ"]))
def test_any_bytes_are_read_or_told(content, kind):
    read = read_source(f"procedures/x/file{kind}", content)
    assert isinstance(read, Source) or all(it.rule in RULES for it in read)


@FEW
@given(
    st.sampled_from([PROCEDURE, FORM, PROCESS, "catalogue.yaml", "linked/2.000001/linked.yaml"]),
    st.integers(0, 10_000),
    st.integers(0, 12),
    st.sampled_from(
        ["", "{", "}", "[", "]", ":", ",", '"', "- ", "\n", "&a ", "*a", "null", "1e999", "..", "%"]
    ),
)
def test_a_file_with_a_hole_or_a_splinter_in_it_is_told_not_crashed_upon(file, at, length, put):
    text = sample()[file].decode()
    at %= len(text)
    for it in lint_files(sample() | {file: (text[:at] + put + text[at + length :]).encode()}):
        assert it.rule in RULES and it.line >= 0 and it.mend
