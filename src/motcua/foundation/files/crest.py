"""The crest of an installation: an uploaded PNG or SVG, made safe. A setting, so no stored file."""

from __future__ import annotations

import base64
import binascii
import re
import tempfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _

from motcua.foundation.files.content import identify
from motcua.foundation.files.errors import FileRefused
from motcua.foundation.installation.contributions import Declaration
from motcua.foundation.installation.errors import BadValue

MAX_BYTES = 100 * 1024
_SVG = "http://www.w3.org/2000/svg"
_MOST_ELEMENTS, _DEEPEST = 2_000, 30
_SHAPES = {
    "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
    "linearGradient", "radialGradient", "stop", "clipPath",
}  # fmt: skip
# What editors add and no picture needs.
_DROPPED = {"metadata", "namedview", "sodipodi:namedview"}
_PAINT = {
    "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity", "stop-color",
    "stop-opacity", "clip-path", "clip-rule", "display",
}  # fmt: skip
_FORM = {
    "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points",
    "transform", "viewBox", "preserveAspectRatio", "offset", "gradientUnits", "gradientTransform", "spreadMethod",
    "clipPathUnits", "version",
}  # fmt: skip
_SAFE_VALUE = re.compile(r"[-A-Za-z0-9 .,#%()+\n\t\r]*")
_OUTWARD = re.compile(r"url\(\s*(?!#[A-Za-z0-9_.-]+\s*\))", re.IGNORECASE)


def declaration() -> Declaration:
    return Declaration(
        "theme.crest",
        "file",
        _("Crest"),
        _("A drawing (SVG) or picture (PNG) of at most 100 KB, about as wide as high."),
        None,
        clean_crest,
        accept=".svg,.png,image/svg+xml,image/png",
    )


def clean_crest(value: Any) -> dict[str, str]:
    """{name, content (base64), media_type} of a picture that can be shown. Raises BadValue.

    value: {name, content}. A drawing is written anew from what is known to be harmless; a picture is opened in a
    process that can do nothing else, and loses its metadata.
    """
    try:
        content = base64.b64decode(value["content"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise BadValue(_("Choose a drawing (SVG) or a picture (PNG).")) from error
    if not 0 < len(content) <= MAX_BYTES:
        raise BadValue(_("Choose a file of at most 100 KB."))
    is_png = content.startswith(b"\x89PNG")
    clean = _clean_png(content) if is_png else clean_svg(content)
    media_type = "image/png" if is_png else "image/svg+xml"
    return {
        "name": f"crest.{'png' if is_png else 'svg'}",
        "content": base64.b64encode(clean).decode(),
        "media_type": media_type,
    }


def _clean_png(content: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crest.png"
        path.write_bytes(content)
        try:
            _kind, cleaned = identify(path, allowed=frozenset({"png"}), max_bytes={"png": MAX_BYTES})
        except FileRefused as error:
            raise BadValue(str(error)) from error
    return content if cleaned is None else cleaned


def clean_svg(content: bytes) -> bytes:
    """The drawing with the shapes and paints of a fixed list alone. Raises BadValue for what could run or load.

    Source: SVG 2, chapters 5, 9, 13 and 14.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadValue(_("Choose a drawing (SVG) or a picture (PNG).")) from error
    if root.tag != f"{{{_SVG}}}svg":
        raise BadValue(_("Choose a drawing (SVG) or a picture (PNG)."))
    made = Element("svg", {"xmlns": _SVG, **_attributes(root)})
    if "viewBox" not in made.attrib:
        raise BadValue(_("The drawing says nothing of its size: export it with a viewBox."))
    left = [_MOST_ELEMENTS]
    _copy(root, made, depth=1, left=left)
    return tostring(made, encoding="utf-8")


def _copy(source: Element, target: Element, *, depth: int, left: list[int]) -> None:
    for child in source:
        namespace, _brace, name = str(child.tag)[1:].partition("}")
        if namespace != _SVG or name in _DROPPED:
            continue
        left[0] -= 1
        if name not in _SHAPES:
            raise BadValue(
                _("The drawing holds “%(name)s”, which is not taken: export it as a plain SVG of shapes.")
                % {"name": name[:40]}
            )
        if depth > _DEEPEST or left[0] < 0:
            raise BadValue(_("The drawing has too many parts."))
        _copy(child, SubElement(target, name, _attributes(child)), depth=depth + 1, left=left)


def _attributes(element: Element) -> dict[str, str]:
    given = {name: value for name, value in element.attrib.items() if name in _PAINT | _FORM}
    for declared in element.get("style", "").split(";"):
        name, _colon, value = declared.partition(":")
        if name.strip() in _PAINT:
            given[name.strip()] = value.strip()
    for value in given.values():
        if not _SAFE_VALUE.fullmatch(value.replace("_", "")) or _OUTWARD.search(value):
            raise BadValue(
                _("The drawing refers to something outside it: export it as a plain SVG of shapes.")
            )
    return given
