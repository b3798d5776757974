"""What alerts say, in the active language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.foundation.ui.formats import format_number
from motcua.oversight.operations.rules.alerts import Rule


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def in_language(texts: Mapping[str, str]) -> str:
    """In the active language, else in Vietnamese."""
    return texts.get(language()) or texts.get("vi", "")


def minutes_words(minutes: int) -> str:
    """45 -> "45 minutes", 120 -> "2 hours", 125 -> "2 h 5 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", rest) % {"minutes": rest}
    if not rest:
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {
            "hours": format_number(hours, language())
        }
    return _("%(hours)s h %(minutes)s min") % {"hours": format_number(hours, language()), "minutes": rest}


def source_words(rule: Rule) -> str:
    """Where the rule comes from; "[M]" stands for what no text says."""
    return rule.source.replace("[M]", _("our own choice, no text says so"))


def value_words(rule: Rule, value: int) -> str:
    """A value of the rule's measure with its unit."""
    if rule.watched.unit == "minutes":
        return minutes_words(value)
    text = format_number(value, language())
    return f"{text} %" if rule.watched.unit == "percent" else text


def title_of(rule: Rule, figures: Mapping[str, int], agency: str) -> str:
    return in_language(rule.titles).format_map(_shown(rule, figures, agency))


def words_of(rule: Rule, figures: Mapping[str, int], agency: str) -> str:
    return in_language(rule.words).format_map(_shown(rule, figures, agency))


def _shown(rule: Rule, figures: Mapping[str, int], agency: str) -> dict[str, str]:
    shown = {name: format_number(number, language()) for name, number in figures.items()}
    shown |= {"value": value_words(rule, figures["value"]), "agency": agency}
    # What raised an alert before its rule's words named another figure does not have that one.
    return defaultdict(lambda: "–", shown)
