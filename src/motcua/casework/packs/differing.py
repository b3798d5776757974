"""What differs between two editions of a procedure, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from motcua.casework.packs.rules.differing import ADDED, MOVED, REMOVED, Difference, Thing
from motcua.casework.packs.rules.texts import LANGUAGES
from motcua.foundation.ui.formats import format_money, format_number
from motcua.foundation.worktime.limits import UnreadableLimit
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.words import limit_words

# A value longer than this is cut in a sentence; the files show the whole.
LONGEST = 160
_THINGS: Mapping[str, str] = {
    "components": gettext_noop("The paper “%(called)s”"),
    "fees": gettext_noop("The fee “%(called)s”"),
    "results": gettext_noop("The result “%(called)s”"),
    "cases": gettext_noop("The case “%(called)s”"),
    "legal_basis": gettext_noop("The legal basis “%(called)s”"),
    "steps": gettext_noop("The step “%(called)s”"),
    "lanes": gettext_noop("The lane “%(called)s”"),
    "outcomes": gettext_noop("The outcome “%(called)s”"),
    "timers": gettext_noop("The timer “%(called)s”"),
    "questions": gettext_noop("The question “%(called)s”"),
    "fields": gettext_noop("The part “%(called)s”"),
    "pages": gettext_noop("The page “%(called)s”"),
    "options": gettext_noop("The option “%(called)s”"),
    "computed": gettext_noop("The computed value “%(called)s”"),
    "grounds": gettext_noop("The ground for exemption “%(called)s”"),
    "rows": gettext_noop("Row %(called)s of the table"),
    "members": gettext_noop("The linked procedure “%(called)s”"),
}
_WHAT: Mapping[str, str | Promise] = {
    "": gettext_lazy("The text"),
    "limit": gettext_lazy("The limit"),
    "limit.value": gettext_lazy("The limit"),
    "limit_hours": gettext_lazy("The limit"),
    "limit.text": gettext_lazy("The limit in words"),
    "limit.source": gettext_lazy("The source of the limit"),
    "limit.cut_off": gettext_lazy("The hour after which the next working day counts"),
    "limit.working_hours": gettext_lazy("The working hours of the steps"),
    "name": gettext_lazy("The name"),
    "code": gettext_lazy("The code"),
    "title": gettext_lazy("The title"),
    "label": gettext_lazy("The label"),
    "official_name": gettext_lazy("The official name"),
    "lead": gettext_lazy("The lead"),
    "everyday_words": gettext_lazy("The everyday words"),
    "sector": gettext_lazy("The sector"),
    "level": gettext_lazy("The level"),
    "agency": gettext_lazy("The agency that decides"),
    "agency_note": gettext_lazy("The note on the agency"),
    "audience": gettext_lazy("The audience"),
    "applicants": gettext_lazy("In whose name one may apply"),
    "life_events": gettext_lazy("The life events"),
    "valid_from": gettext_lazy("The day from which it is valid"),
    "publication": gettext_lazy("The publication decision"),
    "publication.decision": gettext_lazy("The publication decision"),
    "who_may_apply.text": gettext_lazy("Who may apply"),
    "legal_basis": gettext_lazy("The legal basis"),
    "channels": gettext_lazy("The channels"),
    "amount_vnd": gettext_lazy("The amount"),
    "text": gettext_lazy("The text"),
    "exemptions": gettext_lazy("The exemptions"),
    "condition": gettext_lazy("The condition"),
    "condition.text": gettext_lazy("The condition in words"),
    "show_if": gettext_lazy("The condition"),
    "when": gettext_lazy("The condition"),
    "if": gettext_lazy("The condition"),
    "per": gettext_lazy("What it is counted by"),
    "source": gettext_lazy("The source"),
    "needed": gettext_lazy("Whether it is needed"),
    "register": gettext_lazy("The register it is taken from"),
    "hint": gettext_lazy("The hint"),
    "help": gettext_lazy("The help"),
    "required": gettext_lazy("The words for a missing answer"),
    "must": gettext_lazy("That it must be answered"),
    "answer": gettext_lazy("What may be answered"),
    "options": gettext_lazy("The options"),
    "kind": gettext_lazy("The kind"),
    "kinds": gettext_lazy("The kinds of files"),
    "form": gettext_lazy("The form of the paper"),
    "originals": gettext_lazy("The number of originals"),
    "copies": gettext_lazy("The number of copies"),
    "accepts": gettext_lazy("The results it can be met with"),
    "components": gettext_lazy("The papers"),
    "prefill": gettext_lazy("Where the answer is taken from"),
    "declaration": gettext_lazy("The declaration"),
    "steps": gettext_lazy("How it goes"),
    "minutes_to_apply": gettext_lazy("The minutes it takes to apply"),
    "lane": gettext_lazy("Who handles it"),
    "role": gettext_lazy("The role of who handles it"),
    "unit": gettext_lazy("The unit"),
    "act": gettext_lazy("The act"),
    "checks": gettext_lazy("What is confirmed"),
    "to": gettext_lazy("Where it leads"),
    "start": gettext_lazy("The first step"),
    "otherwise": gettext_lazy("Where it leads otherwise"),
    "public": gettext_lazy("What the applicant reads"),
    "about": gettext_lazy("Whom it is about"),
    "valid.months": gettext_lazy("How many months it is valid"),
    "because": gettext_lazy("The reason"),
    "template": gettext_lazy("The template of the result"),
}
_IN_LANGUAGE: Mapping[str, str] = {
    "vi": gettext_noop("%(what)s in Vietnamese"),
    "en": gettext_noop("%(what)s in English"),
    "de": gettext_noop("%(what)s in German"),
}
_NEEDED: Mapping[str, str | Promise] = {
    "state_has": gettext_lazy("held by the State"),
    "upload": gettext_lazy("always handed in"),
    "conditional": gettext_lazy("handed in only in some cases"),
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
