"""What search engines are told of the portal."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import lxml.html
import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def robots(client):
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").content.decode().splitlines())
    return parser


@pytest.mark.parametrize(
    "path", ["/", "/search/?q=khai+sinh", "/procedures/1.001193/", "/verify/", "/sign-in/"]
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
    "path", ["/", "/figures/", "/places/", "/procedures/1.001193/", "/life-events/birth/"]
)
def test_a_public_page_describes_itself(world, client, path):
    page = lxml.html.fromstring(client.get(path).content)
    (description,) = page.xpath("//head/meta[@name='description']/@content")
    assert len(description) > 30
