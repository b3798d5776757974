"""What every layout needs to know. Nothing is computed until a template asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, get_language_info

from motcua.foundation.ui.contributions import Appearance, MenuItem, appearance, menu_for
from motcua.foundation.ui.helping import topic_of_page

SCHEME_COOKIE = "motcua_scheme"
SCHEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    current: bool


class Shell:
    """The frame around a page, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @cached_property
    def look(self) -> Appearance:
        return appearance()

    @property
    def name(self) -> str:
        return self.look.name

    @property
    def place_name(self) -> str:
        return self.look.place_name

    @property
    def place_in_text(self) -> str:
        """The place as it stands within a sentence: what kind it is begins small ("tỉnh Phú Thọ")."""
        return (
            self.place_name[:1].lower() + self.place_name[1:] if self._begins_with_kind else self.place_name
        )

    @property
    def _begins_with_kind(self) -> bool:
        return self.place_name.startswith(("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Đặc khu "))

    @property
    def hotline(self) -> str:
        return self.look.hotline

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        active = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
        return tuple(
            Language(code, own_name[:1].upper() + own_name[1:], code == active)
            for code, own_name in (
                (code, get_language_info(code)["name_local"]) for code in self.look.languages
            )
        )

    @cached_property
    def portal_menu(self) -> tuple[MenuItem, ...]:
        return menu_for(self._request, "portal")

    @cached_property
    def _desk(self) -> tuple[MenuItem, ...]:
        return menu_for(self._request, "desk")

    @property
    def desk_menu(self) -> tuple[MenuItem, ...]:
        """The rail's entries, a group's together; those with an icon stand in the masthead (`desk_bells`)."""
        items = [item for item in self._desk if not item.icon]
        groups = list(dict.fromkeys(str(item.group) for item in items))
        return tuple(sorted(items, key=lambda item: groups.index(str(item.group))))

    @property
    def desk_bells(self) -> tuple[MenuItem, ...]:
        return tuple(item for item in self._desk if item.icon)

    @cached_property
    def account_menu(self) -> tuple[MenuItem, ...]:
        return menu_for(self._request, "account")

    @cached_property
    def footer_menu(self) -> tuple[MenuItem, ...]:
        return menu_for(self._request, "footer")

    @property
    def acting_for(self) -> str:
        """In whose name one acts; empty for one's own."""
        return str(getattr(self._request, "acting_for", ""))

    @property
    def acting_url(self) -> str:
        """Where one chooses in whose name to act; by POST without a choice, in one's own."""
        return _url(getattr(settings, "ACTING_URL", ""))

    @property
    def sign_in_url(self) -> str:
        return _url(settings.LOGIN_URL)

    @property
    def sign_out_url(self) -> str:
        return _url(getattr(settings, "LOGOUT_URL", ""))

    @property
    def desk_search_url(self) -> str:
        return _url(getattr(settings, "DESK_SEARCH_URL", ""))

    @property
    def search_url(self) -> str:
        return _url(settings.SEARCH_URL)

    @property
    def help_url(self) -> str:
        """Help for this very page; all topics where a page has none of its own."""
        match = self._request.resolver_match
        topic = topic_of_page(match.view_name) if match else None
        return reverse("ui:help-topic", args=[topic.slug]) if topic else reverse("ui:help")

    @property
    def here(self) -> str:
        """Where a choice of language leads back to: this page; where it answers something that was sent, the page that
        was sent from, as many such addresses show nothing by themselves."""
        if self._request.method in {"GET", "HEAD"}:
            return self._request.get_full_path()
        origin = urlsplit(self._request.headers.get("referer", ""))
        return origin.path if origin.netloc == self._request.get_host() else "/"

    @property
    def scheme(self) -> str:
        """How bright the desk is: "light", "dark", or "auto", as the system says."""
        chosen = self._request.COOKIES.get(SCHEME_COOKIE, "")
        return chosen if chosen in SCHEMES else "auto"

    @property
    def display_name(self) -> str:
        return str(getattr(self._request, "display_name", ""))

    @cached_property
    def account(self) -> str:
        """By what a browser tells accounts apart, without knowing whose they are; "" for who is not signed in."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        return salted_hmac("motcua.ui.account", str(user.pk)).hexdigest()[:12]

    @property
    def unit_name(self) -> str:
        return str(getattr(self._request, "unit_name", ""))

    @property
    def is_officer(self) -> bool:
        actor = getattr(self._request, "actor", None)
        return actor is not None and bool(actor.is_officer)

    @property
    def layout(self) -> str:
        """The frame of a page that may come up at either door."""
        return f"layouts/{'desk' if self.is_officer else 'portal'}.html"

    @cached_property
    def now(self) -> datetime:
        return timezone.localtime()


def _url(name: str) -> str:
    """The address of a named page or path; "" where there is none, so that the link is left out."""
    try:
        return resolve_url(name) if name else ""
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` for the layouts."""
    return {"shell": Shell(request)}
