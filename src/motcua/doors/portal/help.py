"""Help for people who use the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.helping import HelpTopic, register_help

_TOPICS = (
    HelpTopic(
        slug="find",
        area="portal",
        title=_("Find what you need"),
        steps=(
            _("Say in the search box what has happened, in your own words. Accents are not needed."),
            _(
                "Choose the procedure. Its page says who may apply, what is needed, what it costs and how long it takes."
            ),
            _(
                "If nothing fits, look under “Events in a life”, call the hotline or ask at any one-stop counter."
            ),
        ),
        pages=("portal:home", "catalogue:"),
        notes=(
            _(
                "You can apply for procedures with a “Start application” button here. For others the page says where to go."
            ),
        ),
    ),
    HelpTopic(
        slug="sign-in",
        area="portal",
        title=_("Sign in with your electronic identity"),
        steps=(
            _(
                "Press “Sign in”. You are led to the page of the electronic identity, which asks for your password or your phone."
            ),
            _("Back here, your name stands at the top. What the State knows of you need not be typed again."),
            _(
                "On a phone that is not yours, sign out when you are done: drafts kept on the device are deleted."
            ),
        ),
        pages=("people:",),
        notes=(
            _(
                "Without an electronic identity, go to any one-stop counter: the officer enters the application for you."
            ),
        ),
    ),
    HelpTopic(
        slug="apply",
        area="portal",
        title=_("Fill in and submit an application"),
        steps=(
            _(
                "Each page asks one group of questions and is kept as soon as you continue. You can stop at any time and go on later."
            ),
            _(
                "Photograph papers in good light with all four corners, or choose a file. PDF, JPEG and PNG are accepted."
            ),
            _("Read everything once more on the last page, correct what is wrong and submit."),
            _("If the line breaks, wait until it is back and send again: nothing is submitted twice."),
        ),
        pages=("dossiers:start", "dossiers:page", "dossiers:check", "dossiers:submit"),
    ),
    HelpTopic(
        slug="follow",
        area="portal",
        title=_("Follow a dossier"),
        steps=(
            _("“My dossiers” shows each one with its status and the day it is due."),
            _(
                "The page of a dossier says how the due date was counted, who has it now and who has looked at it."
            ),
            _("When the result is signed you find it there, and you are told by the ways you have chosen."),
        ),
        pages=("dossiers:", "portal:message"),
        notes=(
            _("Anybody who has the code on the receipt can see the status on the first page, without names."),
        ),
    ),
    HelpTopic(
        slug="documents",
        area="portal",
        title=_("Find, share and use your documents again"),
        steps=(
            _("“My documents”, under your name, holds what was issued to you, once it was returned."),
            _("“Share by a code” lets somebody see documents for a purpose, until a moment that you choose."),
            _("“My shares” says who looked. You can end a share at any time."),
            _("Where an application asks for a paper that the State has already, choose “Use it”."),
        ),
        pages=("documents:",),
        notes=(_("What somebody downloaded stays with them, also when the share has ended."),),
    ),
    HelpTopic(
        slug="check-a-paper",
        area="portal",
        title=_("Check whether a paper is genuine"),
        steps=(
            _("Scan the QR code on the paper, type the code beside it, or choose the file."),
            _("The answer says who signed, when, and whether anything was changed since."),
        ),
        pages=("warehouse:",),
        notes=(_("A file you choose is only looked at and not kept."),),
    ),
    HelpTopic(
        slug="figures",
        area="portal",
        title=_("Read the figures"),
        steps=(
            _("Each figure says what is counted and when. Dossiers are counted once, whoever handles them."),
        ),
        pages=("portal:figures", "public-figures:"),
    ),
)


def register() -> None:
    register_help(*_TOPICS)
