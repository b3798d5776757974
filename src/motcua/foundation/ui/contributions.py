"""Where higher rooms put their entries into the menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

MenuArea = Literal["portal", "desk", "footer", "account"]


def always(request: HttpRequest) -> bool:
    return True


def _no_count(request: HttpRequest) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link in a menu, as a room registers it.

    `order` sorts within the area; `group` is the heading of the desk's rail. `shows` hides the entry from who
    may not use it; `count` is the figure beside it (None: no figure). `query` is appended after "?". An entry of the
    portal with an `icon` stands apart in the masthead, on phones too.
    """

    area: MenuArea
    label: str | Promise
    url_name: str
    order: int
    group: str | Promise = ""
    shows: Callable[[HttpRequest], bool] = always
    count: Callable[[HttpRequest], int | None] = _no_count
    query: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu entry for one request: `current` marks the page one is on."""

    label: str | Promise
    url: str
    group: str
    count: int | None
    current: bool
    icon: str = ""


_entries: list[MenuEntry] = []


def register_menu(entry: MenuEntry) -> None:
    """Adds an entry; called from `apps.py`. The same entry twice counts once."""
    if entry not in _entries:
        _entries.append(entry)


def links_for(request: HttpRequest, area: MenuArea) -> list[tuple[str, str, str]]:
    """(label, address, group) of the entries this request may see, nothing counted."""
    shown = [entry for entry in _entries if entry.area == area and entry.shows(request)]
    return [(str(entry.label), _address(entry), str(entry.group)) for entry in shown]


def menu_for(request: HttpRequest, area: MenuArea) -> tuple[MenuItem, ...]:
    """The entries this request may see, in their order. Counts are computed here, so call it once a page."""
    chosen = [entry for entry in _entries if entry.area == area and entry.shows(request)]
    return tuple(_item(request, entry) for entry in sorted(chosen, key=lambda entry: entry.order))


def _address(entry: MenuEntry) -> str:
    path = reverse(entry.url_name)
    return f"{path}?{entry.query}" if entry.query else path


def _item(request: HttpRequest, entry: MenuEntry) -> MenuItem:
    path = reverse(entry.url_name)
    query = request.META.get("QUERY_STRING", "")
    if entry.query or entry.area == "desk":
        current = request.path == path and query == entry.query
    else:
        current = request.path == path or (path != "/" and request.path.startswith(path))
    return MenuItem(entry.label, _address(entry), str(entry.group), entry.count(request), current, entry.icon)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How this installation names itself and looks. languages: codes. Addresses are empty for what is built in."""

    name: str
    place_name: str
    hotline: str
    languages: tuple[str, ...]
    theme_url: str = ""
    crest_url: str = ""


_appearance: list[Callable[[], Appearance]] = []


def set_appearance(appearance: Callable[[], Appearance]) -> None:
    """Where the layouts learn it from; a room above knows."""
    _appearance[:] = [appearance]


def appearance() -> Appearance:
    """Of this moment."""
    return _appearance[0]()
