"""Codes of this room in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "download": _("Everything about me, to download"),
    "correct": _("Correct something"),
    "erase": _("Erase something"),
    "ask": _("A question about who read my data"),
}
# Status -> (words, state of the design system).
STATUSES = {
    "open": (_("being worked on"), "open"),
    "granted": (_("granted"), "done"),
    "partly": (_("granted in part"), "look"),
    "refused": (_("refused"), "stopped"),
    "taken_back": (_("taken back by you"), "stopped"),
}
PROBLEMS = {
    "other-person": _("That account belongs to another person. Nothing was linked."),
    "linked-elsewhere": _("That way to sign in leads to another account already. Nothing was linked."),
    "claims": _("The eID service left something out without which we cannot know you. Nothing was linked."),
    "assurance": _("That account is not strong enough: it must be of level 2."),
    "cancelled": _("You stopped at the other page. Nothing was changed."),
}
PROBLEM = _("The other service did not answer as it should. Nothing was changed; try again in a few minutes.")
