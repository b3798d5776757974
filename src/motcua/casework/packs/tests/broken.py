"""One good pack (`sample/`), and for every rule of its lint a way to break it. docs/packs.md shows what is then said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).with_name("sample")
ONE = "procedures/1.000001"
PROCEDURE, FORM, PROCESS = f"{ONE}/procedure.yaml", f"{ONE}/form.json", f"{ONE}/process.yaml"
TEMPLATE, EXAMPLE, LINKED = f"{ONE}/result.typ", f"{ONE}/example.json", "linked/2.000001/linked.yaml"
CATALOGUE, EVENTS, BPMN = "catalogue.yaml", "life_events.yaml", f"{ONE}/process.bpmn"


@dataclass(frozen=True, slots=True)
class Broken:
    """`old` of a file is replaced by `new`; without `old` the file is made of `new`, without both it is taken away.

    `at`: stands on the line that is told, in the file `told` ("": the same file); "" where no line is.
    """

    rule: str
    file: str
    old: str
    new: str | bytes
    at: str
    told: str = ""

    def files(self) -> dict[str, bytes]:
        """The pack with this fault."""
        files = sample()
        if self.old:
            text = files[self.file].decode()
            assert self.old in text, self.old
            files[self.file] = text.replace(self.old, str(self.new), 1).encode()
        elif self.new == "":
            del files[self.file]
        else:
            files[self.file] = self.new.encode() if isinstance(self.new, str) else self.new
        return files

    def line(self, files: Mapping[str, bytes]) -> int:
        """The line, from 1, that is told; 0 for none."""
        told = files.get(self.told or self.file, b"")
        return told[: told.index(self.at.encode())].count(b"\n") + 1 if self.at else 0


def sample() -> dict[str, bytes]:
    """The good pack, by file name."""
    return {it.relative_to(SAMPLE).as_posix(): it.read_bytes() for it in SAMPLE.rglob("*") if it.is_file()}


_BPMN = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">\n<task id="t"/></process></definitions>'
_SECOND = "procedures/1.000005/procedure.yaml"
_WITHOUT_TEMPLATE = (SAMPLE / PROCEDURE).read_text(encoding="utf-8").replace("template: result.typ, ", "")
_WITHOUT_TEMPLATE = _WITHOUT_TEMPLATE.replace("1.000001", "1.000005")
_LONG = "cây " * 50

BROKEN = (
    Broken("missing-file", PROCEDURE, "", "", ""),
    Broken("too-large", FORM, "", b" " * 4_000_001, ""),
    Broken("not-utf-8", PROCEDURE, "", b"code: 1\nname: \xff\n", "name"),
    Broken("control-character", PROCEDURE, "Fell a tree", "Fell\0a tree", "name:"),
    Broken("bad-name", "procedures/1.000001/../form.json", "", "{}", ""),
    Broken("bad-yaml", PROCEDURE, "[chặt cây]", "[chặt cây", "en: [fell]"),
    Broken("bad-json", EXAMPLE, '"trees": 2,', '"trees": 2', '"photo":'),
    Broken("bad-bpmn", "procedures/1.000004/process.bpmn", "", _BPMN, "<task"),
    Broken("two-processes", BPMN, "", "<a/>", "<a/>"),
    Broken("doctype", "procedures/1.000004/process.bpmn", "", '<!DOCTYPE a [<!ENTITY b "c">]>\n<a>&b;</a>', "<!DOCTYPE"),
    Broken("too-deep", EXAMPLE, '"Nguyễn Văn Mẫu"}', "[" * 70 + "]" * 70 + "}", "{"),
    Broken("too-big-inside", EVENTS, "", "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
    ), "f: &f"),
    Broken("endless-alias", PROCEDURE, "en: [fell]", "en: &fell [*fell]", "everyday_words"),
    Broken("yaml-tag", PROCEDURE, "level: commune", "level: !!python/name:os.system x", "level"),
    Broken("duplicate-key", PROCEDURE, "level: commune", "level: commune\ncode: x", "code: x"),
    Broken("key-not-text", PROCEDURE, "en: [fell]", "no: [fell]", "everyday_words"),
    Broken("not-a-number", EXAMPLE, '"trees": 2', '"trees": NaN', "NaN"),
    Broken("missing-key", PROCEDURE, "lead: {", "official_name: {", 'code: "1'),
    Broken("unknown-key", PROCEDURE, "supplement: {", "suplement: {", "suplement"),
    Broken("wrong-type", PROCEDURE, "amount_vnd: 8000", "amount_vnd: 8.000 đ", "8.000"),
    Broken("not-one-of", PROCEDURE, "level: commune", "level: comune", "level"),
    Broken("wrong-form", PROCEDURE, "valid_from: 2025-07-01", "valid_from: 1.7.2025", "valid_from"),
    Broken("malformed-code", PROCEDURE, 'code: "1.000001"', 'code: "1.1"', "code"),
    Broken("malformed-limit", PROCEDURE, "  value: 5wd", "  value: soon", "value"),
    Broken("missing-language", PROCEDURE, ", de: Einen Baum fällen.", "", "lead"),
    Broken("unknown-sector", PROCEDURE, "sector: trees", "sector: treese", "sector"),
    Broken("unknown-life-event", PROCEDURE, "[garden]", "[gardens]", "gardens"),
    Broken("unknown-fee-words", CATALOGUE, "3wd, source: M}\n    fee: {words: free", "3wd, source: M}\n    fee: {words: fre", "fre,"),
    Broken("unknown-result", PROCEDURE, "accepts: [KQ.G01.000009]", "accepts: [KQ.G01.000008]", "000008"),
    Broken("unknown-procedure", EVENTS, '"1.000002"', '"1.000009"', "1.000009"),
    Broken("unknown-component", PROCEDURE, "[identity, photo]", "[identity, phot]", "phot]"),
    Broken("unknown-field", PROCEDURE, "per: trees", "per: tree", "per"),
    Broken("unknown-option", FORM, '"equals": "old"}\n            }', '"equals": "ancient"}\n            }', "ancient"),
    Broken("unknown-step", PROCESS, "to: signing}", "to: signin}", "signin"),
    Broken("never-true", FORM, '[{"field": "kind", "equals": "old"}]',
           '[{"field": "kind", "equals": "old"}, {"field": "kind", "not": "old"}]', '"name": "reason"', ),
    Broken("no-legal-basis", PROCEDURE, "\n  - {number: 1/2024/QH15, name: Luật Cây}", " []", "legal_basis"),
    Broken("ends-before-it-begins", PROCEDURE, "2030-12-31", "2020-12-31", "valid_to"),
    Broken("expired", PROCEDURE, "2030-12-31", "2025-12-31", "valid_to"),
    Broken("fee-without-amount", PROCEDURE, "\n    amount_vnd: 0", "", "- code: visit"),
    Broken("stands-twice", PROCEDURE, "- code: visit", "- code: felling", "felling\n    name: {vi: Thăm"),
    Broken("code-twice", _SECOND, "", (SAMPLE / PROCEDURE).read_text(encoding="utf-8"), "code"),
    Broken("other-folder", PROCEDURE, 'code: "1.000001"', 'code: "1.000007"', "code"),
    Broken("unused-file", f"{ONE}/from.json", "", "{}", ""),
    Broken("upload-without-kinds", PROCEDURE, "    kinds: [jpeg, png]\n", "", "code: photo"),
    Broken("no-question-for-paper", PROCEDURE, "    field: opinion\n", "", "code: opinion"),
    Broken("accepts-nothing-asked", PROCEDURE, "    field: photo\n", "", "accepts"),
    Broken("already-held", PROCEDURE, "name: {vi: Ý kiến,", "name: {vi: Bản sao sổ hộ khẩu,", "code: opinion"),
    Broken("asked-twice", FORM, '"Ý kiến", "en"', '"Ảnh", "en"', '"name": "opinion"'),
    Broken("silence", PROCEDURE, "means: approved", "means: yes", "silence"),
    Broken("supplement", PROCEDURE, "warn: 3wd", "warn: 20wd", "supplement"),
    Broken("case-never-first", PROCEDURE, "equals: young", "equals: old", "equals: old}\n    components: [identity, photo]\n"),
    Broken("case-and-paper", PROCEDURE, "components: [identity, photo]", "components: [identity]", "code: young"),
    Broken("steps-too-long", PROCEDURE, "  value: 5wd", "  value: 1wd", "value"),
    Broken("form", FORM, '"trees", "photo"]', '"trees"]', '"name": "photo"'),
    Broken("value-in-a-circle", FORM, '"sum": ["trees"]', '"sum": ["twice"]', "fee_for_all"),
    Broken("process", PROCESS, "role: leader", "rolle: leader", "name: signing"),
    Broken("unreachable", PROCESS, "to: signing}", "to: end}", "name: signing"),
    Broken("endless", PROCESS, "{name: signed, to: end}", "{name: signed, to: checking}", 'code: "1'),
    Broken("stuck", PROCESS, "to: signing}\n      - {name: again, to: reception, back: true}",
           "to: meet}\n      - {name: other, to: meet}\n  - {name: meet, kind: parallel, to: [signing]}", "name: meet"),
    Broken("no-template", _SECOND, "", _WITHOUT_TEMPLATE, "result: {"),
    Broken("named-file-missing", EXAMPLE, "", "", "example: example.json", PROCEDURE),
    Broken("template-missing", TEMPLATE, "", "", "result: {", PROCEDURE),
    Broken("template-field", TEMPLATE, "#answers.trees", "#answers.tree", "#answers.tree"),
    Broken("template-broken", TEMPLATE, "#words.kind", "#words.kind.nobody", "#words.kind"),
    Broken("no-example", EXAMPLE, "", "", 'code: "1', PROCEDURE),
    Broken("example-refused", EXAMPLE, '"trees": 2', '"trees": 200', '"trees"'),
    Broken("too-long", FORM, '{"vi": "Loại cây"', f'{{"vi": "{_LONG}"', _LONG),
    Broken("generic-lacks", CATALOGUE, "    decision: 1/QĐ-X\n", "", 'code: "1.000002"'),
    Broken("linked", LINKED, "after: [felling]", "after: [fell]", "after"),
    Broken("bad-plain-language", "plain_language.yaml", "longest_sentence: 20, avoid: {h", "avoid: {h", "languages"),
    Broken("no-help", FORM, '"hint": {"vi": "Theo tuổi.", "en": "By age.", "de": "Nach Alter."},', "", '"name": "kind"'),
    Broken("long-sentence", PROCEDURE, "en: To fell a tree.", f"en: {'one ' * 25}.", "lead"),
    Broken("hard-word", PROCEDURE, "en: To fell a tree.", "en: I hereby fell a tree.", "lead"),
)  # fmt: skip
