"""Import contract: another room is entered by its doors only (docs/architecture.md, "Floors and rooms")."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

FLOORS = {
    "doors",
    "oversight",
    "national",
    "community",
    "office",
    "casework",
    "exchange",
    "registry",
    "foundation",
}
DOORS = {"services", "selectors", "models", "contributions", "policies", "rules"}
# Imported whole: small values and pure arithmetic; the embedded server is entered by `config` alone.
WHOLE = {"kernel", "ui", "worktime"}
# Further doors. Each is a module that was made for other rooms and does not fit one of the usual doors.
EXTRA_DOORS = {
    # Official papers and page pictures: made from values, not from the room's rows. `errors`: why an upload was
    # refused, which forms of any room show. `responses`: a stored file as an answer, for pages of any room.
    # `digitising` takes bytes and gives bytes; its failures are kept by code and put into words by who shows them.
    ("foundation", "files"): {
        "digitising",
        "digitising_errors",
        "errors",
        "official",
        "previews",
        "responses",
        "spreadsheets",
    },
    # What layouts and forms of higher rooms show: names, languages, colours; why a value was refused.
    ("foundation", "installation"): {"appearance", "errors"},
    # Whether there is a relay and a gate, and which: no rows either.
    ("foundation", "notifications"): {"channels"},
    # The room has no rows: keys, signing, the stamp and verification are its whole public face.
    ("foundation", "signatures"): {
        "batch",
        "images",
        "keeping",
        "keys",
        "levels",
        "pdf",
        "proof_files",
        "revocation",
        "stamp",
        "timestamps",
        "trust",
        "verification",
        "xml",
    },
    # Who offers what: services, selectors, errors of its own. Errors: why a version was not taken back. Importing: the
    # national portal's files, which the command of `packs` reads and publishes together. Previewing: the public page of
    # a procedure before it is published. Words: limits as people read them.
    ("registry", "catalogue"): {"errors", "importing", "offers", "previewing", "words"},
    # Absence and delegation: services, selectors, policies, errors, words, contributions of their own. Errors: why an
    # act was refused, for rooms whose work forbids it.
    # Nation: the People's Committees of all provinces and communes, which set-up and scenarios enter.
    ("registry", "organisations"): {"delegation", "errors", "nation"},
    # Other programs: a part of the room with doors of its own (services, selectors, scopes, who calls the API).
    # Errors: why something about accounts and roles was refused, for pages and tests above. Proving: the second factor
    # asked for once more by a page of another room.
    ("registry", "access"): {"clients", "errors", "proving"},
    # The bridge from a parsed form to a Django form, and the words for what is wrong with an answer; they cannot lie in
    # `rules`, which know no Django.
    ("casework", "forms"): {"django_forms", "messages"},
    # The form of a version as dossiers use it: what made-up dossiers answer. Timing: how many dossiers stand how
    # against their limits, by the one rule, for rooms that oversee.
    ("casework", "dossiers"): {"forms", "timing"},
    # Confirmed ways to reach a person: asked for by the desk's pages, too.
    # `errors`: why a card could not be read, which forms of higher rooms show.
    ("registry", "people"): {"contacts", "errors"},
    # Verification codes, also used for a dossier's reference; pure but for chance, so not in `rules`. Errors: why a
    # document could not be ended.
    ("casework", "warehouse"): {"codes", "disposing", "errors", "keeping", "kinds"},
    # Worked examples, which a command and the tests play with the made-up world's people. Captured: publishing what was
    # imported, which a scenario does as of its own year.
    ("casework", "packs"): {"captured", "examples"},
    # Sums of the tallies and figures by the pack's measures; journal entries of a dossier as its facts are read from;
    # facts of dossiers as files, and their export.
    ("oversight", "indicators"): {"exporting", "facts", "measuring", "reading", "tallying"},
    # Devices in the hall that a code opens: no account stands behind them, and another room asks on one, too.
    ("casework", "appointments"): {"devices"},
    # Why a payment was not noted, which the dossier's page shows at the field.
    ("casework", "fees"): {"errors"},
}


def room_of(module: str) -> tuple[str, str] | None:
    parts = module.split(".")
    return (parts[1], parts[2]) if len(parts) > 2 and parts[1] in FLOORS else None


def is_door(module: str) -> bool:
    parts = module.split(".")
    floor, room, door = parts[1], parts[2], parts[3:4]
    return room in WHOLE or not door or door[0] in DOORS | EXTRA_DOORS.get((floor, room), set())


def may_import(importer: str, imported: str) -> bool:
    """Whether one module of ours may import another, as far as doors are concerned."""
    target = room_of(imported)
    if target is None or room_of(importer) == target or is_door(imported):
        return True
    parts, inside = importer.split("."), imported.split(".")[3:]
    if ".tests" in importer and inside[:1] == ["tests"] and inside[1].endswith("factories"):
        return True
    if parts[1] == "config":
        return target == ("foundation", "postgres") or inside[:2] == ["web", "urls"]
    return parts[1:3] == ["doors", "api"] and inside[:1] == ["rest"]


class DoorsContract(Contract):
    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = [
            (importer, imported)
            for importer in sorted(graph.modules)
            if importer.startswith("motcua.")
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.startswith("motcua.") and not may_import(importer, imported)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} enters {imported} past its doors", bold=False)
