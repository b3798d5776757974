"""What search engines are told of the portal."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import lxml.etree
import lxml.html
import pytest
from django.conf import settings
from django.urls import reverse

from motcua.doors.portal.web import sitemaps
from motcua.registry.catalogue.models import Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def robots(client):
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").content.decode().splitlines())
    return parser


@pytest.mark.parametrize(
    "path",
    ["/", "/search/?q=khai+sinh", "/procedures/1.001193/", "/data/procedures.ttl", "/verify/", "/sign-in/"],
)
def test_public_pages_may_be_found(robots, path):
    assert robots.can_fetch("*", path)


@pytest.mark.parametrize(
    "name",
    [
        "desk:inbox",
        "dossiers:list",
        "portal:messages",
        "portal:data-tracker",
        "portal:mandates",
        "console:accounts",
    ],
)
def test_what_belongs_to_one_person_may_not(robots, name):
    assert not robots.can_fetch("*", reverse(name))


def test_an_address_that_holds_a_papers_code_may_not(robots):
    assert not robots.can_fetch("*", "/verify/?code=AB12CD34EF")


@pytest.mark.parametrize(
    "path", ["/", "/figures/", "/figures/now/", "/places/", "/procedures/1.001193/", "/life-events/birth/"]
)
def test_a_public_page_describes_itself(world, client, path):
    page = lxml.html.fromstring(client.get(path).content)
    (description,) = page.xpath("//head/meta[@name='description']/@content")
    assert len(description) > 30


def test_the_sitemap_leads_to_every_procedure_that_is_not_removed(world, client):
    Procedure.objects.filter(pk="1.000656").update(removed_on=date(2026, 1, 1))
    sections = lxml.etree.fromstring(client.get("/sitemap.xml").content)
    named = [urlsplit(it.text) for it in sections.iter("{*}loc")]
    found = lxml.etree.fromstring(client.get("/sitemap-procedures.xml").content)
    pages = {it.text for it in found.iter("{*}loc")}
    assert {it.path for it in named} == {"/sitemap-pages.xml", "/sitemap-procedures.xml"}
    assert f"{settings.BASE_URL}/procedures/1.001193/" in pages
    assert not any("1.000656" in it for it in pages)
    assert len(pages) == Procedure.objects.count() - 1
    days = [date.fromisoformat(it.text) for it in found.iter("{*}lastmod")]
    assert days
    assert len(days) < len(pages)


def test_a_long_sitemap_is_split(world, client, monkeypatch):
    monkeypatch.setattr(sitemaps.Procedures, "limit", 50)
    parts = lxml.etree.fromstring(client.get("/sitemap.xml").content)
    named = [it.text for it in parts.iter("{*}loc") if "procedures" in it.text]
    assert len(named) > 1
    assert client.get("/sitemap-procedures.xml?p=2").status_code == 200
    assert client.get("/sitemap-procedures.xml?p=99").status_code == 404


def test_every_page_of_the_sitemap_may_be_found(world, client, robots):
    found = lxml.etree.fromstring(client.get("/sitemap-pages.xml").content)
    paths = [urlsplit(it.text).path for it in found.iter("{*}loc")]
    assert "/essential-services/" in paths
    assert all(robots.can_fetch("*", path) for path in paths)
    assert f"{settings.BASE_URL}/sitemap.xml" in robots.site_maps()
