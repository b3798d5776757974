"""Help on every page: topics that the doors register, and which of them belongs to a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

HelpArea = Literal["portal", "desk"]


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """Help for some pages. `pages` are URL names ("dossiers:status") or rooms' prefixes of them ("warehouse:").

    `steps` are what to do, in order; `notes` what is good to know beside it.
    """

    slug: str
    area: HelpArea
    title: str | Promise
    steps: Sequence[str | Promise]
    pages: tuple[str, ...]
    notes: Sequence[str | Promise] = ()


_topics: dict[str, HelpTopic] = {}


def register_help(*topics: HelpTopic) -> None:
    """Adds topics; called from `apps.py`. A topic of the same name is replaced."""
    _topics.update({topic.slug: topic for topic in topics})


def find_topic(slug: str) -> HelpTopic | None:
    return _topics.get(slug)


def topics_of(area: HelpArea) -> list[HelpTopic]:
    return [topic for topic in _topics.values() if topic.area == area]


def topic_of_page(url_name: str) -> HelpTopic | None:
    """The topic of a page ("room:page"): the one that names it, else the one with the longest fitting prefix."""
    fitting = [
        (len(page), topic) for topic in _topics.values() for page in topic.pages if url_name.startswith(page)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None
