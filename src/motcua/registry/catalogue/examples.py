"""What papers look like that people hand in: words and a made-up picture, from the pack."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.urls import reverse
from PIL import Image

from motcua.foundation.files.official import render_picture
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.catalogue.rules.texts import in_language

# A hand's width on a phone; with 16 colours a picture takes 10 to 15 KB.
PIXELS_PER_INCH = 84
_COLOURS = 16


@lru_cache(maxsize=1)
def _papers() -> Mapping[str, Any]:
    path = settings.PACKS / "vn" / "papers" / "examples.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def example_of(procedure: str, component: str, language: str) -> dict[str, str] | None:
    """For components/paper_example: the procedure's own for this component, else that of all. No query."""
    papers = _papers()["papers"]
    key = next((it for it in (f"{procedure}/{component}", component) if it in papers), None)
    if key is None:
        return None
    texts = {
        "where": papers[key]["where"],
        "watch": papers[key]["watch"],
        "photograph": _papers()["photograph"],
    }
    return {
        "title": papers[key]["title"],
        "picture": reverse("catalogue:paper-example", args=[key]),
        **{name: in_language(text, language) for name, text in texts.items()},
    }


@lru_cache(maxsize=64)
def example_picture(key: str) -> bytes:
    """PNG of at most 30 KB. Raises NotFound, CannotRender."""
    found = _papers()["papers"].get(key)
    if not found:
        raise NotFound
    data = {name: found[name] for name in ("title", "issuer", "lines", "sign")}
    template = settings.PACKS / "vn" / "papers" / "specimen.typ"
    picture = Image.open(io.BytesIO(render_picture(template, data, pixels_per_inch=PIXELS_PER_INCH)))
    small = io.BytesIO()
    picture.convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()
