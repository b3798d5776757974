"""Codes of the journal put into words: kinds of entries, kinds of objects, names of facts."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

# Kind of entry -> what happened. Every kind in docs/journal.md is here: a test compares with the code.
KINDS: dict[str, Promise] = {
    "agency.loaded": gettext_lazy("Agencies of a province entered"),
    "authority.trusted": gettext_lazy("Authority put on the trust list"),
    "signing_key.imported": gettext_lazy("Signing key imported"),
    "installation.set_up": gettext_lazy("Installation set up"),
    "setting.changed": gettext_lazy("Settings changed"),
    "setting.tried": gettext_lazy("Settings tried"),
    "agency.seal_set": gettext_lazy("Seal of an agency entered"),
    "person.entered": gettext_lazy("Citizen entered at first sign-in"),
    "person.signed_in": gettext_lazy("Citizen signed in"),
    "dead_letter.retried": gettext_lazy("Dead letter tried again"),
    "document.extended": gettext_lazy("Signatures of a document extended"),
    "dossier.accepted": gettext_lazy("Dossier accepted"),
    "dossier.file_read": gettext_lazy("Paper of a dossier opened"),
    "dossier.handed_over": gettext_lazy("Dossier handed over"),
    "dossier.read": gettext_lazy("Dossier opened"),
    "dossier.result_drafted": gettext_lazy("Result drafted"),
    "dossier.result_returned": gettext_lazy("Result returned"),
    "dossier.signed": gettext_lazy("Result signed"),
    "dossier.submitted": gettext_lazy("Dossier submitted"),
    "dossier.submitted_for_signature": gettext_lazy("Draft submitted for signature"),
    "dossier.task_returned": gettext_lazy("Draft returned by the signer"),
    "entry.read": gettext_lazy("Entry of the journal opened"),
    "file.erased": gettext_lazy("File erased"),
    "file.infected": gettext_lazy("Malware found in a file"),
    "hold.placed": gettext_lazy("Legal hold placed"),
    "hold.released": gettext_lazy("Legal hold released"),
    "journal.details_erased": gettext_lazy("Personal details erased"),
    "journal.extracted": gettext_lazy("Extract from the journal made"),
    "journal.replayed": gettext_lazy("Journal replayed for a consumer"),
    "journal.searched": gettext_lazy("Journal searched by code or number"),
    "message.retried": gettext_lazy("Message sent again"),
    "officer.entered": gettext_lazy("Officer entered"),
    "officer.signature_image_set": gettext_lazy("Picture of a signature entered"),
    "procedure.published": gettext_lazy("Procedure published"),
}

# Kind of object -> (its name, the group of its kinds in the filter).
OBJECTS: dict[str, tuple[Promise, Promise]] = {
    "agency": (pgettext_lazy("object", "agency"), gettext_lazy("Agencies")),
    "authority": (pgettext_lazy("object", "authority"), gettext_lazy("Authorities")),
    "signing_key": (pgettext_lazy("object", "signing key"), gettext_lazy("Signing keys")),
    "installation": (pgettext_lazy("object", "installation"), gettext_lazy("The installation")),
    "setting": (pgettext_lazy("object", "setting"), gettext_lazy("Settings")),
    "person": (pgettext_lazy("object", "person"), gettext_lazy("People")),
    "dead_letter": (pgettext_lazy("object", "dead letter"), gettext_lazy("Dead letters")),
    "document": (pgettext_lazy("object", "document"), gettext_lazy("Documents")),
    "dossier": (pgettext_lazy("object", "dossier"), gettext_lazy("Dossiers")),
    "entry": (pgettext_lazy("object", "entry"), gettext_lazy("Entries of the journal")),
    "file": (pgettext_lazy("object", "file"), gettext_lazy("Files")),
    "hold": (pgettext_lazy("object", "legal hold"), gettext_lazy("Legal holds")),
    "journal": (pgettext_lazy("object", "journal"), gettext_lazy("The journal itself")),
    "message": (pgettext_lazy("object", "message"), gettext_lazy("Messages")),
    "officer": (pgettext_lazy("object", "officer"), gettext_lazy("Officers")),
    "procedure": (pgettext_lazy("object", "procedure"), gettext_lazy("Procedures")),
}

FACTS: dict[str, Promise] = {
    "agency": gettext_lazy("Agency"),
    "changes": gettext_lazy("Changes"),
    "group": gettext_lazy("Group"),
    "source": gettext_lazy("Source"),
    "succeeded": gettext_lazy("Succeeded"),
    "trial": gettext_lazy("Trial"),
    "assurance_level": gettext_lazy("Assurance level of the eID"),
    "before": gettext_lazy("Before"),
    "batch": gettext_lazy("Signed together in"),
    "by": gettext_lazy("Searched by"),
    "channel": gettext_lazy("Channel"),
    "checks": gettext_lazy("Checked points"),
    "code": gettext_lazy("Code"),
    "communes": gettext_lazy("Communes"),
    "consumer": gettext_lazy("Consumer"),
    "count": gettext_lazy("Number"),
    "criteria": gettext_lazy("Criteria"),
    "digest": gettext_lazy("Digest (SHA-256)"),
    "document": gettext_lazy("Official document"),
    "document_id": gettext_lazy("Official document"),
    "draft_sha256": gettext_lazy("Digest of the draft (SHA-256)"),
    "due_at": gettext_lazy("Due"),
    "earlier_sha256": gettext_lazy("Digest before (SHA-256)"),
    "edition": gettext_lazy("Edition"),
    "file": gettext_lazy("File"),
    "found": gettext_lazy("Found"),
    "from": gettext_lazy("From position"),
    "key": gettext_lazy("Key"),
    "kind": gettext_lazy("Kind of entry"),
    "kinds": gettext_lazy("Kinds of entries"),
    "level": gettext_lazy("Level of the signature"),
    "next_step": gettext_lazy("Next step"),
    "object": gettext_lazy("Object"),
    "on": gettext_lazy("On"),
    "papers": gettext_lazy("Papers (SHA-256)"),
    "position": gettext_lazy("Position"),
    "post": pgettext_lazy("officer", "Post"),
    "procedure": gettext_lazy("Procedure"),
    "purpose": gettext_lazy("Purpose"),
    "reason": gettext_lazy("Reason"),
    "receipt_id": gettext_lazy("Receipt"),
    "resolved": gettext_lazy("Handled"),
    "role": gettext_lazy("Role"),
    "round": gettext_lazy("Round of sending"),
    "sha256": gettext_lazy("Digest (SHA-256)"),
    "signature": gettext_lazy("What the scanner found"),
    "status": gettext_lazy("Status"),
    "step": gettext_lazy("Step"),
    "version": gettext_lazy("Version"),
    "warehouse_id": gettext_lazy("Document in the warehouse"),
    "way": gettext_lazy("Way of return"),
    "width_mm": gettext_lazy("Width in millimetres"),
}


def kind_words(kind: str) -> str:
    """What happened; the code itself for a kind nobody has put into words."""
    return str(KINDS.get(kind, kind))


def object_words(kind: str) -> str:
    words = OBJECTS.get(kind)
    return str(words[0]) if words else kind


def fact_words(name: str) -> str:
    return str(FACTS.get(name, name.replace("_", " ")))


def kind_choices() -> list[tuple[str, object]]:
    """Kinds by the object they begin with, for a select: a group's first choice ("dossier.") means all of it."""
    choices: list[tuple[str, object]] = [("", _("Everything"))]
    for name, (_object, group) in sorted(OBJECTS.items(), key=lambda item: str(item[1][1])):
        kinds = sorted(((it, str(words)) for it, words in KINDS.items() if it.startswith(f"{name}.")),
                       key=lambda item: item[1])  # fmt: skip
        everything = (f"{name}.", _("All: %(group)s") % {"group": group})
        choices.append((str(group), [everything, *kinds] if len(kinds) > 1 else kinds))
    return choices
