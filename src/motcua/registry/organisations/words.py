"""Codes of this room put into words: problems of a file, levels, ranks, kinds of succession."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROBLEMS = {
    "too_long": _("The file is too long. Divide it."),
    "not_utf8": _("The file is not in UTF-8. Save it again with this encoding."),
    "not_csv": _("This line is not readable as CSV. Check its quotation marks."),
    "not_yaml": _("The file is not readable as YAML from here on. Check indents and colons."),
    "not_xlsx": _("The file is not a readable workbook. Save it again as .xlsx or as CSV."),
    "no_xlsx": _("Workbooks cannot be read in this installation. Save the table as CSV."),
    "no_kind": _("The first line must name the columns, one of them “kind”."),
    "unknown_list": _("Only the lists agencies, units, posts and officers may stand here."),
    "unknown_kind": _("Enter agency, unit, post or officer as kind instead of “%(value)s”."),
    "unknown_column": _("“%(column)s” does not belong to %(kind)s. Take it out or correct its name."),
    "missing": _("Enter “%(column)s”."),
    "too_long_value": _("Shorten “%(column)s” to %(most)s characters."),
    "wrong_value": _("Enter one of %(allowed)s as “%(column)s” instead of “%(value)s”."),
    "wrong_day": _("Enter the day as 2026-03-01 instead of “%(value)s”."),
    "wrong_code": _("Enter a code such as H44.25 or, among old codes, 000.00.25.H44 instead of “%(value)s”."),
    "wrong_place": _("Enter the two or five digits of the statistics office instead of “%(value)s”."),
    "wrong_count": _("Enter a number from 1 to 100 as “count” instead of “%(value)s”."),
    "twice": _("This stands in the file twice: %(value)s. Take one out."),
    "code_taken": _("The code %(value)s belongs, or once belonged, to another agency. Enter another one."),
    "unknown_agency": _(
        "There is no agency %(value)s, neither here nor in the file. Enter it or correct the code."
    ),
    "unknown_unit": _("There is no unit %(value)s in this agency. Enter it or correct the code."),
    "not_yours": _("%(value)s lies outside the agencies that you administer."),
    "circle": _("Below %(value)s it would lie below itself. Choose another unit above."),
    "differs": _(
        "It is there with another “%(column)s”: “%(has)s”, not “%(value)s”. Change it on its page, or the file."
    ),
    "elsewhere": _("%(value)s is an account already and holds another post. Move the officer on their page."),
    "no_free_post": _(
        "Nobody can take “%(value)s”: the unit has no such post, or it is held. Enter the post."
    ),
    "key_taken": _("The key %(value)s signs for somebody else already. Enter another one."),
    "changed_meanwhile": _("Something was changed at the same time. Load the file again."),
}

LEVELS = {
    "ministry": _("ministry"),
    "province": _("province"),
    "department": _("department"),
    # Until 30 June 2025.
    "district": _("district"),
    "commune": _("commune"),
}
RANKS = {"head": _("head"), "deputy": _("deputy head"), "": pgettext_lazy("rank of a post", "ordinary")}
KINDS = {
    "agency": _("agencies"),
    "unit": _("units"),
    "post": _("posts"),
    "officer": _("officers"),
}


def problem_words(code: str, fields: Mapping[str, str]) -> str:
    """What is wrong in a file and how to mend it."""
    return str(PROBLEMS[code]) % fields
