"""Forms about drafts of versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.casework.packs.rules.draft_files import NAMES, PROCEDURE
from motcua.casework.packs.rules.texts import LANGUAGES
from motcua.casework.packs.versions.services import About
from motcua.casework.packs.versions.zipping import MOST_BYTES
from motcua.foundation.ui.fields import DayField
from motcua.registry.catalogue.selectors import CODE

_LEVELS = (
    ("commune", _("Commune")),
    ("province", _("Province")),
    ("ministry", _("Ministry")),
)


class RevisionForm(forms.Form):
    """An act on a draft as it was shown."""

    use_required_attribute = False
    revision = forms.IntegerField(widget=forms.HiddenInput)


class AboutForm(RevisionForm):
    """What the author says about a change."""

    note = forms.CharField(
        label=_("What changes, and why"),
        max_length=500,
        required=False,
        help_text=_("For whoever reviews it, and for the history. Name the law or the decision."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    day = DayField(
        label=_("From which day"),
        required=False,
        help_text=_("Empty: from the day on which it is published."),
    )
    backdating = forms.CharField(
        label=_("Why it counts from a day that has passed"),
        max_length=500,
        required=False,
        help_text=_("Only for such a day. Dossiers that exist keep the version of their filing in any case."),
    )

    def about(self) -> About:
        typed = self.cleaned_data
        return About(note=typed["note"], day=typed["day"], backdating=typed["backdating"])


class FilesForm(RevisionForm):
    """One of the files as text, and any other that was sent; an empty one is taken away."""

    def __init__(self, *args: Any, files: dict[str, str], shown: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = files
        known = {f"file-{number}": name for number, name in enumerate(NAMES)}
        self.names = {field: name for field, name in known.items() if name == shown or field in self.data}
        for field, name in self.names.items():
            text = files.get(name, "")
            rows = min(30, max(6, text.count("\n") + 2)) if text else 6
            attrs = {"rows": rows, "spellcheck": "false", "class": "code", "lang": "vi"}
            self.fields[field] = forms.CharField(
                label=name,
                required=False,
                strip=False,
                initial=text,
                widget=forms.Textarea(attrs=attrs),
            )

    def texts(self) -> dict[str, str]:
        typed = {name: self.cleaned_data[field].replace("\r\n", "\n") for field, name in self.names.items()}
        ended = {
            name: text if text.endswith("\n") else f"{text}\n"
            for name, text in typed.items()
            if text.strip() or name == PROCEDURE
        }
        return {name: text for name, text in self.kept.items() if name not in typed} | ended


class UploadForm(RevisionForm):
    """A zip with the folder of a procedure, or one of its files."""

    upload = forms.FileField(
        label=_("Zip or file"),
        help_text=_("A zip replaces all files. A single file replaces the one of its name."),
        error_messages={"required": _("Choose a zip or one of the files of a procedure.")},
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too long: 4 MB at most."))
        return upload


class ReviewForm(RevisionForm):
    """A reviewer's verdict; what is to be changed is needed to send it back."""

    asked_for = forms.CharField(
        label=_("What is to be changed"),
        max_length=1000,
        required=False,
        help_text=_("Only to send it back."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why an announced version is taken back."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter the reason in one or two sentences.")},
    )


class NewForm(forms.Form):
    """A procedure that has no version yet."""

    use_required_attribute = False
    code = forms.RegexField(
        CODE.pattern,
        label=_("Code"),
        max_length=8,
        help_text=_("Of the national list, for instance 1.001193."),
        error_messages={
            "required": _("Enter the code of the national list."),
            "invalid": _("Enter a code such as 1.001193."),
        },
    )
    name_vi = forms.CharField(
        label=_("Name (Vietnamese)"),
        max_length=300,
        error_messages={"required": _("Enter the name in Vietnamese, as the law gives it.")},
    )
    name_en = forms.CharField(label=_("Name (English)"), max_length=300, required=False)
    name_de = forms.CharField(label=_("Name (German)"), max_length=300, required=False)
    level = forms.ChoiceField(
        label=_("Who decides"), choices=_LEVELS, widget=forms.RadioSelect(attrs={"class": "ds-input"})
    )

    def names(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"name_{language}"] for language in LANGUAGES}
