"""Help for officers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from motcua.foundation.ui.helping import HelpTopic, register_help

_TOPICS = (
    HelpTopic(
        slug="tasks",
        area="desk",
        title=_("Your tasks"),
        steps=(
            _("The nearest due date stands on top. Red is overdue, half a clock is due today."),
            _("Open a task with Enter or a click. J and K go down and up, X chooses, / goes to the search."),
            _(
                "The buttons of a dossier are the acts the law and your post allow now. Each is recorded with your name."
            ),
        ),
        pages=("desk:",),
        notes=(_("Somebody else may act on the same dossier: then the page says so and nothing is lost."),),
    ),
    HelpTopic(
        slug="signing",
        area="desk",
        title=_("Sign results"),
        steps=(
            _(
                "The preview shows the very page that will be signed. Choose “Sign”, or return the draft with a reason."
            ),
            _(
                "To sign several, choose them, check the list once more and sign with one act. Each paper has its own report."
            ),
        ),
        pages=("desk:signing",),
    ),
    HelpTopic(
        slug="search",
        area="desk",
        title=_("Search"),
        steps=(
            _("Type a code, a name or a procedure. Accents are not needed, and several words must all fit."),
            _(
                "You find only what you may see. Opening a record of a person is recorded, and the person can see it."
            ),
        ),
        pages=("console:search", "console:found"),
    ),
    HelpTopic(
        slug="journal",
        area="desk",
        title=_("The journal"),
        steps=(
            _(
                "Choose a period, an officer, a person or a kind of act. Each entry shows who did what, in which post, and its seal."
            ),
            _(
                "A signed extract can be made of at most 2,000 entries. Say why you need it: making it is recorded too."
            ),
        ),
        pages=("console:audit",),
    ),
    HelpTopic(
        slug="followers",
        area="desk",
        title=_("Followers, seals and messages"),
        steps=(
            _(
                "A follower behind by more than some seconds is probably not running: look at the service “follow”."
            ),
            _(
                "An entry that a follower could not take stands in the list with its reason. Mend the cause, then try again."
            ),
        ),
        pages=("console:following", "console:seals", "console:messages", "console:message"),
    ),
    HelpTopic(
        slug="officers-sign-in",
        area="desk",
        title=_("Sign in as an officer"),
        steps=(
            _(
                "Use the account your administrator made for you. After several wrong passwords there is a wait before the next try."
            ),
            _(
                "If you cannot get in, ask the support of your agency; two people help you, so that nobody can do it alone."
            ),
        ),
        pages=("console:sign-in",),
    ),
)


def register() -> None:
    register_help(*_TOPICS)
