"""Forms of the acts on units, posts and working time."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import NotFound
from motcua.registry.organisations import services
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors.calendars import find_calendar, list_calendars
from motcua.registry.organisations.selectors.tree import get_officer_by_username
from motcua.registry.organisations.web.forms import ActForm, LineField, day
from motcua.registry.organisations.words import RANKS

_WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
_SESSION = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3])[:.h]([0-5]\d)")
_CLOSED_LINE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})\s+(\S.{0,199})")


class UnitFields(ActForm):
    name = LineField(label=_("Name"), max_length=200)
    parent = forms.ChoiceField(label=_("Unit above"), required=False)
    symbol = LineField(
        label=_("Symbol"),
        max_length=30,
        required=False,
        help_text=_("As it signs its numbers: 12/BH-TTPVHCC."),
    )
    telephone = LineField(label=_("Telephone"), max_length=30, required=False)

    def prepare(self) -> None:
        units = self.agency.units.filter(valid_to=None) if self.agency else []
        choices = [(str(unit.pk), unit.name) for unit in units if unit.pk != self.subject.pk]
        self.fields["parent"].choices = [("", _t("none")), *sorted(choices, key=lambda it: it[1])]  # type: ignore[attr-defined]

    @property
    def facts(self) -> services.UnitFacts:
        given = self.cleaned_data
        return services.UnitFacts(given["name"], given["parent"] or None, given["symbol"], given["telephone"])


class EnterUnit(UnitFields):
    title = _("Enter a unit")
    code = forms.RegexField(
        r"^[a-z0-9_-]{1,20}$",
        label=_("Code"),
        help_text=_("Small letters, figures and _, for instance one_stop_desk. It stays."),
        error_messages={"invalid": _("Enter up to 20 small letters without accents, figures, - and _.")},
    )
    on = day(_("From"))
    field_order = ("revision", "code", "name", "parent", "symbol", "telephone", "on")

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        services.enter_unit(
            actor=self.actor, target=self.target, code=given["code"], facts=self.facts, on=given["on"], at=at
        )


class OnUnit(ActForm):
    def agency_of(self, subject: Any) -> Agency:
        return subject.agency


class ChangeUnit(OnUnit, UnitFields):
    title = _("Change the unit")
    done = _("Changed.")

    def known(self) -> dict[str, Any]:
        unit = self.subject
        names = {name: getattr(unit, name) for name in ("name", "symbol", "telephone")}
        return names | {"parent": str(unit.parent_id or "")}

    def perform(self, at: datetime) -> None:
        revision = self.cleaned_data["revision"]
        services.change_unit(
            actor=self.actor, unit_id=self.subject.pk, revision=revision, facts=self.facts, at=at
        )


class EndUnit(OnUnit):
    title = _("End the unit")
    note = _("Its posts end with it. This cannot be undone.")
    done = _("Ended.")
    on = day(_("First day without it"))

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        services.end_unit(
            actor=self.actor, unit_id=self.subject.pk, revision=given["revision"], on=given["on"], at=at
        )


class EnterPost(OnUnit):
    title = _("Enter a post")
    name = LineField(
        label=_("Title"), max_length=200, help_text=_("For instance Chuyên viên. One person holds it.")
    )
    rank = forms.ChoiceField(label=_("Rank in the unit"), required=False)
    on = day(_("From"))

    def prepare(self) -> None:
        self.fields["rank"].choices = sorted(RANKS.items())  # type: ignore[attr-defined]

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        facts = services.PostFacts(given["name"], given["rank"], given["on"])
        services.enter_post(
            actor=self.actor, unit_id=self.subject.pk, revision=given["revision"], facts=facts, at=at
        )


class OnPost(ActForm):
    def agency_of(self, subject: Any) -> Agency:
        return subject.unit.agency

    @property
    def taking(self) -> services.Taking:
        given = self.cleaned_data
        return services.Taking(self.subject.pk, given["on"], given["revision"])


class EndPost(OnPost):
    title = _("End the post")
    note = _("This cannot be undone.")
    done = _("Ended.")
    on = day(_("First day without it"))

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        services.end_post(
            actor=self.actor, post_id=self.subject.pk, revision=given["revision"], on=given["on"], at=at
        )


class EnterOfficer(OnPost):
    title = _("Enter a new officer in this post")
    note = _("The account cannot sign in and has no rights before both are given.")
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,149}$",
        label=_("User name"),
        error_messages={
            "invalid": _("Enter at least 3 small letters without accents, figures, dots or hyphens.")
        },
    )
    full_name = LineField(label=_("Full name"), max_length=200)
    signing_key = LineField(
        label=_("Key that signs"), max_length=100, required=False, help_text=_("Only for who signs papers.")
    )
    on = day(_("From"))

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        person = services.Person(given["username"], given["full_name"], given["signing_key"])
        officer = services.enter_person(actor=self.actor, person=person, taking=self.taking, at=at)
        self.goes_on = reverse("organisations:officer", args=[officer.pk])


class MoveHere(OnPost):
    title = _("Move an officer to this post")
    note = _(
        "The post held until then ends on that day. At another agency the rights at the old one end with it."
    )
    done = _("Moved.")
    username = LineField(label=_("User name of the officer"), max_length=150)
    on = day(_("From"))

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        try:
            self.officer = get_officer_by_username(self.scopes, name)
        except NotFound:
            raise ValidationError(
                _t("There is no officer with this user name. Correct it, or enter a new officer.")
            ) from None
        return name

    def perform(self, at: datetime) -> None:
        services.move_officer(actor=self.actor, officer_id=self.officer.pk, taking=self.taking, at=at)


class SetCalendar(ActForm):
    title = _("Working time")
    note = _(
        "Deadlines that begin on that day or later count by it, here and at agencies below without their own."
    )
    own = forms.ChoiceField(
        label=_("Whose working time"),
        choices=[("1", _("its own, as below")), ("", _("that of the superior, or the usual one"))],
        required=False,
    )
    base = forms.ChoiceField(label=_("Holidays and usual hours"))
    closed = forms.CharField(
        label=_("Further closed days, one on each line"),
        help_text=_("Day and reason: 10/03/2026 Flood."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=10_000,
    )
    saturday = forms.CharField(
        label=_("Saturday: the counter only receives"),
        help_text=_("This is no working time: deadlines do not count it."),
        required=False,
        max_length=100,
    )
    on = day(_("From"))

    def known(self) -> dict[str, Any]:
        row = find_calendar(self.subject, on=timezone.localdate())
        if not row or row.agency_id != self.subject.pk:
            return {"own": "1"}
        hours = {f"hours_{number}": _written(pairs) for number, pairs in row.hours.items()}
        closed = [f"{date.fromisoformat(it['date']):%d/%m/%Y} {it['reason']}" for it in row.closed]
        return hours | {
            "own": "1",
            "base": row.base,
            "closed": "\n".join(closed),
            "saturday": _written(row.saturday) if row.saturday else "",
        }

    def prepare(self) -> None:
        language = (get_language() or "vi").split("-")[0]
        names = [(code, words.get(language) or words["vi"]) for code, words in list_calendars()]
        self.fields["base"].choices = names  # type: ignore[attr-defined]
        hint = _t("For instance 07:30-11:30, 13:30-17:00. Empty: as usual. A hyphen: closed.")
        for number, name in enumerate(_WEEKDAYS):
            self.fields[f"hours_{number}"] = forms.CharField(
                label=name, required=False, max_length=100, help_text="" if number else hint
            )
        weekdays = [f"hours_{number}" for number in range(7)]
        self.order_fields(["revision", "own", "base", *weekdays, "saturday", "closed", "on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.hours = {}
        for number in range(7):
            name = f"hours_{number}"
            if text := given.get(name, "").strip():
                self.hours[str(number)] = self._sessions(name, text)
        text = given.get("saturday", "").strip()
        self.saturday_sessions = self._sessions("saturday", text) if text else []
        self.closed_days = [
            self._closed(line) for line in given.get("closed", "").splitlines() if line.strip()
        ]
        return given

    def _sessions(self, name: str, text: str) -> list[list[str]]:
        if text == "-":
            return []
        found = [_SESSION.fullmatch(part.strip()) for part in text.split(",")]
        if not all(found):
            self.add_error(name, _t("Enter hours as 07:30-11:30, 13:30-17:00."))
            return []
        groups = [match.groups() for match in found if match]
        return [[f"{int(a):02d}:{b}", f"{int(c):02d}:{d}"] for a, b, c, d in groups]

    def _closed(self, line: str) -> dict[str, str]:
        match = _CLOSED_LINE.fullmatch(line.strip())
        try:
            if not match:
                raise ValueError
            dated = date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            self.add_error("closed", _t("Enter each line as day and reason: 10/03/2026 Flood."))
            return {}
        return {"date": dated.isoformat(), "reason": match[4]}

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        own = None
        if given["own"]:
            own = services.OwnTime(given["base"], self.hours, self.closed_days, self.saturday_sessions)
        services.set_calendar(actor=self.actor, target=self.target, own=own, on=given["on"], at=at)


def _written(pairs: list[list[str]]) -> str:
    return ", ".join(f"{opens}-{closes}" for opens, closes in pairs) or "-"
