from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from motcua.casework.packs.services import BadPack, lint_pack, load_pack, open_pack, read_pack
from motcua.casework.process.models import ProcessDefinition
from motcua.casework.process.rules.bpmn.writing import write_bpmn
from motcua.casework.process.rules.definition import parse_process
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import SYSTEM
from motcua.registry.catalogue.models import LifeEvent, Procedure, ProcedureVersion

TEXT = {"vi": "a", "en": "a", "de": "a"}
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
    generic = [it for it in read_pack(pack).listed if it.get("generic")]
    own = [*pack.glob("procedures/*/procedure.yaml"), *pack.glob("linked/*/linked.yaml")]
    assert load(pack).counts["modelled"] == len(own) + len(generic)
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
    "no English name": (f"{BIRTH}/procedure.yaml", {"name": {"vi": "Khai sinh"}}, "name has no words in en"),
    "a code of no list": (f"{BIRTH}/procedure.yaml", {"code": "birth"}, "error[malformed-code]: birth is no code"),
    "a limit nobody can count": (f"{BIRTH}/procedure.yaml", {"limit": {"value": "soon", "text": {"vi": "a", "en": "a", "de": "a"}}}, "error[malformed-limit]: limit:"),
    "a result of no list": (
        f"{BIRTH}/procedure.yaml",
        {"results": [{"code": "BIRTH", "name": {"vi": "a", "en": "a", "de": "a"}}]},
        "error[malformed-code]: BIRTH is no code",
    ),
    "a process that starts nowhere": (f"{BIRTH}/process.yaml", {"start": "x"}, "error[unknown-step]: start: there is no step 'x'"),
    "a life event with an unknown procedure": (
        "life_events.yaml",
        {"life_events": [{"code": "moon", "icon": "x", "name": TEXT, "text": TEXT, "procedures": ["8.888888"]}]},
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


def test_a_missing_file_is_named(pack):
    (pack / BIRTH / "procedure.yaml").unlink()
    with pytest.raises(BadPack, match=r"procedure\.yaml"):
        read_pack(pack)


def test_what_a_procedure_does_not_bring_is_shared_and_its_result_uploaded(pack):
    for name in ("form.json", "process.yaml", "result.typ"):
        (pack / BIRTH / name).unlink()
    # The shared process takes longer than the same day; the shared form does not know whom a result is about.
    results = yaml.safe_load((pack / BIRTH / "procedure.yaml").read_text(encoding="utf-8"))["results"]
    change(
        pack / BIRTH / "procedure.yaml",
        results=[{key: value for key, value in it.items() if key != "about"} for it in results],
        limit={"value": "5wd", "text": dict.fromkeys(("vi", "en", "de"), "5")},
    )
    files = open_pack(pack).procedures["1.001193"]
    assert "subject" in files["form"]["schema"]["properties"]
    assert (files["process"]["code"], files["template"]) == ("1.001193", "")
    # What is linked with it asks for its own questions.
    found = [
        it for it in lint_pack(open_pack(pack)) if not it.file.startswith("linked/") and it.level == "error"
    ]
    # Its template, form and process were named; the example answers another form.
    assert {it.rule for it in found} <= {
        "named-file-missing",
        "template-missing",
        "unknown-field",
        # Its fee hangs on a date that the shared form does not ask for.
        "table",
        "example-refused",
    }


@pytest.mark.django_db
def test_a_listed_procedure_with_its_components_is_published(world):
    version = ProcedureVersion.objects.get(procedure="1.004837")
    assert version.procedure.is_online and not version.result_template
    assert version.definition["procedure"]["limit"]["text"]["en"] == "3 working days."
    assert "person" in version.definition["form"]["schema"]["$defs"]


def listing(pack, **changes):
    content = yaml.safe_load((pack / "catalogue.yaml").read_text(encoding="utf-8"))
    found = next(it for it in content["procedures"] if it["code"] == "1.004837")
    found.update(changes)
    change(pack / "catalogue.yaml", procedures=content["procedures"])


LACKING = {
    "no components": ({"components": []}, "generic: components is missing"),
    "a code that is no name": (
        {"components": [{"code": "A-1", "needed": "upload", "name": TEXT}]},
        "A-1 is no code",
    ),
    "a need that is none": (
        {"components": [{"code": "a", "needed": "maybe", "name": TEXT}]},
        "needed cannot be maybe",
    ),
    "a limit of the same day": ({"limit": {"value": "sameday"}}, "longer than the same day"),
    "no name of its result": ({"result_name": None}, "result_name must be a table"),
}


@pytest.mark.parametrize("fault", LACKING)
def test_refuses_a_listing_for_the_generic_form_with(pack, fault):
    changes, words = LACKING[fault]
    listing(pack, **changes)
    with pytest.raises(BadPack, match=words):
        read_pack(pack)


def test_the_command_lists_what_is_wrong(pack, capsys):
    change(pack / BIRTH / "process.yaml", start="x")
    with pytest.raises(SystemExit) as ended:
        call_command("pack", "lint", str(pack))
    assert ended.value.code == 1
    found = capsys.readouterr().out
    assert f"{BIRTH}/process.yaml:" in found
    assert "error[unknown-step]: start: there is no step 'x'" in found and "did you mean" not in found


@pytest.mark.django_db
def test_a_process_may_come_as_bpmn(world, pack):
    process = pack / BIRTH / "process.yaml"
    before = parse_process(yaml.safe_load(process.read_text(encoding="utf-8")))
    (pack / BIRTH / "process.bpmn").write_bytes(write_bpmn(before))
    with pytest.raises(BadPack, match=r"process\.yaml and process\.bpmn"):
        load(pack)
    process.unlink()
    load(pack)
    version = ProcedureVersion.objects.filter(procedure="1.001193").latest("number")
    assert parse_process(version.definition["process"]) == before


def test_a_bpmn_file_outside_the_subset_is_a_finding_with_its_line(pack):
    (pack / BIRTH / "process.yaml").unlink()
    (pack / BIRTH / "process.bpmn").write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">\n<task id="t"/></process></definitions>',
        encoding="utf-8",
    )
    with pytest.raises(BadPack) as refused:
        read_pack(pack)
    assert f"{BIRTH}/process.bpmn:2: error[bad-bpmn]" in str(refused.value)
    assert "task t line 2: task is not supported" in str(refused.value)


def test_a_process_is_published_with_those_it_calls(pack):
    rows = [{"name": "sub", "kind": "call", "process": "2.002641", "to": "end"}]
    (pack / BIRTH / "process.yaml").write_text(
        yaml.safe_dump({"code": "1.001193", "start": "sub", "steps": rows}), encoding="utf-8"
    )
    process = read_pack(pack).procedures["1.001193"]["process"]
    assert list(parse_process(process).steps) == [
        "sub/reception",
        "sub/verification",
        "sub/signing",
        "sub/returning",
    ]
