"""Settings that belong to no other room: names, address, languages, colours, periods of keeping."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from motcua.foundation.installation.contributions import (
    Declaration,
    Group,
    register_group,
    register_setting,
)
from motcua.foundation.installation.errors import BadValue
from motcua.foundation.installation.rules.colours import TEXT_CONTRAST, is_colour, weakest_ground
from motcua.foundation.installation.selectors import get, is_chosen
from motcua.foundation.kernel.retention import RetentionRule, usual_rules

_PHONE = re.compile(r"\+?[0-9][0-9 .]{1,18}[0-9]")


def register() -> None:
    """The room's own declarations; other rooms' come from their `apps.py`."""
    register_group(Group("site", _("Name and address"), _("How people see this installation."), order=10))
    register_group(Group("languages", _("Languages"), _("What pages and messages are written in."), order=15))
    register_group(Group("theme", _("Colours and crest"), _("How pages look."), order=20))
    register_group(
        Group(
            "retention",
            _("How long things are kept"),
            _("After this many days the nightly sweep erases them, unless a legal hold stands against it."),
            order=80,
            needs_reason=True,
        )
    )
    register_setting(*_site(), *_languages(), *_theme(), *map(_period, _erased()))


def _site() -> list[Declaration]:
    return [
        Declaration(
            "site.name", "text", _("Name of the installation"), _("Stands beside the crest."), "Một cửa", _short(40)
        ),
        Declaration(
            "site.short_name", "text", _("Short name"), _("Where there is little room, at most 12 letters."),
            "Một cửa", _short(12),
        ),
        Declaration(
            "site.place_name", "text", _("Name of the place"), _("For instance Tỉnh Phú Thọ."),
            lambda: settings.PLACE_NAME, _short(60), env="MOTCUA_PLACE_NAME",
        ),
        Declaration(
            "site.hotline", "text", _("Telephone number for help"), _("Stands at the foot of every page."),
            lambda: settings.HOTLINE, _phone,
        ),
        Declaration(
            "site.base_url", "url", _("Address that people use"),
            _("Stands in QR codes and messages. Cookies follow it when the server is started again."),
            lambda: settings.BASE_URL, _origin, env="MOTCUA_BASE_URL",
        ),
    ]  # fmt: skip


def _languages() -> list[Declaration]:
    offered = tuple(settings.LANGUAGES)
    return [
        Declaration(
            "languages.offered", "list", _("Languages offered"), _("At least one."),
            lambda: [code for code, _name in settings.LANGUAGES], choices=offered,
        ),
        Declaration(
            "languages.default", "choice", _("Language for who has chosen none"), "",
            lambda: settings.LANGUAGE_CODE, choices=offered, env="MOTCUA_LANGUAGE",
        ),
    ]  # fmt: skip


def _theme() -> list[Declaration]:
    words = _("Such as {example}. It must be readable as text on light paper.")
    main, second = (format_lazy(words, example=it) for it in (MAIN, SECOND))
    return [
        Declaration("theme.main", "colour", _("Main colour"), main, MAIN, readable_colour),
        Declaration("theme.second", "colour", _("Second colour"), second, SECOND, readable_colour),
    ]


MAIN, SECOND = "#0b5d4b", "#8e1b16"


def readable_colour(value: str) -> str:
    """Refuses a colour in which text could not be read. Source: WCAG 2.2, 1.4.3."""
    if not is_colour(value):
        raise BadValue(_("Enter a colour as # and six digits or letters a to f, such as #0b5d4b."))
    ground, reached = weakest_ground(value)
    if reached < TEXT_CONTRAST:
        raise BadValue(
            _(
                "Enter a darker colour: on %(ground)s the contrast of %(colour)s is %(reached)s to 1, "
                "and text needs %(needed)s to 1 (WCAG 2.2, 1.4.3)."
            )
            # Rounded down: 4.49 must not read as enough.
            % {"ground": ground, "colour": value, "reached": int(reached * 10) / 10, "needed": TEXT_CONTRAST}
        )
    return value


_THINGS = {
    "draft.idle": _("Applications that were begun and never submitted"),
    "stored_file.unused": _("Files that nothing refers to any more"),
    "stored_file.quarantined": _("Files in which the virus scanner found something"),
    "dossier.file": _("Papers of dossiers with a result (by a list that two people decide)"),
    "dossier.unsuccessful": _("Papers of dossiers without a result (by a list that two people decide)"),
    "document.over": _("Documents that count no longer (by a list that two people decide)"),
    "journal.detail": _("Personal values in entries of the journal"),
    "notification.message": _("Words and addresses of messages"),
    "job.finished": _("Jobs that have ended"),
    "personal_data.export": _("Archives of a person's data, made to take along"),
    "contact_change.begun": _("Former addresses after a change of telephone or e-mail"),
}


def _erased() -> list[RetentionRule]:
    return [rule for rule in usual_rules(settings.RETENTION_FILE).values() if rule.days]


def _words_of_period(rule: RetentionRule) -> Promise:
    """Usual days and the law behind them, where one says it yet."""
    if not rule.law:
        return format_lazy(_("Days. Usual: {days}."), days=rule.days)
    return format_lazy(_("Days. Usual: {days}. Source: {source}"), days=rule.days, source=_law(rule))


def _law_in_language(rule: RetentionRule) -> str:
    return rule.law.get((get_language() or "vi").split("-")[0]) or rule.law["vi"]


_law = lazy(_law_in_language, str)


def _period(rule: RetentionRule) -> Declaration:
    return Declaration(
        f"retention.{rule.thing}",
        "int",
        _THINGS.get(rule.thing, rule.thing),
        _words_of_period(rule),
        rule.days,
        bounds=(max(rule.least or 1, 1), 36_500),
    )


def chosen_periods() -> dict[str, int]:
    """Days by thing, for the periods that an administrator chose."""
    keys = {rule.thing: f"retention.{rule.thing}" for rule in _erased()}
    return {thing: get(key) for thing, key in keys.items() if is_chosen(key)}


def _short(longest: int) -> Any:
    def check(value: str) -> str:
        if len(value) > longest:
            raise BadValue(_("Enter at most %(longest)s characters.") % {"longest": longest})
        return value

    return check


def _phone(value: str) -> str:
    if not _PHONE.fullmatch(value):
        raise BadValue(_("Enter a telephone number such as 1022 or 0210 384 7000."))
    return value


def _origin(value: str) -> str:
    if value.rstrip("/").count("/") != 2 or "?" in value:
        raise BadValue(_("Enter the address without anything after the name, as https://motcua.example.vn."))
    return value.rstrip("/")
