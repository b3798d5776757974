"""The notes of officers on a dossier: threads, questions to colleagues, corrections."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.notes import PURPOSE, list_threads, sees_notes, writes_notes
from motcua.casework.dossiers.services.noting import (
    MAX_TEXT,
    NewNote,
    colleagues_of,
    strike_note,
    write_note,
)
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.note_words import thread_item
from motcua.casework.dossiers.web.words import language
from motcua.foundation.kernel.errors import DomainError, NotFound, Refused
from motcua.foundation.kernel.ids import new_id
from motcua.foundation.notifications.services.reading import mark_read_about
from motcua.registry.access.policies import ActingRequest, officer_required


class NoteForm(forms.Form):
    """A note, by itself or in a thread; `key` is the id it will have, so that it is written once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    thread = forms.UUIDField(widget=forms.HiddenInput, required=False)
    corrects = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=MAX_TEXT,
        help_text=gettext_lazy("Officers who work on the dossier read it; the applicant does not."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the note.")},
    )
    to = forms.ChoiceField(
        label=gettext_lazy("Whom you ask"),
        required=False,
        help_text=gettext_lazy("They get a notice that leads here."),
    )

    def __init__(self, *args: Any, dossier: Dossier, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues_of(dossier, at=at)
        units = {f"unit {it.unit_id}": it.unit_name for it in people}
        names = {f"officer {it.id}": f"{it.name}, {it.unit_name}" for it in people}
        fields: dict[str, Any] = self.fields
        fields["to"].choices = [
            ("", _("Nobody in particular")),
            (_("Units"), list(units.items())),
            (_("Officers"), list(names.items())),
        ]


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: ActingRequest, dossier_id: UUID) -> HttpResponse:
    """All threads, and a form for a new one; `?answer=` and `?correct=` choose what it is about."""
    now = timezone.now()
    found = selectors.open_dossier(request.actor, dossier_id, at=now)
    if not sees_notes(request.actor, found):
        raise Refused
    may_write = writes_notes(request.actor, found)
    form = _form(request, found, now) if may_write else None
    if form and form.is_bound and form.is_valid() and _written(request, found, form, now):
        return redirect("desk:notes", dossier_id)
    if not (form and form.is_bound):
        mark_read_about(recipient_id=request.actor.person, purpose=PURPOSE, concerns_id=found.id, at=now)
    context = {
        "dossier": found,
        "heading": heading(found, language()),
        "threads": [thread_item(it, request.actor) for it in list_threads(found)],
        "form": form,
        "may_write": may_write,
    }
    return render(request, "dossiers/desk_notes.html", context, status=422 if form and form.is_bound else 200)


def _form(request: ActingRequest, dossier: Dossier, at: datetime) -> NoteForm:
    if request.method == "POST":
        form = NoteForm(request.POST, dossier=dossier, at=at)
    else:
        form = NoteForm(initial=_initial(request, dossier), dossier=dossier, at=at)
    values = form.data if form.is_bound else form.initial
    if values.get("thread") or values.get("corrects"):
        form.fields["to"].widget = forms.HiddenInput()
        label = _("Corrected note") if values.get("corrects") else _("Answer")
        form.fields["text"].label = label
    return form


def _initial(request: ActingRequest, dossier: Dossier) -> dict[str, Any]:
    """What the form is about, by the address."""
    thread, corrects = as_uuid(request.GET.get("answer", "")), as_uuid(request.GET.get("correct", ""))
    initial: dict[str, Any] = {"key": new_id(), "thread": thread}
    if corrects:
        own = dossier.notes.filter(pk=corrects, made_by=request.actor.person).first()
        if not own:
            raise NotFound
        initial |= {"corrects": corrects, "text": own.text, "thread": None}
    return initial


def _written(request: ActingRequest, dossier: Dossier, form: NoteForm, at: datetime) -> bool:
    sent = form.cleaned_data
    new = NewNote(sent["key"], sent["text"], sent["to"], sent["thread"], sent["corrects"])
    try:
        note = write_note(actor=request.actor, dossier_id=dossier.id, new=new, at=at)
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        form.add_error({"no_such_colleague": "to", "note_missing": "text"}.get(error.code), str(error))
        return False
    asked = _("The note is written. %(name)s gets a notice.") % {"name": note.asked_name}
    messages.success(
        request, asked if note.asked_name and not note.corrects_id else _("The note is written.")
    )
    return True


@officer_required
@require_POST
def strike(request: ActingRequest, dossier_id: UUID, note_id: UUID) -> HttpResponse:
    """Strike out one's own note."""
    try:
        strike_note(actor=request.actor, dossier_id=dossier_id, note_id=note_id, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("The note is struck out. It stays to be read as struck out."))
    return redirect("desk:notes", dossier_id)
