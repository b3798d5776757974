"""What is wrong with a value of a call, in the language that was asked for: words for pydantic's kinds of errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_TEXT, _NUMBER = _("Send a text."), _("Send a whole number.")
_DAY = _("Send a day that exists, as 2026-03-10.")
_MOMENT = _("Send a time as 2026-03-10T09:00:00+07:00.")
_YES_NO = _("Send true or false.")
_ID = _("Send an id as this API gives them: 36 characters of UUID.")
_OBJECT = _("Send an object.")
# By pydantic's `type`; placeholders are those of its `ctx`. What our schemas cannot produce is not here.
_WORDS: dict[str, Promise] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("There is no such member here. Leave it out."),
    "answer_type": _(
        "Send a text, a number, true or false, or a list or object of those; leave out what is empty."
    ),
    "page_token": _("This is not the “next” of a page. Leave “after” out to begin at the start."),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": _("Send at least %(min_length)s characters."),
    "string_too_long": _("Send at most %(max_length)s characters."),
    "string_pattern_mismatch": _("Send a text that fits the pattern %(pattern)s."),
    "literal_error": _("Send one of %(expected)s."),
    "enum": _("Send one of %(expected)s."),
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "greater_than_equal": _("Send a number from %(ge)s."),
    "greater_than": _("Send a number above %(gt)s."),
    "less_than_equal": _("Send a number up to %(le)s."),
    "less_than": _("Send a number below %(lt)s."),
    "list_type": _("Send a list."),
    "too_short": _("Send at least %(min_length)s of them."),
    "too_long": _("Send at most %(max_length)s of them."),
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "timezone_aware": _MOMENT,
}
_ANY = _("This value cannot be taken. The description of the API says what it has to be.")


def words_of(error: Mapping[str, Any]) -> str:
    """What to send instead; never what was sent. `error`: as pydantic tells it, with `type` and `ctx`."""
    words, given = _WORDS.get(error.get("type", "")), dict(error.get("ctx") or {})
    if "expected" in given:  # pydantic's own English between the last two
        given["expected"] = given["expected"].replace(" or ", ", ")
    try:
        return str(words) % given if words else str(_ANY)
    except (KeyError, ValueError):
        return str(_ANY)
