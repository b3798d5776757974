"""Codes of the journal put into words: kinds of entries, kinds of objects, names of facts."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

# Kind of entry -> what happened. Every kind in docs/journal.md is here: a test compares with the code.
KINDS: dict[str, Promise] = {
    "account.closed": gettext_lazy("Account closed"),
    "account.codes_made": gettext_lazy("Recovery codes made anew"),
    "account.factor_added": gettext_lazy("Second factor added"),
    "account.factor_lost": gettext_lazy("Loss of the second factor reported"),
    "account.factor_removed": gettext_lazy("Second factor removed"),
    "account.factors_reset": gettext_lazy("Second factors removed by two people"),
    "account.invited": gettext_lazy("Invitation made"),
    "account.joined": gettext_lazy("Invitation used"),
    "account.opened": gettext_lazy("Account opened again"),
    "account.password_changed": gettext_lazy("Password changed"),
    "account.read": gettext_lazy("Account looked at"),
    "account.reset_started": gettext_lazy("Replacement of the second factor asked for"),
    "account.searched": gettext_lazy("Account searched by number"),
    "account.sessions_ended": gettext_lazy("Sessions ended"),
    "account.tried": gettext_lazy("Wrong passwords tried"),
    "proposal.approved": gettext_lazy("Proposal approved"),
    "proposal.made": gettext_lazy("Act of two people proposed"),
    "proposal.rejected": gettext_lazy("Proposal rejected"),
    "role.changed": gettext_lazy("Role changed"),
    "role.ended": gettext_lazy("Role of an officer ended"),
    "role.granted": gettext_lazy("Role granted to an officer"),
    "absence.entered": gettext_lazy("Absence of an officer entered"),
    "absence.withdrawn": gettext_lazy("Absence of an officer withdrawn"),
    "delegation.granted": gettext_lazy("Right delegated"),
    "delegation.revoked": gettext_lazy("Delegation revoked"),
    "agency.loaded": gettext_lazy("Agencies of a province entered"),
    "agency.seal_set": gettext_lazy("Seal of an agency entered"),
    "person.entered": gettext_lazy("Citizen entered at first sign-in"),
    "person.signed_in": gettext_lazy("Citizen signed in"),
    "nation.loaded": gettext_lazy("Agencies of the whole nation entered"),
    "places.loaded": gettext_lazy("Places of the nation entered"),
    "dead_letter.retried": gettext_lazy("Dead letter tried again"),
    "document.extended": gettext_lazy("Signatures of a document extended"),
    "dossier.accepted": gettext_lazy("Dossier accepted"),
    "dossier.file_read": gettext_lazy("Paper of a dossier opened"),
    "dossier.handed_over": gettext_lazy("Dossier handed over"),
    "dossier.read": gettext_lazy("Dossier opened"),
    "dossier.result_drafted": gettext_lazy("Result drafted"),
    "dossier.result_returned": gettext_lazy("Result returned"),
    "dossier.signed": gettext_lazy("Result signed"),
    "dossier.signer_named": gettext_lazy("Draft made for another signer"),
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
    "mandate.accepted": gettext_lazy("Mandate accepted"),
    "mandate.ended": gettext_lazy("Mandate ended"),
    "mandate.given": gettext_lazy("Mandate given"),
    "message.retried": gettext_lazy("Message sent again"),
    "officer.entered": gettext_lazy("Officer entered"),
    "officer.signature_image_set": gettext_lazy("Picture of a signature entered"),
    "organisation.entered": gettext_lazy("Organisation entered"),
    "person.merged": gettext_lazy("Two entries of a person merged"),
    "person.numbered": gettext_lazy("Personal number given"),
    "person.read": gettext_lazy("Person's entry opened"),
    "person.searched": gettext_lazy("Person searched by number"),
    "representation.ended": gettext_lazy("Representation ended"),
    "representation.entered": gettext_lazy("Representative entered"),
    "procedure.published": gettext_lazy("Procedure published"),
}

# Kind of object -> (its name, the group of its kinds in the filter).
OBJECTS: dict[str, tuple[Promise, Promise]] = {
    "account": (pgettext_lazy("object", "account"), gettext_lazy("Accounts")),
    "proposal": (pgettext_lazy("object", "proposal"), gettext_lazy("Acts of two people")),
    "role": (pgettext_lazy("object", "role"), gettext_lazy("Roles")),
    "absence": (pgettext_lazy("object", "absence"), gettext_lazy("Absences")),
    "delegation": (pgettext_lazy("object", "delegation"), gettext_lazy("Delegations")),
    "agency": (pgettext_lazy("object", "agency"), gettext_lazy("Agencies")),
    "person": (pgettext_lazy("object", "person"), gettext_lazy("People")),
    "dead_letter": (pgettext_lazy("object", "dead letter"), gettext_lazy("Dead letters")),
    "document": (pgettext_lazy("object", "document"), gettext_lazy("Documents")),
    "dossier": (pgettext_lazy("object", "dossier"), gettext_lazy("Dossiers")),
    "entry": (pgettext_lazy("object", "entry"), gettext_lazy("Entries of the journal")),
    "file": (pgettext_lazy("object", "file"), gettext_lazy("Files")),
    "hold": (pgettext_lazy("object", "legal hold"), gettext_lazy("Legal holds")),
    "journal": (pgettext_lazy("object", "journal"), gettext_lazy("The journal itself")),
    "mandate": (pgettext_lazy("object", "mandate"), gettext_lazy("Mandates")),
    "message": (pgettext_lazy("object", "message"), gettext_lazy("Messages")),
    "nation": (pgettext_lazy("object", "nation"), gettext_lazy("The nation's agencies")),
    "officer": (pgettext_lazy("object", "officer"), gettext_lazy("Officers")),
    "places": (pgettext_lazy("object", "places"), gettext_lazy("Places")),
    "organisation": (pgettext_lazy("object", "organisation"), gettext_lazy("Organisations")),
    "procedure": (pgettext_lazy("object", "procedure"), gettext_lazy("Procedures")),
    "representation": (pgettext_lazy("object", "representation"), gettext_lazy("Representatives")),
}

FACTS: dict[str, Promise] = {
    "act": gettext_lazy("Act"),
    "alone": gettext_lazy("Decided alone"),
    "factor": gettext_lazy("Second factor"),
    "path": gettext_lazy("Agency and below"),
    "rights": gettext_lazy("Rights"),
    "valid_from": gettext_lazy("First day"),
    "valid_to": gettext_lazy("Ends before"),
    "authority": gettext_lazy("Authority"),
    "basis": gettext_lazy("Rests on"),
    "delegate": gettext_lazy("Delegate"),
    "delegate_post": gettext_lazy("Post of the delegate"),
    "delegator": gettext_lazy("Delegator"),
    "delegator_post": gettext_lazy("Post of the delegator"),
    "officer": gettext_lazy("Officer"),
    "procedures": gettext_lazy("Only for the procedures"),
    "right": gettext_lazy("Right"),
    "scope": gettext_lazy("Scope"),
    "agent": gettext_lazy("Who acts"),
    "alias": gettext_lazy("The other entry"),
    "dossier": gettext_lazy("Dossier"),
    "kind_of_organisation": gettext_lazy("Kind of organisation"),
    "kind_of_person": gettext_lazy("Kind of person"),
    "moved": gettext_lazy("Moved"),
    "organisation": gettext_lazy("Organisation"),
    "owner": gettext_lazy("In whose name"),
    "powers": gettext_lazy("Powers"),
    "representation": gettext_lazy("Representation"),
    "until": gettext_lazy("Until before"),
    "agency": gettext_lazy("Agency"),
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
    "former": gettext_lazy("Former places"),
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
    "provinces": gettext_lazy("Provinces"),
    "purpose": gettext_lazy("Purpose"),
    "reason": gettext_lazy("Reason"),
    "receipt_id": gettext_lazy("Receipt"),
    "resolved": gettext_lazy("Handled"),
    "role": gettext_lazy("Role"),
    "round": gettext_lazy("Round of sending"),
    "sha256": gettext_lazy("Digest (SHA-256)"),
    "signature": gettext_lazy("What the scanner found"),
    "source": gettext_lazy("Source"),
    "status": gettext_lazy("Status"),
    "step": gettext_lazy("Step"),
    "successions": gettext_lazy("What became of places"),
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
