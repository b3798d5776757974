"""Where higher rooms put their entries into the menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from django.http import HttpRequest
from django.utils.functional import Promise

from motcua.foundation.ui.addresses import path_of

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
    portal with an `icon` stands apart in the masthead, on phones too. `below`: paths whose pages belong to the entry,
    None: all below its own.
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
    below: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu entry for one request: `current` marks the page one is on, or, with `is_above`, one above it."""

    label: str | Promise
    url: str
    group: str
    count: int | None
    current: bool
    icon: str = ""
    is_above: bool = False


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
    chosen.sort(key=attrgetter("order"))
    reaches = [_reach(request, entry) for entry in chosen]
    longest = max(reaches, default=0)
    return tuple(
        _item(request, entry, 0 < reach == longest) for entry, reach in zip(chosen, reaches, strict=True)
    )


def _address(entry: MenuEntry) -> str:
    path = path_of(entry.url_name)
    return f"{path}?{entry.query}" if entry.query else path


def _reach(request: HttpRequest, entry: MenuEntry) -> int:
    """How many characters of the page's address the entry stands for; 0: the page is another's."""
    path = path_of(entry.url_name)
    if entry.query:
        fits = request.path == path and request.META.get("QUERY_STRING", "") == entry.query
        return len(path) + len(entry.query) if fits else 0
    below = entry.below if entry.below is not None else (path,) if path != "/" else ()
    fitting = [len(prefix) for prefix in below if request.path.startswith(prefix)]
    return max(fitting, default=len(path) if request.path == path else 0)


def _item(request: HttpRequest, entry: MenuEntry, current: bool) -> MenuItem:
    is_above = current and request.path != path_of(entry.url_name)
    count = entry.count(request)
    return MenuItem(entry.label, _address(entry), str(entry.group), count, current, entry.icon, is_above)


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
