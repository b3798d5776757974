"""Reading procedures. Public."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from motcua.foundation.ui.formats import format_money
from motcua.registry.catalogue import selectors
from motcua.registry.catalogue.contributions import times_taken
from motcua.registry.catalogue.doubts import get_captured
from motcua.registry.catalogue.examples import example_of, example_picture
from motcua.registry.catalogue.guiding import related_procedures
from motcua.registry.catalogue.models import Procedure, ProcedureVersion
from motcua.registry.catalogue.rules.fees import shown_fees
from motcua.registry.catalogue.rules.texts import in_language, source_words
from motcua.registry.catalogue.web.captured_page import captured_page
from motcua.registry.catalogue.web.law_of_day import law_of_day
from motcua.registry.catalogue.web.links import language as _language
from motcua.registry.catalogue.web.links import links_of
from motcua.registry.catalogue.web.markup import head_of
from motcua.registry.catalogue.web.where import where_offered
from motcua.registry.catalogue.words import channel_words, limit_words, taken_bars

# The path that is above all agencies.
EVERYWHERE = "/"


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
    context["related"] = links_of(related_procedures(found), longest=160)
    is_imported = found.origin == "import" and not law.context.get("is_other")
    if is_imported and (captured := get_captured(found.code)):
        context |= {"captured": captured_page(captured), "decision": captured.content["decision"]}
    if not law.context.get("is_other"):
        context |= where_offered(request, found, version)
        context["taken"] = _taken(found, version, context["near"])
    context["head"] = head_of(found, version, _language())
    response = render(
        request, "catalogue/procedure.html", context, status=422 if law.context["problem"] else 200
    )
    if law.is_asked:
        response["X-Robots-Tag"] = "noindex"
    return response


def _taken(
    found: Procedure, version: ProcedureVersion | None, near: dict[str, Any] | None
) -> dict[str, Any] | None:
    """How long dossiers took in the commune that was chosen, else anywhere here; None where nobody applies here."""
    if not version or found.removed_on:
        return None
    data = version.definition["procedure"]
    taken = times_taken(found.code, near["path"] if near else EVERYWHERE, timezone.localdate())
    return taken_bars(taken, "" if data.get("cases") else data["limit"]["value"], _language())


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
        "procedures": links_of(procedures),
    }
    return render(request, "catalogue/life_event.html", context)
