import json
import logging

import pytest
from django.http import HttpResponseNotAllowed
from django.test import RequestFactory

from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.ui import views
from motcua.foundation.ui.middleware import DomainErrorMiddleware


def answer(path="/missing/", error=None, **headers):
    request = RequestFactory().get(path, headers=headers)
    return DomainErrorMiddleware(lambda request: None).process_exception(request, error or NotFound())


def test_a_person_gets_a_page_with_the_reason_and_what_to_do():
    response = answer(accept="text/html,*/*")
    text = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing here under this address." in text
    assert "Check the address or the code" in text


@pytest.mark.parametrize(("path", "accept"), [("/api/missing/", "*/*"), ("/missing/", "application/json")])
def test_a_program_gets_problem_details(path, accept):
    response = answer(path, accept=accept)
    body = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert body == {
        "type": "urn:motcua:problem:not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here under this address.",
        "code": "not_found",
    }


def test_other_exceptions_are_left_alone():
    assert answer(error=ValueError("not ours")) is None


def test_a_broken_page_shows_the_code_that_the_log_holds(caplog):
    request = RequestFactory().get("/")
    with caplog.at_level(logging.ERROR, logger="motcua.foundation.ui.errors"):
        try:
            raise RuntimeError("broken")
        except RuntimeError:
            response = views.server_error(request)
    reference = caplog.records[0].args[0]
    assert response.status_code == 500
    assert reference in response.content.decode()
    assert caplog.records[0].exc_info[1].args == ("broken",)


@pytest.mark.parametrize(
    ("view", "status"),
    [(views.bad_request, 400), (views.permission_denied, 403), (views.page_not_found, 404)],
)
def test_standing_error_pages_answer_with_their_status(view, status):
    response = view(RequestFactory().get("/nowhere/"), Exception())
    assert response.status_code == status
    assert "<h1>" in response.content.decode()


def blank(**headers):
    request = RequestFactory().get("/absence/3/withdraw/", headers=headers)
    request.resolver_match = None
    middleware = DomainErrorMiddleware(lambda request: None)
    return middleware.process_response(request, HttpResponseNotAllowed(["POST"]))


def test_a_program_gets_no_page_for_a_method_that_is_not_taken():
    assert blank(accept="*/*").content == b""
