"""Forms of the acts on agencies. Each says what it does, how that reads before it is confirmed, and does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.ui.fields import DayField
from motcua.foundation.ui.templatetags.ui import viet_date
from motcua.registry.organisations import services
from motcua.registry.organisations.contributions import work_of_officer
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors.tree import agencies_by_code
from motcua.registry.organisations.words import LEVELS

Text = str | Promise
Rows = list[dict[str, Any]]


class LineField(forms.CharField):
    """One line of text, cleaned as it will be stored."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class CodeField(LineField):
    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()


def work_words(officer_id: UUID) -> str:
    """How many open tasks lie with an officer and who moves them; "" where there are none."""
    count = work_of_officer(officer_id)
    words = ngettext(
        "%(count)d open task lies with this officer. A leader of the agency moves it under “Move tasks”.",
        "%(count)d open tasks lie with this officer. A leader of the agency moves them under “Move tasks”.",
        count,
    )
    return words % {"count": count} if count else ""


class ActForm(forms.Form):
    """`subject`: what the act is on. `agency`: whose revision the page showed."""

    title: ClassVar[Text]
    button: ClassVar[Text] = _("Continue")
    confirm: ClassVar[Text] = _("Confirm")
    note: ClassVar[Text] = ""
    done: ClassVar[Text] = _("Entered.")
    # Whether it is shown once more before it is done. Pictures are not: they can be entered again.
    confirms: ClassVar[bool] = True
    # Address of the page to go on with once it is done; "": the one before.
    goes_on: str = ""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, subject: Any, actor: Actor, *args: Any, **kwargs: Any) -> None:
        self.subject, self.actor = subject, actor
        self.agency: Agency | None = self.agency_of(subject)
        initial = {"on": timezone.localdate(), "revision": self.agency.revision if self.agency else None}
        kwargs["initial"] = initial | self.known() | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.prepare()

    def agency_of(self, subject: Any) -> Agency | None:
        return subject

    def known(self) -> dict[str, Any]:
        """What the fields begin with."""
        return {}

    def prepare(self) -> None:
        """Fill choices in."""

    @property
    def scopes(self) -> tuple[str, ...]:
        return self.actor.scopes("administrator")

    @property
    def target(self) -> services.Target:
        assert self.agency is not None  # noqa: S101  acts without an agency have no target
        return services.Target(self.agency.pk, self.cleaned_data.get("revision"))

    def perform(self, at: datetime) -> UUID | None:
        """Do it. The agency to show afterwards; None: the one before."""
        raise NotImplementedError

    def preview(self) -> Rows:
        """What it will read like: the fields as they were filled in, with what the act makes of them."""
        rows = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if name != "revision" and value not in (None, "", []):
                rows.append({"label": field.label, "value": _shown(field, value)})
        return rows


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return viet_date(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    if isinstance(value, list):
        return ", ".join(f"{it.code} {it.name}" if isinstance(it, Agency) else str(it) for it in value)
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    return str(value)


def day(label: Text, hint: Text = "") -> DayField:
    return DayField(label=label, help_text=hint)


class EnterAgency(ActForm):
    """Under the subject; on top when there is none."""

    title = _("Enter an agency")
    code = CodeField(
        label=_("Code"), max_length=35, help_text=_("By Decision 20/2020/QĐ-TTg, for instance H44.25.")
    )
    name = LineField(label=_("Name"), max_length=200)
    level = forms.ChoiceField(label=_("Level"), choices=list(LEVELS.items()))
    place_code = forms.RegexField(
        r"^([0-9]{2}|[0-9]{5})$",
        label=_("Code of the place"),
        required=False,
        help_text=_("Two digits for a province, five for a commune, by the General Statistics Office."),
        error_messages={"invalid": _("Enter the two or five digits of the General Statistics Office.")},
    )
    place_name = LineField(label=_("Name of the place"), max_length=100, required=False)
    on = day(_("From"))

    def perform(self, at: datetime) -> UUID:
        given = self.cleaned_data
        new = services.NewAgency(
            given["code"],
            given["name"],
            given["level"],
            given["on"],
            given["place_code"],
            given["place_name"],
        )
        superior = self.target if self.agency else None
        return services.enter_agency(actor=self.actor, superior=superior, new=new, at=at).pk


class RenameAgency(ActForm):
    title = _("Rename")
    note = _(
        "The old name and code stay in the past and lead to the new ones. Units, posts, officers and dossiers go on. "
        "Under a new name a new seal must be entered."
    )
    done = _("Renamed.")
    name = LineField(label=_("New name"), max_length=200)
    code = CodeField(label=_("New code"), max_length=35)
    on = day(_("From"), _("The first day under the new name or code."))

    def known(self) -> dict[str, Any]:
        return {"name": self.subject.name, "code": self.subject.code}

    def perform(self, at: datetime) -> UUID:
        given = self.cleaned_data
        renaming = services.Renaming(given["name"], given["code"], given["on"])
        return services.rename_agency(actor=self.actor, target=self.target, renaming=renaming, at=at).pk


class OtherAgencies(ActForm):
    """Acts on several agencies, which are named by their codes: a list of 3,500 to choose from helps nobody."""

    others = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={
            "required": _("Enter the code of at least one agency."),
            "max_length": _("Enter fewer codes: at most 4,000 characters."),
        },
    )
    on = day(_("From"), _("The first day on which it is so: today or earlier."))

    def clean_others(self) -> list[Agency]:
        codes = list(dict.fromkeys(self.cleaned_data["others"].upper().replace(",", " ").split()))
        found = agencies_by_code(self.scopes, codes, at=timezone.localdate())
        if missing := [code for code in codes if code not in found]:
            text = _t("There is no agency %(codes)s among those that you administer. Correct the codes.")
            raise ValidationError(text % {"codes": ", ".join(missing)})
        return [found[code] for code in codes]

    @property
    def ending(self) -> services.Ending:
        return services.Ending(self.cleaned_data["on"], tuple(it.pk for it in self.cleaned_data["others"]))


class MergeAgencies(OtherAgencies):
    title = _("Merge others into this agency")
    note = _("The merged agencies end. This cannot be undone.")
    done = _("Merged.")

    def prepare(self) -> None:
        self.fields["others"].label = _t("Codes of the agencies that end, one on each line")

    def perform(self, at: datetime) -> None:
        services.merge_agencies(actor=self.actor, target=self.target, ending=self.ending, at=at)


class SplitAgency(OtherAgencies):
    title = _("Split")
    note = _("This agency ends, and those named come after it. Enter them first. This cannot be undone.")
    done = _("Split.")

    def prepare(self) -> None:
        self.fields["others"].label = _t("Codes of the agencies that come after it, one on each line")

    def perform(self, at: datetime) -> None:
        services.split_agency(actor=self.actor, target=self.target, ending=self.ending, at=at)


class EndAgency(ActForm):
    title = _("End this agency")
    note = _("It ends without anybody after it, and its units and posts with it. This cannot be undone.")
    done = _("Ended.")
    on = day(_("From"), _("The first day without it: today or earlier."))

    def perform(self, at: datetime) -> None:
        services.end_agency(actor=self.actor, target=self.target, on=self.cleaned_data["on"], at=at)


class EnterCode(ActForm):
    title = _("Enter another code")
    note = _(
        "Messages and files that still carry this code lead to this agency. A code is never given again."
    )
    code = CodeField(
        label=_("Code"), max_length=35, help_text=_("New form, or the older one: 000.00.25.H44.")
    )
    on = day(_("From"))
    until = DayField(label=_("Until (not included)"), required=False)

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        period = (given["on"], given.get("until"))
        services.add_code(actor=self.actor, target=self.target, code=given["code"], period=period, at=at)


class FromTemplate(ActForm):
    title = _("Enter the usual units")
    note = _(
        "From the usual list for its level, which is not verified. Correct what is different here afterwards."
    )
    on = day(_("From"))

    def preview(self) -> Rows:
        missing = services.missing_units(self.subject)
        names = [f"{row['name']} ({row['symbol']})" for row in missing] or [_t("none: all are there")]
        return [{"label": _t("New units"), "value": "; ".join(names)}, *super().preview()]

    def perform(self, at: datetime) -> None:
        on = self.cleaned_data["on"]
        services.enter_from_template(actor=self.actor, target=self.target, on=on, at=at)


class PictureForm(ActForm):
    confirms = False
    button = _("Enter")
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG with a transparent background, at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )
    doubts: Sequence[Text] = ()

    def clean_picture(self) -> bytes:
        file = self.cleaned_data["picture"]
        if file.size > 1024 * 1024:
            raise ValidationError(_t("Choose a picture of at most 1 MB."))
        return file.read()


class SetSeal(PictureForm):
    title = _("Picture of the seal")
    note = _(
        "Red, of the seal's real size. From now on the agency's papers carry it and are signed by its key too."
    )
    width_mm = forms.IntegerField(
        label=_("Width of the real seal, in millimetres"), min_value=20, max_value=60
    )
    key = forms.RegexField(r"^[A-Za-z0-9._-]+$", label=_("Key that signs for the agency"), max_length=64)

    def known(self) -> dict[str, Any]:
        return {"width_mm": self.subject.seal_mm, "key": self.subject.seal_key}

    def perform(self, at: datetime) -> None:
        given = self.cleaned_data
        seal = services.Seal(given["picture"], given["width_mm"], given["key"])
        self.doubts = services.set_seal_image(actor=self.actor, agency_id=self.subject.pk, seal=seal, at=at)


class SetSignature(PictureForm):
    title = _("Picture of the signature")
    note = _("Blue. Papers signed before keep the picture they carry.")

    def agency_of(self, subject: Any) -> None:
        return None

    def perform(self, at: datetime) -> None:
        picture = self.cleaned_data["picture"]
        self.doubts = services.set_signature_image(
            actor=self.actor, officer_id=self.subject.pk, png=picture, at=at
        )


class Leave(ActForm):
    title = _("End the post")
    note = _(
        "On that day the officer leaves: post, rights and account end. They can take a post again later."
    )
    done = _("Ended.")
    on = day(pgettext_lazy("last day of an officer", "First day without the post"))

    def agency_of(self, subject: Any) -> None:
        return None

    @property
    def doubts(self) -> list[str]:
        """What lies with the officer does not move by itself."""
        words = work_words(self.subject.pk)
        return [words] if words else []

    def prepare(self) -> None:
        self.fields["on"].help_text = work_words(self.subject.pk)

    def preview(self) -> Rows:
        words = work_words(self.subject.pk)
        return [*super().preview(), *([{"label": _("Open tasks"), "value": words}] if words else [])]

    def perform(self, at: datetime) -> None:
        services.end_officer(actor=self.actor, officer_id=self.subject.pk, on=self.cleaned_data["on"], at=at)
