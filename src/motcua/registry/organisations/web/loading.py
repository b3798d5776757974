"""Entering a file on a page: what it would enter is shown before it is entered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.organisations.rules.loading import COLUMNS, MAX_BYTES, Row, UnreadableFile, as_table
from motcua.registry.organisations.services import Loaded, load_file
from motcua.registry.organisations.words import KINDS, problem_words

_SHOWN = 200


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("YAML, CSV or XLSX, at most 700 KB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.csv,.xlsx"}),
    )

    def clean_file(self) -> str:
        """As a table in CSV, which is what the confirmation sends again."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_t("Choose a file of at most 700 KB, or divide it."))
        if not file.name.lower().endswith((".yaml", ".yml", ".csv", ".xlsx")):
            raise ValidationError(_t("Choose a file whose name ends with .yaml, .csv or .xlsx."))
        self.name, self.content = file.name, file.read()
        return file.name


@role_required("administrator")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: ActingRequest) -> HttpResponse:
    if request.method == "POST" and "table" in request.POST:
        return _confirmed(request)
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": _columns()}
    if request.method == "POST" and form.is_valid():
        loaded = _load(request, form.content, form.name, dry_run=True)
        context |= _outcome(loaded)
        if not loaded.problems:
            try:
                context["table"] = as_table(form.content, form.name)
            except UnreadableFile:  # it was readable a moment ago
                context["table"] = ""
    return render(request, "organisations/import.html", context)


def _load(request: ActingRequest, content: bytes, name: str, *, dry_run: bool) -> Loaded:
    return load_file(actor=request.actor, content=content, name=name, dry_run=dry_run, at=timezone.now())


def _confirmed(request: ActingRequest) -> HttpResponse:
    loaded = _load(request, request.POST["table"].encode(), "confirmed.csv", dry_run=False)
    if loaded.problems:
        context = {"form": FileForm(), "columns": _columns(), **_outcome(loaded)}
        return render(request, "organisations/import.html", context)
    messages.success(request, _t("Entered: %(rows)s rows.") % {"rows": len(loaded.entered)})
    return redirect("organisations:list")


def _outcome(loaded: Loaded) -> dict[str, Any]:
    return {
        "loaded": loaded,
        "counts": [{"label": KINDS[kind], "value": count} for kind, count in loaded.counts.items()],
        "rows": [_row(row) for row in loaded.entered[:_SHOWN]],
        "more": max(0, len(loaded.entered) - _SHOWN),
        "problems": [
            {"line": it.line, "text": problem_words(it.code, it.fields)} for it in loaded.problems[:_SHOWN]
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    values = row.values
    named = [values.get(name, "") for name in ("code", "username", "name", "full_name", "title")]
    where = [values.get(name, "") for name in ("superior", "agency", "unit")]
    return {
        "line": row.line,
        "kind": KINDS[row.kind],
        "what": " ".join(filter(None, named)),
        "where": ", ".join(filter(None, where)),
    }


def _columns() -> list[dict[str, Any]]:
    return [
        {
            "label": KINDS[kind],
            "kind": kind,
            "columns": [
                {"name": it.name, "required": it.required, "values": ", ".join(filter(None, it.values))}
                for it in columns
            ],
        }
        for kind, columns in COLUMNS.items()
    ]
