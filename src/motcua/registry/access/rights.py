"""The vocabulary of rights: programs ask for these and for nothing else."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.registry.access.contributions import Right, register_right

RIGHTS = (
    Right(
        "reception",
        _("Receive and return"),
        _("Receives dossiers at the one-stop desk, hands them over, returns results."),
        handles_dossiers=True,
    ),
    Right(
        "specialist",
        _("Check and draft"),
        _("Checks dossiers, drafts results, submits them for signature."),
        handles_dossiers=True,
    ),
    Right(
        "leader",
        _("Sign"),
        _("Signs results or returns drafts."),
        handles_dossiers=True,
    ),
    Right(
        "reader",
        _("Read dossiers"),
        _("Reads the dossiers of the scope: deputies, until something is delegated to them."),
        handles_dossiers=True,
    ),
    Right("auditor", _("Read the journal"), _("Reads the journal and makes extracts; changes nothing.")),
    Right(
        "operator",
        _("Look after the installation"),
        _("Sees messages sent, jobs and dead letters, and sends again what failed; sees no dossier."),
    ),
    Right(
        "administrator",
        _("Administer"),
        _(
            "Enters agencies, posts, officers and roles; held everywhere also the settings of the installation."
        ),
    ),
    Right(
        "support",
        _("Help people to get in"),
        _("Sees accounts and trouble with signing in, masked; starts the replacement of a second factor."),
    ),
    Right(
        "data_protection",
        _("Answer about personal data"),
        _("Answers requests of people about their personal data."),
    ),
    Right(
        "catalogue",
        _("Keep the catalogue"),
        _(
            "Works through doubtful values of imported procedures, says which agency offers what, "
            "drafts and reviews versions of procedures."
        ),
    ),
)


def register() -> None:
    for right in RIGHTS:
        register_right(right)
