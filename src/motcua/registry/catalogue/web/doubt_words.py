"""Doubtful values in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.foundation.ui.formats import format_money
from motcua.registry.catalogue.models import Doubt
from motcua.registry.catalogue.rules.doubting import FORMS
from motcua.registry.catalogue.rules.shown import fee_texts
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.words import channel_words, level_words, limit_words

WHY: Mapping[str, Promise] = {
    "words": gettext_lazy("From the words beside it in the file."),
    "channel": gettext_lazy("Another channel of the same procedure states it."),
    "index": gettext_lazy("The other file, the index, says so."),
    "rule": gettext_lazy("By a rule; nothing in the file confirms it."),
    "differ": gettext_lazy("By a rule, though the words beside it name another amount."),
    "bare": gettext_lazy("A bare 1 often means that nothing is stated."),
}
STATES: Mapping[str, tuple[str, Promise]] = {
    "open": ("open", gettext_lazy("Open")),
    "confirmed": ("done", gettext_lazy("Right as it is")),
    "corrected": ("done", gettext_lazy("Corrected")),
    "gone": ("look", gettext_lazy("No longer in the file")),
}
# What may be entered, and what is said when it cannot be read.
HINTS: Mapping[str, tuple[Promise, Promise]] = {
    "limit": (
        gettext_lazy(
            "5wd for working days, 20d for days, 8wh for working hours, 1m for months, sameday; nothing if none is set."
        ),
        gettext_lazy("Enter a limit such as 5wd, 20d, 8wh, 1m or sameday."),
    ),
    "fee": (
        gettext_lazy(
            "An amount in đồng, an amount such as 10 USD, or province if the province sets it; nothing if none is set."
        ),
        gettext_lazy("Enter an amount in đồng, an amount such as 10 USD, or province."),
    ),
    "code": (
        gettext_lazy("For example KQ.G15.000031."),
        gettext_lazy("Enter a result code such as KQ.G15.000031."),
    ),
    "text": (gettext_lazy("In Vietnamese, as the law calls it."), gettext_lazy("Enter the right words.")),
    "levels": (
        gettext_lazy("Of ministry, province, commune and other, with commas between them."),
        gettext_lazy("Enter levels: ministry, province, commune or other."),
    ),
    "count": (gettext_lazy("A number up to 99."), gettext_lazy("Enter a number from 0 to 99.")),
    "lines": (gettext_lazy("One a line."), gettext_lazy("Enter at least one line.")),
    "channels": (
        gettext_lazy("Of online, counter and post, with commas between them."),
        gettext_lazy("Enter channels: online, counter or post."),
    ),
}
# The portal's words for ministries. Source: the index file; names: Decree on the structure of the Government 2025 [M].
MINISTRIES: Mapping[str, str] = {
    "bo-cong-an": "Bộ Công an",
    "bo-nong-nghiep-mt": "Bộ Nông nghiệp và Môi trường",
    "bo-tai-chinh": "Bộ Tài chính",
    "bo-tu-phap": "Bộ Tư pháp",
    "bo-xay-dung": "Bộ Xây dựng",
    "ngan-hang-nha-nuoc": "Ngân hàng Nhà nước",
    "toa-an-nhan-dan": "Tòa án nhân dân",
}


def value_words(kind: str, value: Any) -> str:
    """A guessed or decided value of a kind as people read it."""
    form = FORMS.get(kind, "")
    if form == "limit":
        return limit_words(value) if value else _("No limit stated")
    if form == "fee":
        return fee_words(value)
    if form == "levels" or isinstance(value, list):
        return ", ".join(_part(part) for part in value) or "–"
    return str(value) if value not in (None, "") else "–"


def fee_words(fee: int | str | None) -> str:
    language = (get_language() or "vi").split("-")[0]
    if isinstance(fee, int) and fee:
        return format_money(fee, language)
    return in_language(fee_texts(fee), language) or _("No fee stated")


def _part(part: Any) -> str:
    if isinstance(part, dict):
        return channel_words(str(part.get("channel", "")))
    return level_words(str(part))


def said_words(doubt: Doubt) -> str:
    """What the file says."""
    value = doubt.said["value"]
    if doubt.kind.startswith("fee_") and isinstance(value, int):
        return format_money(value, "vi" if (get_language() or "vi") == "vi" else "en")
    if doubt.kind == "unit_missing":
        return _("%(figure)g, without a unit") % {"figure": value}
    if doubt.kind == "limit_words":
        return limit_words(value)
    if isinstance(value, list):
        return ", ".join(_part(part) for part in value) or "–"
    return "–" if value in (None, "") else str(value)


def place_words(place: str) -> str:
    """Where in the procedure: "channels[0,2].fee" -> "Ways to apply, rows 1 and 3"."""
    name, _bracket, rest = place.partition("[")
    words = {"channels": _("Channels"), "documents": _("Documents"), "results": _("Results")}.get(name)
    if not words or not rest:
        return ""
    rows = ", ".join(str(int(row) + 1) for row in rest.partition("]")[0].split(",")[:12])
    return _("%(list)s, row %(rows)s") % {"list": words, "rows": rows}
