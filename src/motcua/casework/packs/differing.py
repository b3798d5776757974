"""What differs between two editions of a procedure, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop as _noop

from motcua.casework.packs.rules.differing import ADDED, MOVED, REMOVED, Difference, Thing
from motcua.casework.packs.rules.texts import LANGUAGES
from motcua.foundation.ui.formats import format_money, format_number
from motcua.foundation.worktime.limits import UnreadableLimit
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.words import limit_words

# A value longer than this is cut in a sentence; the files show the whole.
LONGEST = 160
_THINGS: Mapping[str, str] = {
    "components": _noop("The paper “%(called)s”"),
    "fees": _noop("The fee “%(called)s”"),
    "results": _noop("The result “%(called)s”"),
    "cases": _noop("The case “%(called)s”"),
    "legal_basis": _noop("The legal basis “%(called)s”"),
    "steps": _noop("The step “%(called)s”"),
    "lanes": _noop("The lane “%(called)s”"),
    "outcomes": _noop("The outcome “%(called)s”"),
    "timers": _noop("The timer “%(called)s”"),
    "questions": _noop("The question “%(called)s”"),
    "fields": _noop("The part “%(called)s”"),
    "pages": _noop("The page “%(called)s”"),
    "options": _noop("The option “%(called)s”"),
    "computed": _noop("The computed value “%(called)s”"),
    "grounds": _noop("The ground for exemption “%(called)s”"),
    "rows": _noop("Row %(called)s of the table"),
    "members": _noop("The linked procedure “%(called)s”"),
}
_WHAT: Mapping[str, str | Promise] = {
    "": _lazy("The text"),
    "limit": _lazy("The limit"),
    "limit.value": _lazy("The limit"),
    "limit_hours": _lazy("The limit"),
    "limit.text": _lazy("The limit in words"),
    "limit.source": _lazy("The source of the limit"),
    "limit.cut_off": _lazy("The hour after which the next working day counts"),
    "limit.working_hours": _lazy("The working hours of the steps"),
    "name": _lazy("The name"),
    "code": _lazy("The code"),
    "title": _lazy("The title"),
    "label": _lazy("The label"),
    "official_name": _lazy("The official name"),
    "lead": _lazy("The lead"),
    "everyday_words": _lazy("The everyday words"),
    "sector": _lazy("The sector"),
    "level": _lazy("The level"),
    "agency": _lazy("The agency that decides"),
    "agency_note": _lazy("The note on the agency"),
    "audience": _lazy("The audience"),
    "applicants": _lazy("In whose name one may apply"),
    "life_events": _lazy("The life events"),
    "valid_from": _lazy("The day from which it is valid"),
    "publication": _lazy("The publication decision"),
    "publication.decision": _lazy("The publication decision"),
    "who_may_apply.text": _lazy("Who may apply"),
    "legal_basis": _lazy("The legal basis"),
    "channels": _lazy("The channels"),
    "amount_vnd": _lazy("The amount"),
    "text": _lazy("The text"),
    "exemptions": _lazy("The exemptions"),
    "condition": _lazy("The condition"),
    "condition.text": _lazy("The condition in words"),
    "show_if": _lazy("The condition"),
    "when": _lazy("The condition"),
    "if": _lazy("The condition"),
    "per": _lazy("What it is counted by"),
    "source": _lazy("The source"),
    "needed": _lazy("Whether it is needed"),
    "register": _lazy("The register it is taken from"),
    "hint": _lazy("The hint"),
    "help": _lazy("The help"),
    "required": _lazy("The words for a missing answer"),
    "must": _lazy("That it must be answered"),
    "answer": _lazy("What may be answered"),
    "options": _lazy("The options"),
    "kind": _lazy("The kind"),
    "kinds": _lazy("The kinds of files"),
    "form": _lazy("The form of the paper"),
    "originals": _lazy("The number of originals"),
    "copies": _lazy("The number of copies"),
    "accepts": _lazy("The results it can be met with"),
    "components": _lazy("The papers"),
    "prefill": _lazy("Where the answer is taken from"),
    "declaration": _lazy("The declaration"),
    "steps": _lazy("How it goes"),
    "minutes_to_apply": _lazy("The minutes it takes to apply"),
    "lane": _lazy("Who handles it"),
    "role": _lazy("The role of who handles it"),
    "unit": _lazy("The unit"),
    "act": _lazy("The act"),
    "checks": _lazy("What is confirmed"),
    "to": _lazy("Where it leads"),
    "start": _lazy("The first step"),
    "otherwise": _lazy("Where it leads otherwise"),
    "public": _lazy("What the applicant reads"),
    "about": _lazy("Whom it is about"),
    "valid.months": _lazy("How many months it is valid"),
    "because": _lazy("The reason"),
    "template": _lazy("The template of the result"),
}
_IN_LANGUAGE: Mapping[str, str] = {
    "vi": _noop("%(what)s in Vietnamese"),
    "en": _noop("%(what)s in English"),
    "de": _noop("%(what)s in German"),
}
_NEEDED: Mapping[str, str | Promise] = {
    "state_has": _lazy("held by the State"),
    "upload": _lazy("always handed in"),
    "conditional": _lazy("handed in only in some cases"),
}


def in_words(difference: Difference) -> str:
    """One sentence or two, in the active language: what was and what is now."""
    things = [_thing(it) for it in difference.things]
    if difference.what or difference.language:
        return ": ".join([*things, _of_value(difference)])
    return ": ".join([*things[:-1], _of_item(difference, things[-1])])


def _thing(thing: Thing) -> str:
    called = in_language(thing.called, _language()) or thing.code
    pattern = _THINGS.get(thing.kind)
    return _(pattern) % {"called": called} if pattern else f"{thing.kind} “{called}”"


def _of_item(difference: Difference, thing: str) -> str:
    values = {"thing": thing, "old": difference.old, "new": difference.new}
    match difference.kind:
        case "added":
            return _("%(thing)s is new.") % values
        case "removed":
            return _("%(thing)s is no longer there.") % values
        case "renamed":
            return _("%(thing)s had the code %(old)s and now has %(new)s.") % values
        case "moved" if difference.old is not None:
            return _("%(thing)s moved from the page %(old)s to the page %(new)s.") % values
        case "moved" if difference.new:
            return _("%(thing)s stands behind %(new)s now.") % values
        case "moved":
            return _("%(thing)s stands first now.") % values
    return _("%(thing)s changed.") % values


def _of_value(difference: Difference) -> str:
    what = _what(difference)
    if difference.what == "template":
        return _("The template of the result changed.")
    if difference.what == "needed" and difference.new == "conditional":
        return _("It is now handed in only in some cases.")
    values = {
        "what": what,
        "old": _value(difference.what, difference.old),
        "new": _value(difference.what, difference.new),
    }
    if difference.kind == MOVED:
        return _("%(what)s stand in another order now: %(new)s.") % values
    if difference.kind == ADDED:
        return _("%(what)s is new: %(new)s.") % values
    if difference.kind == REMOVED:
        return _("%(what)s is no longer given; it was %(old)s.") % values
    return _("%(what)s was %(old)s and is now %(new)s.") % values


def _what(difference: Difference) -> str:
    key = difference.what
    label = _WHAT.get(key) or _("The entry %(key)s") % {"key": key}
    if not difference.language:
        return str(label)
    return _(_IN_LANGUAGE[difference.language]) % {"what": label}


def _value(key: str, value: Any) -> str:
    last = key.rpartition(".")[2]
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and (key in {"limit.value", "limit"} or last == "after"):
        return _limit(value)
    if isinstance(value, int | float):
        return _number(last, value)
    if last == "needed" and value in _NEEDED:
        return str(_NEEDED[value])
    if isinstance(value, str):
        return f"“{_short(value)}”"
    return _short(_flat(value))


def _limit(value: str) -> str:
    try:
        return limit_words(value)
    except UnreadableLimit:
        return value


def _number(key: str, value: float) -> str:
    if key == "amount_vnd" and isinstance(value, int):
        return format_money(value, _language())
    if key == "limit_hours" and isinstance(value, int):
        return limit_words(f"{value}wh")
    return format_number(value, _language()) if isinstance(value, int) else str(value)


def _flat(value: Any) -> str:
    """Lists and tables in a line: "field: relation; equals: authorised"."""
    if isinstance(value, Mapping):
        if value and set(value) <= set(LANGUAGES):
            return in_language(value, _language())
        return "; ".join(f"{key}: {_flat(it)}" for key, it in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(it) for it in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _language() -> str:
    return (get_language() or "vi").split("-")[0]
