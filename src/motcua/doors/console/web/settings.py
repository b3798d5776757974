"""Settings of the installation, and what is missing before it goes live. For administrators of all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from motcua.doors.console.accounts import names_of
from motcua.doors.console.web.settings_forms import GroupForm, TrialForm, field_name
from motcua.foundation.installation import contributions, selectors
from motcua.foundation.installation.appearance import css_of
from motcua.foundation.installation.contributions import Group, Standing, State
from motcua.foundation.installation.errors import BadSettings, NoReasonGiven, StaleSettings, TrialFailed
from motcua.foundation.installation.rules.colours import TEXT_CONTRAST, is_colour, weakest_ground
from motcua.foundation.installation.services import Change, change_settings, run_trial
from motcua.foundation.kernel.errors import NotFound, Refused
from motcua.foundation.ui.templatetags.ui import viet_datetime
from motcua.registry.access.policies import ActingRequest, proved, role_required

View = Callable[..., HttpResponseBase]
MARKS = {
    State.DONE: ("done", gettext_lazy("There")),
    State.WARNING: ("look", gettext_lazy("Look at it")),
    State.MISSING: ("overdue", gettext_lazy("Missing")),
}


def installation_administrator(view: View) -> View:
    """Only who administers the whole installation."""

    @role_required("administrator")
    @never_cache
    @wraps(view)
    def guarded(request: ActingRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.holds("administrator", "/"):
            raise Refused
        return view(request, *args, **kwargs)

    return guarded


@installation_administrator
@require_safe
def settings_index(request: ActingRequest) -> HttpResponse:
    return render(request, "console/settings.html", {"groups": contributions.groups()})


@installation_administrator
@proved
@require_http_methods(["GET", "HEAD", "POST"])
def settings_group(request: ActingRequest, code: str) -> HttpResponse:
    group = _group(code)
    described, version = selectors.describe(code), selectors.group_version(code)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = GroupForm(described, version=version, needs_reason=group.needs_reason, data=data, files=files)
    if data is not None and form.is_valid() and _save(request, group, form):
        return redirect("console:settings-group", code)
    context = {
        "group": group,
        "form": form,
        "trials": _trials(code),
        "last": _last_change(described),
        "look_first": _look_first(described, data or {}) if code == "theme" else None,
    }
    return render(request, "console/settings_group.html", context, status=422 if form.errors else 200)


def _look_first(described: list[selectors.Described], typed: Mapping[str, Any]) -> GroupForm:
    """The two colours once more, to be looked at before they are saved, with ids of their own."""
    colours = [it for it in described if it.declaration.key in {"theme.main", "theme.second"}]
    form = GroupForm(colours, version=0, needs_reason=False)
    form.auto_id = "preview_%s"
    form.initial.update({name: typed[name] for name in form.fields if name in typed})
    return form


def _group(code: str) -> Group:
    group = contributions.group(code)
    if not group:
        raise NotFound
    return group


def _save(request: ActingRequest, group: Group, form: GroupForm) -> bool:
    """Whether it was saved; if not, the form says why."""
    change = Change(
        group.code, form.entered(), form.cleaned_data.get("version") or 0, form.cleaned_data.get("reason", "")
    )
    try:
        changed = change_settings(actor=request.actor, change=change, at=timezone.now())
    except BadSettings as error:
        form.blame(error.problems)
    except NoReasonGiven as error:
        form.add_error("reason", str(error))
    except StaleSettings as error:
        form.add_error(None, str(error))
        form.renewed(selectors.group_version(group.code))
    else:
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
        return True
    return False


def _trials(code: str) -> list[dict[str, Any]]:
    runs = selectors.list_runs(code)
    return [
        {
            "trial": it,
            "form": TrialForm(it.asks, prefix=it.key) if it.asks else None,
            "run": runs.get(it.key),
            "state": _run_words(runs.get(it.key), is_current=bool(selectors.has_worked(it.key))),
        }
        for it in contributions.trials(code)
    ]


def _run_words(run: Any, *, is_current: bool) -> tuple[str, str]:
    if run is None:
        return "open", _("Not tried yet")
    moment = viet_datetime(run.at, "plain")
    if is_current:
        return "done", _("Worked at %(moment)s") % {"moment": moment}
    if run.succeeded:
        return "look", _("Worked at %(moment)s, with other settings") % {"moment": moment}
    return "overdue", _("Failed at %(moment)s") % {"moment": moment}


def _last_change(described: list[selectors.Described]) -> str:
    changed = [it for it in described if it.changed_at]
    if not changed:
        return ""
    last = max(changed, key=lambda it: it.changed_at or timezone.now())
    words = {
        "moment": viet_datetime(last.changed_at, "plain"),
        "name": next(iter(names_of([last.changed_by]).values()), _("the command line")),
    }
    return _("Changed last at %(moment)s by %(name)s.") % words


@require_POST
@installation_administrator
def settings_try(request: ActingRequest, code: str, key: str) -> HttpResponse:
    trial = contributions.trial(key)
    if not trial or trial.group != code:
        raise NotFound
    asked = request.POST.get(f"{key}-asked", "") if trial.asks else ""
    try:
        said = run_trial(actor=request.actor, key=key, asked=asked, at=timezone.now())
    except TrialFailed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(said))
    return redirect("console:settings-group", code)


@installation_administrator
@require_safe
def theme_preview(request: ActingRequest) -> HttpResponse:
    """How pages would look in two colours, before they are chosen."""
    colours = _colours(request)
    context = {
        "css_url": f"{reverse('console:theme-preview-css')}?{request.GET.urlencode()}"
        if all(colours)
        else "",
        "contrasts": [(colour, *weakest_ground(colour)) for colour in colours if colour],
        "needed": TEXT_CONTRAST,
    }
    return render(request, "console/theme_preview.html", context)


@installation_administrator
@require_safe
def theme_preview_css(request: ActingRequest) -> HttpResponse:
    main, second = _colours(request)
    if not (main and second):
        raise NotFound
    return HttpResponse(css_of(main, second), content_type="text/css; charset=utf-8")


def _colours(request: ActingRequest) -> tuple[str, str]:
    """Main and second; "" for what is no colour."""
    given = [request.GET.get(field_name(f"theme.{name}"), "").strip().lower() for name in ("main", "second")]
    main, second = (it if is_colour(it) else "" for it in given)
    return main, second


@installation_administrator
@require_safe
def checklist(request: ActingRequest) -> HttpResponse:
    found = selectors.checklist(timezone.now())
    rows = [
        {"label": it.label, "why": standing.why, "url": _where(standing), "state": MARKS[standing.state]}
        for it, standing in found
    ]
    states = [standing.state for _requirement, standing in found]
    counts = {
        "missing": states.count(State.MISSING),
        "warnings": states.count(State.WARNING),
        "all": len(states),
    }
    return render(request, "console/checklist.html", {"rows": rows, "counts": counts})


def _where(standing: Standing) -> str:
    if standing.group:
        return reverse("console:settings-group", args=[standing.group])
    return reverse(standing.url_name) if standing.url_name else ""
