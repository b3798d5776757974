"""Finding and reading procedures. Public."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.foundation.ui.formats import format_money
from motcua.foundation.ui.searching import Hit, search_all
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.doubts import get_captured
from motcua.registry.catalogue.examples import example_of, example_picture
from motcua.registry.catalogue.models import Procedure
from motcua.registry.catalogue.rules.fees import shown_fees
from motcua.registry.catalogue.rules.texts import in_language, source_words
from motcua.registry.catalogue.web.captured_page import captured_page
from motcua.registry.catalogue.web.law_of_day import law_of_day
from motcua.registry.catalogue.web.where import where_offered
from motcua.registry.catalogue.words import channel_words, limit_words


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def _link(procedure: Procedure) -> dict[str, str]:
    facts = [limit_words(procedure.facts["limit"]), in_language(procedure.facts["fee"], _language())]
    return {
        "title": in_language(procedure.names, _language()),
        "note": " · ".join(fact for fact in facts if fact),
        "url": reverse("catalogue:procedure", args=[procedure.code]),
    }


def _found(words: str, limit: int) -> dict[str, Any]:
    found = selectors.search_procedures(words, limit=limit)
    events = selectors.life_event_links(found.life_events, _language())
    return {"event": events[0] if events else None, "procedures": [_link(it) for it in found.procedures]}


def find_procedures(request: HttpRequest, words: str) -> list[Hit]:
    """For the officers' search across rooms."""
    found = selectors.search_procedures(words, limit=10).procedures
    return [Hit(**_link(procedure)) for procedure in found]


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for words; without words, everything there is."""
    words = request.GET.get("q", "")[:200]
    context: dict[str, Any] = {"words": words}
    if words.strip():
        context |= _found(words, 30) | {"groups": search_all(request, "portal", words)}
    else:
        context["procedures"] = [_link(procedure) for procedure in selectors.list_procedures()]
    return render(request, "catalogue/search.html", context)


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The first results while typing: a fragment."""
    words = request.GET.get("q", "")[:200]
    context = _found(words, 5) if len(words.strip()) > 1 else {}
    if context.get("procedures"):
        context |= {
            "all_url": f"{reverse('catalogue:search')}?{urlencode({'q': words})}",
            "all_text": _("Show all results"),
        }
    return render(request, "components/suggestions.html", context)


@login_not_required
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """What a procedure needs, costs, takes and gives, today or on a day (`?on=`); a listed one says where to do it."""
    found = selectors.get_procedure(code)
    law = law_of_day(request, code)
    version = law.version
    context: dict[str, Any] = {"procedure": found, "name": in_language(found.names, _language())}
    context |= {
        "limit": limit_words(found.facts["limit"]),
        "fee": in_language(found.facts["fee"], _language()),
    }
    context["law"] = law.context
    if version:
        context |= modelled_context(version.definition["procedure"])
    is_imported = found.origin == "import" and not law.context.get("is_other")
    if is_imported and (captured := get_captured(found.code)):
        context["captured"] = captured_page(captured)
    if not law.context.get("is_other"):
        context |= where_offered(request, found, version)
    response = render(
        request, "catalogue/procedure.html", context, status=422 if law.context["problem"] else 200
    )
    if law.is_asked:
        response["X-Robots-Tag"] = "noindex"
    return response


def modelled_context(data: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a parsed procedure.yaml."""
    language = _language()
    return {
        "modelled": True,
        "name": in_language(data["name"], language),
        "lead": in_language(data["lead"], language),
        "agency": in_language(data.get("agency", {}), language),
        "agency_note": in_language(data.get("agency_note", {}), language),
        "limit": in_language(data["limit"]["text"], language),
        "who": in_language(data["who_may_apply"]["text"], language),
        "fees": [_fee(it, language) for it in shown_fees(data["fees"])],
        "exempt": capfirst("; ".join(_exempt(data["fees"], language))),
        "cases": _cases(data, language),
        "needed": _needed(data["components"], data.get("cases", []), language, str(data["code"])),
        "steps": [in_language(step, language) for step in data["steps"]],
        "legal_basis": data["legal_basis"],
        "decision": data["publication"]["decision"],
        "minutes": data.get("minutes_to_apply"),
    }


def _fee(fee: dict[str, Any], language: str) -> dict[str, Any]:
    """`short`: an amount, which must not break across lines. `note`: why, by which channel and which law."""
    short = "amount_vnd" in fee
    value = format_money(fee["amount_vnd"], language) if short else in_language(fee["text"], language)
    channels = ", ".join(channel_words(it) for it in fee.get("channels", []))
    because = in_language(fee.get("because") or {}, language)
    note = ". ".join(filter(None, [because, channels, source_words(fee.get("source", ""))]))
    return {"label": in_language(fee["name"], language), "value": value, "short": short, "note": note}


def _exempt(fees: list[dict[str, Any]], language: str) -> list[str]:
    """Who pays nothing, each ground once."""
    grounds = [it for fee in fees for it in fee.get("exemptions", {}).get("grounds", [])]
    return list(dict.fromkeys(in_language(it["name"], language) for it in grounds))


def _cases(data: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """A row a case, for components/case_table: its limit, the papers people hand in, its fees."""
    handed_in = [it for it in data["components"] if it["needed"] != "state_has"]
    return [
        {
            "name": in_language(case["name"], language),
            "limit": in_language(case.get("limit", data["limit"])["text"], language).removesuffix("."),
            "papers": [_paper(it, language) for it in handed_in if _belongs(it, case)],
            "fees": [_fee(it, language) for it in shown_fees(case.get("fees", data["fees"]))],
        }
        for case in data.get("cases", [])
    ]


def _paper(component: dict[str, Any], language: str) -> str:
    """Its name, and under which condition it is needed."""
    name = in_language(component["name"], language)
    if component["needed"] != "conditional":
        return name
    condition = in_language(component["condition"]["text"], language)
    return f"{name} ({condition[:1].lower()}{condition[1:]})"


def _belongs(component: dict[str, Any], case: dict[str, Any]) -> bool:
    return "components" not in case or component["code"] in case["components"]


def _needed(
    components: list[dict[str, Any]], cases: list[dict[str, Any]], language: str, procedure: str
) -> list[dict[str, Any]]:
    """A row a paper; one that not every case needs says which do."""
    kinds = {"state_has": "held", "upload": "yours", "conditional": "sometimes"}
    needed, number = [], 0
    for component in components:
        kind = kinds[component["needed"]]
        only = [in_language(case["name"], language) for case in cases if _belongs(component, case)]
        label = in_language(component["condition"]["text"], language) if kind == "sometimes" else ""
        if kind == "yours" and len(only) < len(cases):
            kind, label = "sometimes", _("Only for: %(cases)s") % {"cases": ", ".join(only)}
        number += kind == "yours"
        needed.append(
            {
                "kind": kind,
                "number": number,
                "label": label,
                "title": in_language(component["name"], language),
                "note": in_language(component.get("hint", {}), language),
                "example": example_of(procedure, component["code"], language) if kind != "held" else None,
            }
        )
    return needed


@login_not_required
@cache_control(public=True, max_age=86_400)
@require_safe
def paper_example(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse(example_picture(key), content_type="image/png")


@login_not_required
@require_safe
def life_event(request: HttpRequest, code: str) -> HttpResponse:
    event, procedures = selectors.get_life_event(code)
    context = {
        "name": in_language(event.names, _language()),
        "description": in_language(event.descriptions, _language()),
        "procedures": [_link(procedure) for procedure in procedures],
    }
    return render(request, "catalogue/life_event.html", context)
