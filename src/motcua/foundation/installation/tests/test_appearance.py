"""What people see of it: colours, crest, names, languages."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client

from motcua.foundation.installation import selectors

pytestmark = pytest.mark.django_db


def crest(content: bytes, media_type: str = "image/svg+xml") -> dict[str, str]:
    return {"name": "c", "content": base64.b64encode(content).decode(), "media_type": media_type}


def test_nothing_chosen_costs_no_style_sheet():
    page = Client().get("/").content.decode()
    assert "/theme/" not in page


def test_chosen_colours_are_a_style_sheet_that_is_kept_for_a_year():
    selectors.assume({"theme.main": "#2c4a7c"})
    address = re.search(r'href="(/theme/\w+\.css)"', Client().get("/").content.decode())[1]
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--ds-color-accent-base-default:#2c4a7c" in answer.content.decode()
    selectors.assume({"theme.main": "#1d4f91"})
    assert "no-store" in Client().get(address).headers["Cache-Control"]


def test_the_crest_runs_nothing_when_it_is_opened_by_itself():
    selectors.assume({"theme.crest": crest(b"<svg/>")})
    address = re.search(r'src="(/theme/crest-\w+)"', Client().get("/").content.decode())[1]
    answer = Client().get(address)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_there_is_no_theme_where_none_was_chosen():
    assert Client().get("/theme/0123456789abcdef.css").status_code == 404
    assert Client().get("/theme/crest-0123456789abcdef").status_code == 404


def test_names_stand_on_every_page():
    selectors.assume({"site.name": "Dịch vụ công Phú Thọ", "site.hotline": "1900 1234"})
    page = Client().get("/").content.decode()
    assert "Dịch vụ công Phú Thọ" in page and "tel:1900 1234" in page


def test_only_offered_languages_are_used():
    selectors.assume({"languages.offered": ["vi"], "languages.default": "vi"})
    answer = Client(headers={"Accept-Language": "de, en"}).get("/")
    assert answer.headers["Content-Language"] == "vi"
    assert 'value="de"' not in answer.content.decode()
    client = Client()
    client.post("/language/", {"language": "de"})
    assert not client.cookies


def test_the_person_then_the_browser_then_the_installation_choose_the_language():
    selectors.assume({"languages.default": "de"})
    assert Client().get("/").headers["Content-Language"] == "de"
    client = Client(headers={"Accept-Language": "fr;q=0.9, en-GB;q=0.8"})
    assert client.get("/").headers["Content-Language"] == "en"
    client.cookies["motcua_language"] = "vi"
    assert client.get("/").headers["Content-Language"] == "vi"
