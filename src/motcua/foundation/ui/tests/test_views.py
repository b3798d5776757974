from pathlib import Path

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse

from motcua.foundation.ui import gallery, views


def switch(**data):
    return views.set_language(RequestFactory().post("/language/", data))


def test_the_language_is_remembered_and_the_page_kept(settings):
    response = switch(language="de", next="/procedures/?q=a")
    assert response["Location"] == "/procedures/?q=a"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_switching_the_language_never_leads_away(target):
    assert switch(language="en", next=target)["Location"] == "/"


def test_an_unknown_language_changes_nothing(settings):
    assert settings.LANGUAGE_COOKIE_NAME not in switch(language="xx", next="/").cookies


@pytest.mark.parametrize("name", ["", *gallery.SCREENS])
def test_the_gallery_shows_every_screen_without_inline_style_or_script(name, settings):
    settings.DEMO = True
    html = views.gallery(RequestFactory().get("/desk/gallery/"), name).content.decode()
    assert "<h1" in html
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick" not in html


def test_the_gallery_is_closed_in_production(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(Http404):
        views.gallery(RequestFactory().get("/desk/gallery/"))


def test_the_gallery_shows_every_component():
    """A component that is not shown there is seen by no accessibility check and in no screenshot."""
    folder = Path(views.__file__).parent / "templates"
    shown = "".join(
        page.read_text() for page in (folder / "ui/gallery.html", *(folder / "ui/gallery").iterdir())
    )
    components = {page.stem for page in (folder / "components").glob("[!_]*.html")}
    assert {name for name in components if f"components/{name}.html" not in shown} == set()


@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("pink", "")])
def test_the_desk_can_be_light_or_dark(client, chosen, kept):
    response = client.post(reverse("ui:scheme"), {"scheme": chosen, "next": "/inbox/"})
    assert response.url == "/inbox/"
    assert response.cookies["motcua_scheme"].value == kept
