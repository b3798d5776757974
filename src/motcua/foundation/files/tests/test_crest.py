"""The crest is somebody's file: what is kept of it can run and load nothing."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from motcua.foundation.files.crest import clean_crest, clean_svg
from motcua.foundation.installation.errors import BadValue

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"{}>{}</svg>'


def drawing(inside: str = "", attributes: str = "") -> bytes:
    return SVG.format(attributes, inside).encode()


def test_keeps_shapes_and_paints():
    clean = clean_svg(drawing('<g id="a"><path d="M0 0L9 9" style="fill:#fff;stroke:url(#a)"/></g>')).decode()
    assert 'd="M0 0L9 9"' in clean and 'fill="#fff"' in clean and 'stroke="url(#a)"' in clean


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="https://evil.example/x.png"/>',
        '<use xlink:href="https://evil.example/x.svg#a"/>',
        "<foreignObject><p>x</p></foreignObject>",
        "<style>@import 'https://evil.example/x.css'</style>",
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<animate attributeName="d"/>',
        '<path fill="url(https://evil.example/x)"/>',
        '<path style="fill:url( //evil.example/x )"/>',
        '<path fill="&#x75;rl(//evil.example)"/>',
    ],
)
def test_refuses_what_could_run_or_load_something(inside):
    with pytest.raises(BadValue):
        clean_svg(drawing(inside))


def test_leaves_out_handlers_and_what_editors_add():
    clean = clean_svg(drawing('<metadata/><path d="M0 0" onclick="x()"/>', ' onload="x()"')).decode()
    assert "on" not in clean.replace("version", "") and "metadata" not in clean


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html></html>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing(),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        drawing("<g>" * 40 + "</g>" * 40),
        drawing("<g/>" * 3000),
        b"<svg " + b"x" * 200_000,
    ],
)
def test_refuses_what_is_no_drawing_of_reasonable_size(content):
    with pytest.raises(BadValue):
        clean_crest({"name": "c.svg", "content": base64.b64encode(content).decode()})


def test_a_picture_loses_what_was_written_beside_it():
    output = io.BytesIO()
    picture = Image.new("RGBA", (20, 20), "#8e1b16")
    picture.save(output, "PNG", pnginfo=None)
    content = output.getvalue()
    kept = clean_crest({"name": "c.png", "content": base64.b64encode(content).decode()})
    assert kept["media_type"] == "image/png"


def test_refuses_a_page_named_png():
    content = base64.b64encode(b"\x89PNG\r\n\x1a\n<script>").decode()
    with pytest.raises(BadValue):
        clean_crest({"name": "c.png", "content": content})
