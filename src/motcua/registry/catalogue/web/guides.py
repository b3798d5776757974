""" "What do I need?": questions by page, the answers in the address, so that the back button works. Public."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motcua.registry.catalogue.guiding import get_guide, list_guides, papers_of
from motcua.registry.catalogue.rules.guides import Given, Walk, walk
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import procedures_named
from motcua.registry.catalogue.web.links import language, link_of


@login_not_required
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """The guides there are."""
    items = [
        {
            "icon": it["icon"],
            "title": in_language(it["name"], language()),
            "note": in_language(it["text"], language()),
            "url": reverse("catalogue:guide", args=[it["code"]]),
        }
        for it in list_guides()
    ]
    return render(request, "catalogue/guides.html", {"guides": items})


@login_not_required
@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The next question, or at the end what is needed."""
    found = get_guide(code)
    answers = {name: it[:40] for name, it in request.GET.items() if isinstance(it, str)}
    walked = walk(found, answers)
    said = {it.question["code"]: it.answer["code"] for it in walked.given}
    context: dict[str, Any] = {
        "name": in_language(found["name"], language()),
        "code": code,
        "given": [_given(code, it) for it in walked.given],
        "said": said,
        "back_url": _back(code, walked),
        "starts_over": reverse("catalogue:guide", args=[code]),
    }
    if walked.question:
        return render(
            request, "catalogue/guide_question.html", context | _asked(walked.question, "next" in answers)
        )
    return render(request, "catalogue/guide_end.html", context | {"procedures": _needed(walked.codes)})


def _asked(question: dict[str, Any] | Any, was_asked: bool) -> dict[str, Any]:
    """was_asked: the page was sent without an answer."""
    return {
        "question": in_language(question["text"], language()),
        "field": question["code"],
        "answers": [(it["code"], in_language(it["text"], language())) for it in question["answers"]],
        "missing": was_asked,
    }


def _given(code: str, given: Given) -> dict[str, str]:
    """A row of what was answered, with the way back to the question."""
    return {
        "label": in_language(given.question["text"], language()),
        "value": in_language(given.answer["text"], language()),
        "url": _url(code, given.before),
    }


def _back(code: str, walked: Walk) -> str:
    return _url(code, walked.given[-1].before) if walked.given else reverse("catalogue:guides")


def _url(code: str, answers: Any) -> str:
    address = reverse("catalogue:guide", args=[code])
    return f"{address}?{urlencode(answers)}" if answers else address


def _needed(codes: list[str]) -> list[dict[str, Any]]:
    """The procedures in the guide's order with their papers. Three queries."""
    rows = {it.code: it for it in procedures_named(codes)}
    papers = papers_of(rows, at=timezone.localdate())
    return [
        link_of(rows[code])
        | {
            "code": code,
            "papers": [_paper(it) for it in papers.get(code, []) if it["needed"] != "state_has"],
            "held": [
                in_language(it["name"], language())
                for it in papers.get(code, [])
                if it["needed"] == "state_has"
            ],
        }
        for code in codes
        if code in rows
    ]


def _paper(component: dict[str, Any]) -> dict[str, str]:
    condition = component.get("condition", {}).get("text", {}) if component["needed"] == "conditional" else {}
    return {"title": in_language(component["name"], language()), "note": in_language(condition, language())}
