"""Loading, exporting and comparing packs: nothing half-published, nothing lost, the same again changes nothing."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from motcua.casework.dossiers.tests.factories import submitted
from motcua.casework.packs import services
from motcua.casework.packs.editions import edition_of
from motcua.casework.packs.exporting import export_all, export_procedure, write_files
from motcua.casework.packs.models import PackFile, PackProcedure
from motcua.casework.packs.packing import packed
from motcua.casework.packs.rules.differing import differences
from motcua.casework.packs.rules.writing import files_of
from motcua.casework.packs.services import BadPack, load_pack, read_pack
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.selectors import find_version

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
VN = settings.PACKS / "vn"
BIRTH = "1.001193"
pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path):
    """The pack vn, which the world has loaded, to be changed."""
    wanted = ("procedures", "processes", "linked", "calendars")
    for name in wanted:
        shutil.copytree(VN / name, tmp_path / "vn" / name)
    for file in VN.glob("*.yaml"):
        shutil.copy(file, tmp_path / "vn" / file.name)
    return tmp_path / "vn"


def load(path, **kwargs):
    return load_pack(actor=SYSTEM, path=path, at=AT, **kwargs)


def counts():
    models = (Procedure, ProcedureVersion, Entry, PackProcedure, PackFile)
    return [model.objects.count() for model in models]


def digests():
    return dict(ProcedureVersion.objects.filter(valid_to=None).values_list("procedure_id", "digest"))


def change(path, **values):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(content | values, allow_unicode=True), encoding="utf-8")


def drop(pack, code):
    shutil.rmtree(pack / "procedures" / code)
    # The groups it is linked in, and the life events that name it.
    for group in pack.glob("linked/*/linked.yaml"):
        if code in group.read_text(encoding="utf-8"):
            shutil.rmtree(group.parent)
    codes = {it.name for it in (pack / "procedures").iterdir()} | {
        it.name for it in (pack / "linked").iterdir()
    }
    listed = yaml.safe_load((pack / "catalogue.yaml").read_text(encoding="utf-8"))["procedures"]
    codes |= {it["code"] for it in listed}
    events = yaml.safe_load((pack / "life_events.yaml").read_text(encoding="utf-8"))["life_events"]
    for event in events:
        event["procedures"] = [it for it in event["procedures"] if it in codes]
    change(pack / "life_events.yaml", life_events=events)


def test_a_load_says_what_is_changed_and_again_nothing(world, pack, capsys):
    change(pack / "procedures" / BIRTH / "procedure.yaml", minutes_to_apply=4)
    before = counts()
    call_command("pack", "load", str(pack), "--dry-run")
    said = capsys.readouterr().out
    assert f"{BIRTH}: changed\n  The minutes it takes to apply was 6 and is now 4." in said
    assert counts() == before
    call_command("pack", "load", str(pack))
    assert f"{BIRTH}: changed\n" in capsys.readouterr().out
    after = counts()
    assert [now - then for now, then in zip(after, before, strict=True)][:3] == [0, 1, 1]
    call_command("pack", "load", str(pack))
    assert "Nothing changed." in capsys.readouterr().out
    assert counts() == after


def test_whole_pack_comes_out_as_it_went_in_and_goes_in_again_unchanged(world, pack, tmp_path):
    (exported,) = export_all().values()
    assert exported.is_original and len(exported.files) > 14 * 5
    assert all((pack / name).read_bytes() == text.encode() for name, text in exported.files.items())
    again = tmp_path / "again" / "vn"
    assert write_files(again, exported.files) == []
    held = digests()
    assert set(load(again).states.values()) == {"unchanged"}
    assert digests() == held
    (second,) = export_all().values()
    assert second.files == exported.files


def test_what_is_written_anew_gives_the_same_version_and_the_same_bytes_again(world):
    pack = read_pack(VN)
    for name, files in pack.procedures.items():
        if name.startswith("linked/"):
            continue
        made = packed(pack.words, files)
        written = files_of(made.definition, made.result_template)
        read = {
            "procedure": yaml.safe_load(written["procedure.yaml"]),
            "form": json.loads(written["form.json"]),
            "process": yaml.safe_load(written["process.yaml"]),
            "template": written.get("result.typ", ""),
        }
        second = packed(pack.words, read)
        assert second.digest == made.digest, name
        # From what the database gives back, whose keys stand otherwise.
        stored = ProcedureVersion.objects.get(procedure=made.listing.code, valid_to=None)
        assert files_of(stored.definition, stored.result_template) == written, name


def test_a_version_that_was_replaced_is_exported_anew_without_comments(world, pack):
    change(pack / "procedures" / BIRTH / "procedure.yaml", minutes_to_apply=4)
    load(pack)
    first, second = export_procedure(f"{BIRTH}@1"), export_procedure(BIRTH)
    assert (first.is_original, second.is_original) == (False, True)
    assert yaml.safe_load(first.files["procedure.yaml"])["minutes_to_apply"] == 6
    assert yaml.safe_load(second.files["procedure.yaml"])["minutes_to_apply"] == 4


def test_a_procedure_that_the_pack_no_longer_has_stays_until_it_is_said(world, pack, capsys):
    drop(pack, "1.012796")
    call_command("pack", "load", str(pack))
    assert "1.012796: not in the pack any more; it stays as it is" in capsys.readouterr().out
    assert find_version("1.012796", at=AT.date())
    loaded = load(pack, is_complete=True)
    assert (loaded.missing, loaded.ended) == (["1.012796"], ["1.012796"])
    assert find_version("1.012796", at=AT.date()) is None
    assert not Procedure.objects.get(pk="1.012796").is_online
    ended = Entry.objects.filter(kind="procedure.ended")
    assert [it.facts["code"] for it in ended] == ["1.012796"]


def test_a_procedure_that_was_ended_is_opened_again_by_the_pack_that_has_it(world, pack, tmp_path):
    whole = shutil.copytree(pack, tmp_path / "whole" / "vn")
    drop(pack, "1.012796")
    load(pack, is_complete=True)
    assert load(whole).states["1.012796"] == "new"
    assert find_version("1.012796", at=AT.date()).number == 2
    assert Procedure.objects.get(pk="1.012796").is_online


def test_two_packs_with_one_code_are_refused_and_both_named(world, pack, tmp_path):
    other = shutil.copytree(pack, tmp_path / "province")
    before = counts()
    with pytest.raises(BadPack, match=rf"{BIRTH} is of the pack vn, not province"):
        load(other)
    assert counts() == before


def test_a_load_that_breaks_half_way_publishes_nothing(world, pack, monkeypatch):
    change(pack / "procedures" / BIRTH / "procedure.yaml", minutes_to_apply=4)
    before, held = counts(), digests()

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "keep_files", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        load(pack)
    assert (counts(), digests()) == (before, held)


@pytest.fixture
def other():
    """A second connection to the same database."""
    second = connection.copy()
    second.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
    yield second
    second.rollback()
    second.close()


def test_a_second_load_waits_for_the_first(world, pack, other):
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('casework_packs'))")
    before = counts()
    with pytest.raises(OperationalError), transaction.atomic():
        load(pack)
    assert counts() == before
    other.rollback()
    assert set(load(pack).states.values()) == {"unchanged"}


def test_a_load_does_not_wait_for_dossiers_that_are_being_submitted(world, pack, other):
    # What the foreign key of a new dossier takes on its version, until it is committed.
    with other.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_catalogue_procedureversion FOR KEY SHARE")
    change(pack / "procedures" / BIRTH / "procedure.yaml", minutes_to_apply=4)
    assert load(pack).states[BIRTH] == "changed"


def test_dossiers_go_on_with_the_version_of_a_procedure_that_is_ended(world, pack):
    dossier = submitted(world.desk, world.mother)
    drop(pack, BIRTH)
    loaded = load(pack, is_complete=True)
    assert loaded.running == {BIRTH: 1}
    assert find_version(BIRTH, at=AT.date()) is None
    dossier.refresh_from_db()
    assert dossier.version.definition["procedure"]["code"] == BIRTH


def test_a_procedure_is_compared_with_what_is_published(world, pack, capsys):
    folder = pack / "procedures" / BIRTH
    assert differences(edition_of(BIRTH)[BIRTH], edition_of(str(folder))[BIRTH]) == []
    call_command("pack", "diff", f"{BIRTH}@1", str(folder))
    assert capsys.readouterr().out == "Nothing differs.\n"
    change(folder / "procedure.yaml", minutes_to_apply=4)
    call_command("pack", "diff", BIRTH, str(folder), "--json")
    (found,) = json.loads(capsys.readouterr().out)["procedures"]
    assert found["differences"][0]["place"] == "procedure.yaml: minutes_to_apply"
    call_command("pack", "diff", str(VN), str(pack))
    assert capsys.readouterr().out.startswith(f"{BIRTH}: changed\n")


@pytest.mark.parametrize("named", ["9.999999", "1.001193@7", "nowhere", "1.001193@0", "../.."])
def test_what_is_neither_a_folder_nor_published_is_refused(world, named):
    with pytest.raises(CommandError, match="neither a folder"):
        call_command("pack", "diff", named, named)


def test_the_commands_of_export_and_test_say_what_they_did(world, pack, tmp_path, capsys):
    call_command("pack", "export", BIRTH, str(tmp_path / "out"))
    assert "6 file(s)" in capsys.readouterr().out
    assert (tmp_path / "out" / "procedure.yaml").read_bytes() == (
        VN / "procedures" / BIRTH / "procedure.yaml"
    ).read_bytes()
    call_command("pack", "export", "--all", str(tmp_path / "all"))
    assert (tmp_path / "all" / "vn" / "catalogue.yaml").is_file()
    with pytest.raises(CommandError, match="or say --all"):
        call_command("pack", "export", str(tmp_path / "all"))
    call_command("pack", "test", str(VN / "procedures" / BIRTH))
    assert "6 case(s) hold." in capsys.readouterr().out
