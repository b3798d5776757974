"""The picture of a process as SVG: written here, as by a template it is a third of a dossier page's time."""

from __future__ import annotations

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from motcua.casework.process.rules.course import State
from motcua.casework.process.rules.picture import Line, Picture, Shape

_GLYPHS = {"timer": "M0,-9V0L6,4", "message": "M-8,-5.5H8V5.5H-8ZL0,1.5 8,-5.5"}


def draw_svg(picture: Picture, label: str, description: str, style: str = "") -> SafeString:
    """`style`: a style sheet of our own, for a drawing that stands alone."""
    width, height = picture.width, picture.height
    styled = f"<style>{style}</style>" if style else ""
    lines = "".join(_line(it) for it in picture.lines)
    shapes = "".join(_shape(it) for it in picture.shapes)
    return mark_safe(  # noqa: S308  what comes from outside is escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" class="processdrawing" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="process-title process-desc">'
        f'<title id="process-title">{conditional_escape(label)}</title>'
        f'<desc id="process-desc">{conditional_escape(description)}</desc>{styled}\n{lines}{shapes}</svg>\n'
    )


def _line(line: Line) -> str:
    taken, back = " is-taken" if line.is_taken else "", " is-back" if line.is_back else ""
    return (
        f'<g class="processdrawing__line{taken}{back}"><path d="{line.path}"/>'
        f'<polygon points="{line.tip}"/></g>\n'
    )


def _shape(shape: Shape) -> str:
    is_box, corner = shape.form == "box", shape.corner
    dy = ' dy="0.36em"' if is_box else ""
    words = "".join(
        f'<text class="processdrawing__word" x="{it.x}" y="{it.y}"{dy}>{escape(it.text)}</text>'
        for it in shape.words
    )
    timer = (
        f'<g class="processdrawing__timer" transform="translate({corner[0]} {corner[1]})"><circle r="9"/>'
        '<path d="M0,-5V0L3.5,2.5"/></g>'
        if shape.has_timer
        else ""
    )
    badge = _badge(shape) if is_box and shape.state is not State.NEXT else ""
    return (
        f'<g class="processdrawing__node is-{shape.state} is-{shape.kind}">{_outline(shape)}\n'
        f"{words}{timer}{badge}</g>\n"
    )


def _outline(shape: Shape) -> str:
    box, (x, y) = shape.box, shape.middle
    if shape.form == "box":
        return f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6"/>'
    if shape.form == "diamond":
        return (
            f'<polygon points="{shape.diamond}"/>'
            f'<text class="processdrawing__sign" x="{x}" y="{y}" dy="0.36em">{escape(shape.sign)}</text>'
        )
    glyph = _GLYPHS.get(shape.kind)
    drawn = (
        f'<path class="processdrawing__glyph" transform="translate({x} {y})" d="{glyph}"/>' if glyph else ""
    )
    return f'<circle cx="{x}" cy="{y}" r="{shape.radius}"/>{drawn}'


def _badge(shape: Shape) -> str:
    """At the corner of a box: done, or here."""
    sign = (
        '<path d="M-4.5,0.5 -1.5,3.5 4.5,-3.5"/>'
        if shape.state is State.DONE
        else '<circle class="processdrawing__here" r="4.5"/>'
    )
    return (
        f'<g class="processdrawing__badge" transform="translate({shape.box.x} {shape.box.y})">'
        f'<circle r="10"/>{sign}</g>'
    )
