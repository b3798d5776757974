from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from motcua.casework.packs.services import BadPack, lint_pack, load_pack, read_pack
from motcua.casework.process.models import ProcessDefinition
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.models import LifeEvent, Procedure, ProcedureVersion

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
BIRTH = "procedures/1.001193"


@pytest.fixture
def pack(tmp_path):
    """The pack vn, to be changed."""
    return shutil.copytree(settings.PACKS / "vn", tmp_path / "vn")


def change(path, **values):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(content | values, allow_unicode=True), encoding="utf-8")


def counts():
    models = (Procedure, ProcedureVersion, LifeEvent, ProcessDefinition, Entry)
    return [model.objects.count() for model in models]


def load(path):
    return load_pack(actor=SYSTEM, path=path, at=AT)


def test_our_pack_has_no_findings():
    assert list(lint_pack(read_pack(settings.PACKS / "vn"))) == []


@pytest.mark.django_db
def test_loading_again_changes_nothing(world, pack):
    before = counts()
    assert load(pack)["modelled"] == len(list(pack.glob("procedures/*/procedure.yaml")))
    assert counts() == before


@pytest.mark.django_db
def test_a_changed_procedure_is_a_new_version_and_the_old_one_stays(world, pack):
    old = ProcedureVersion.objects.get(procedure="1.001193")
    change(pack / BIRTH / "procedure.yaml", minutes_to_apply=4)
    load(pack)
    assert list(ProcedureVersion.objects.filter(procedure="1.001193").values_list("number", flat=True)) == [
        1,
        2,
    ]
    assert ProcedureVersion.objects.get(pk=old.pk).definition == old.definition


@pytest.mark.django_db
def test_a_changed_template_is_a_new_version_too(world, pack):
    template = pack / BIRTH / "result.typ"
    template.write_text(template.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    load(pack)
    assert ProcedureVersion.objects.filter(procedure="1.001193").count() == 2


FAULTS = {
    "no English name": (
        f"{BIRTH}/procedure.yaml", {"name": {"vi": "Khai sinh"}}, "1.001193: name has no en, de",
    ),
    "a code of no list": (f"{BIRTH}/procedure.yaml", {"code": "birth"}, "code 'birth' is not of the form 1.001193"),
    "a limit nobody can count": (f"{BIRTH}/procedure.yaml", {"limit": {"value": "soon", "text": {}}}, "limit:"),
    "a result of no list": (
        f"{BIRTH}/procedure.yaml",
        {"results": [{"code": "BIRTH", "name": {"vi": "a", "en": "a", "de": "a"}}]},
        "result code 'BIRTH'",
    ),
    "a process that starts nowhere": (f"{BIRTH}/process.yaml", {"start": "x"}, "process.yaml: start:"),
    "a life event with an unknown procedure": (
        "life_events.yaml",
        {"life_events": [{"code": "moon", "icon": "x", "name": {}, "text": {}, "procedures": ["8.888888"]}]},
        "moon names the unknown procedure 8.888888",
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_a_pack_with_a_finding_is_not_loaded_at_all(world, pack, fault):
    path, values, words = FAULTS[fault]
    change(pack / path, **values)
    before = counts()
    with pytest.raises(BadPack) as refused:
        load(pack)
    assert words in str(refused.value)
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["{", "", "- a\n- b\n", "a: [b: c]\n\tx"])
def test_a_file_that_cannot_be_read_is_a_finding_not_a_crash(world, pack, content):
    (pack / "catalogue.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadPack):
        load(pack)


@pytest.mark.parametrize("name", ["form.json", "process.yaml", "result.typ"])
def test_a_missing_file_is_named(pack, name):
    (pack / BIRTH / name).unlink()
    with pytest.raises(BadPack) as refused:
        read_pack(pack)
    assert name in str(refused.value)


def test_the_command_lists_what_is_wrong(pack, capsys):
    change(pack / BIRTH / "process.yaml", start="x")
    with pytest.raises(CommandError, match="1 finding"):
        call_command("pack", "lint", str(pack))
    assert "process.yaml: start: there is no step 'x'" in capsys.readouterr().out
