"""How pages look and name themselves here, for the layouts of `ui`."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from motcua.foundation.installation.rules.colours import theme_css
from motcua.foundation.installation.selectors import get, is_chosen
from motcua.foundation.ui.contributions import Appearance


def appearance() -> Appearance:
    """For one request; asks no database of its own."""
    css, (crest, _media_type) = chosen_css(), chosen_crest()
    return Appearance(
        name=get("site.name"),
        place_name=get("site.place_name"),
        hotline=get("site.hotline"),
        languages=offered_languages(),
        theme_url=reverse("installation:theme", args=[mark(css.encode())]) if css else "",
        crest_url=reverse("installation:crest", args=[mark(crest)]) if crest else "",
    )


def offered_languages() -> tuple[str, ...]:
    """Codes, the default's among them, in the order of Django's settings."""
    offered = {*get("languages.offered"), get("languages.default")}
    return tuple(code for code, _name in settings.LANGUAGES if code in offered)


def chosen_css() -> str:
    """The style sheet of the chosen colours; "" while none is chosen: the built one has the usual ones."""
    if not (is_chosen("theme.main") or is_chosen("theme.second")):
        return ""
    return css_of(get("theme.main"), get("theme.second"))


@lru_cache(maxsize=32)
def css_of(main: str, second: str) -> str:
    return theme_css({"accent": main, "son": second})


def chosen_crest() -> tuple[bytes, str]:
    """Content and media type; empty while none is chosen."""
    kept: Any = get("theme.crest")
    return (base64.b64decode(kept["content"]), kept["media_type"]) if kept else (b"", "")


def mark(content: bytes) -> str:
    """In an address: other content, other address, so browsers keep it for a year."""
    return hashlib.sha256(content).hexdigest()[:16]
