"""Working through the doubtful values of imported procedures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.policies import ActingRequest, role_required
from motcua.registry.catalogue import deciding
from motcua.registry.catalogue.deciding import Decision, DoubtChanged, NoGuess, TooMany, Wanted
from motcua.registry.catalogue.doubts import PAGE, choices_of, count_by_kind, count_of_act, get_doubt, page_of
from motcua.registry.catalogue.models import Doubt
from motcua.registry.catalogue.rules.entering import NotAValue
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.web.doubt_forms import DecideForm, FilterForm, ManyForm
from motcua.registry.catalogue.web.doubt_words import (
    MINISTRIES,
    STATES,
    WHY,
    place_words,
    said_words,
    value_words,
)
from motcua.registry.catalogue.words import KINDS, kind_words

_SHOWN = 20


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def _wanted(values: Any) -> Wanted:
    """The filter of an address; what is none there counts as not set."""
    asked = {name: str(values.get(name, ""))[:100] for name in ("kind", "sector", "ministry", "state")}
    asked["state"] = asked["state"] if asked["state"] in STATES else Doubt.State.OPEN
    return Wanted(**asked)


def _query(wanted: Wanted, **more: str) -> str:
    values = {"kind": wanted.kind, "sector": wanted.sector, "ministry": wanted.ministry} | more
    values |= {"state": wanted.state} if wanted.state != Doubt.State.OPEN else {}
    return urlencode({name: value for name, value in values.items() if value})


def _row(doubt: Doubt) -> dict[str, Any]:
    state, words = STATES[doubt.state]
    decided = doubt.state == Doubt.State.CORRECTED
    value = doubt.value if decided else doubt.guess
    return {
        "id": doubt.pk,
        "code": doubt.procedure_id,
        "name": in_language(doubt.procedure.names, _language()),
        "kind": kind_words(doubt.kind),
        "said": said_words(doubt),
        "value": value_words(doubt.kind, value) if decided or value is not None else "",
        "state": state,
        "state_words": words,
    }


@role_required(deciding.RIGHT)
@never_cache
@require_safe
def overview(request: ActingRequest) -> HttpResponse:
    """Counts by kind, and the values one by one."""
    deciding.check_right(request.actor)
    wanted = _wanted(request.GET)
    rows, following = page_of(wanted, after=request.GET.get("after", ""))
    counts = count_by_kind()
    every = [("", _("All"))]
    sectors, ministries = choices_of(wanted.state, _language())
    choices = {
        "kind": every + [(kind, f"{kind_words(kind)} ({count})") for kind, count in counts.items()],
        "sector": every + sectors,
        "ministry": every + [(slug, MINISTRIES.get(slug, slug)) for slug in ministries],
        "state": [(state, str(words)) for state, (_mark, words) in STATES.items()],
    }
    data = {"kind": wanted.kind, "sector": wanted.sector, "ministry": wanted.ministry, "state": wanted.state}
    context = {
        "form": FilterForm(data, choices=choices),
        "rows": [_row(doubt) for doubt in rows],
        "next": f"?{_query(wanted, after=following)}" if following else "",
        "first": f"?{_query(wanted)}" if request.GET.get("after") else "",
        "total": sum(counts.values()),
        "kinds": _kinds(counts) if not _query(wanted) else [],
        "about": KINDS[wanted.kind][1] if wanted.kind in KINDS else "",
        "is_open": wanted.state == Doubt.State.OPEN,
        "is_asked": bool(_query(wanted)),
        "many": _query(wanted) if wanted.kind and wanted.state == Doubt.State.OPEN else "",
        "page": PAGE,
        **_undoable(request.GET.get("done", "")),
    }
    return render(request, "catalogue/desk_doubts.html", context)


def _kinds(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"name": kind_words(kind), "note": KINDS[kind][1] if kind in KINDS else "", "count": count,
         "url": f"?{urlencode({'kind': kind})}"}
        for kind, count in counts.items()
    ]  # fmt: skip


def _undoable(act: str) -> dict[str, Any]:
    """What was just decided, with the way to undo it."""
    try:
        count = count_of_act(UUID(act))
    except ValueError:
        return {}
    words = ngettext("%(count)d value was decided.", "%(count)d values were decided.", count) % {
        "count": count
    }
    return {"done": act, "done_words": words} if count else {}


@role_required(deciding.RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: ActingRequest, doubt_id: UUID) -> HttpResponse:
    """One value: what the file says, the guess and where it comes from; decide it."""
    doubt = get_doubt(request.actor, doubt_id)
    form = DecideForm(request.POST if request.method == "POST" else None, doubt=doubt)
    if form.is_valid():
        values = form.cleaned_data
        decision = Decision(values["how"], values["reason"], values.get("typed", ""))
        try:
            done = deciding.decide(
                actor=request.actor,
                doubt_id=doubt_id,
                revision=values["revision"],
                decision=decision,
                at=timezone.now(),
            )
        except NotAValue:
            form.refuse_typed()
        except (DoubtChanged, NoGuess) as error:
            doubt = get_doubt(request.actor, doubt_id)
            form.renew(doubt)
            form.add_error(None, str(error))
        else:
            query = _query(_wanted(request.GET), done=str(done.act))
            return redirect(f"{reverse('catalogue-desk:doubts')}?{query}")
    return render(
        request, "catalogue/desk_doubt.html", _one(request, doubt, form), status=422 if form.is_bound else 200
    )


def _one(request: ActingRequest, doubt: Doubt, form: DecideForm) -> dict[str, Any]:
    words = doubt.said.get("words") or ""
    return {
        "doubt": doubt,
        "row": _row(doubt),
        "about": KINDS[doubt.kind][1] if doubt.kind in KINDS else "",
        "place": place_words(doubt.place),
        "words": words if isinstance(words, str) else value_words(doubt.kind, words),
        "guess": value_words(doubt.kind, doubt.guess) if doubt.guess is not None else "",
        "why": WHY.get(doubt.why, ""),
        "portal": getattr(doubt, "portal", ""),
        "sector": in_language(doubt.procedure.facts.get("sector", {}), _language()),
        "ministry": MINISTRIES.get(doubt.procedure.ministry, doubt.procedure.ministry),
        "form": form if doubt.state != Doubt.State.GONE else None,
        "is_decided": doubt.state in deciding.DECIDED,
        "list_url": f"{reverse('catalogue-desk:doubts')}?{_query(_wanted(request.GET))}",
    }


@role_required(deciding.RIGHT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: ActingRequest, how: str) -> HttpResponse:
    """All open values of a filter: what would be decided, then deciding it as one act."""
    wanted = _wanted(request.GET)
    if how not in {"confirm", "guess"} or not wanted.kind:
        raise NotFound
    form = ManyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        decision = Decision(how, form.cleaned_data["reason"])
        stamp, actor = form.cleaned_data["stamp"], request.actor
        try:
            act, _count = deciding.decide_many(
                actor=actor, wanted=wanted, stamp=stamp, decision=decision, at=timezone.now()
            )
            return redirect(f"{reverse('catalogue-desk:doubts')}?{_query(wanted, done=str(act))}")
        except (DoubtChanged, TooMany) as error:
            form.add_error(None, str(error))
    try:
        rows, count, stamp = deciding.preview(request.actor, wanted, how)
    except TooMany as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('catalogue-desk:doubts')}?{_query(wanted)}")
    context = {
        "form": form,
        "stamp": stamp,
        "count": count,
        "rows": [_row(doubt) for doubt in rows.select_related("procedure")[:_SHOWN]],
        "shown": _SHOWN,
        "kind": kind_words(wanted.kind),
        "how": how,
        "list_url": f"{reverse('catalogue-desk:doubts')}?{_query(wanted)}",
    }
    return render(request, "catalogue/desk_doubts_many.html", context, status=422 if form.is_bound else 200)


@require_POST
@role_required(deciding.RIGHT)
@never_cache
def undo(request: ActingRequest, act: UUID) -> HttpResponse:
    count = deciding.undo(actor=request.actor, act=act, at=timezone.now())
    words = ngettext("%(count)d value is open again.", "%(count)d values are open again.", count)
    messages.success(request, words % {"count": count})
    return redirect("catalogue-desk:doubts")
