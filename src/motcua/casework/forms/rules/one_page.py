"""A form on one page, for who knows it by heart: an officer at a counter. Pure."""

from __future__ import annotations

from dataclasses import replace

from .definition import FormDefinition, Group, Page

NAME = "counter"


def on_one_page(definition: FormDefinition) -> FormDefinition:
    """The same questions, conditions and checks, as one page of the same order; each former page is headed by its short
    title."""
    first = definition.pages[0]
    groups = tuple(it for page in definition.pages for it in _headed(page))
    previews = [page.preview for page in definition.pages if page.preview]
    page = Page(NAME, first.part, first.title, first.short, groups, preview=next(iter(previews), None))
    return replace(definition, pages=(page,))


def _headed(page: Page) -> tuple[Group, ...]:
    head, *others = page.groups
    return (replace(head, title=head.title or page.short), *others)
