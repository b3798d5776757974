"""The picture of a process as shapes and lines, ready to be written as SVG. Lengths in CSS pixels. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from motcua.casework.process.rules.course import (
    START,
    Course,
    Stand,
    State,
    drawn_edges,
    drawn_nodes,
    list_stages,
    list_stands,
    node_states,
    taken_ways,
)
from motcua.casework.process.rules.layout import Box, Drawing, Edge, Point, lay_out
from motcua.casework.process.rules.model import GATEWAYS, Kind, Node, Texts

_TASK = (152.0, 66.0)
_GATEWAY = (40.0, 40.0)
_EVENT = (34.0, 34.0)
_LETTERS, _LINES, _LINE = 19, 3, 17.0  # of a title in a box
_CORNER = 7.0
_EVENTS = frozenset({Kind.TIMER, Kind.MESSAGE, Kind.END})
_SIGNS = {Kind.EXCLUSIVE: "×", Kind.PARALLEL: "+", Kind.INCLUSIVE: "○"}


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text, its middle at x."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """`form`: box, diamond or circle. `words`: the title in lines; of a diamond or circle it stands below.

    `has_timer`: one stands on its edge.
    """

    code: str
    form: str
    kind: str
    state: State
    box: Box
    words: tuple[Word, ...] = ()
    sign: str = ""
    has_timer: bool = False

    @property
    def middle(self) -> Point:
        return (self.box.x + self.box.width / 2, self.box.middle)

    @property
    def corner(self) -> Point:
        """Lower right."""
        return (self.box.x + self.box.width, self.box.y + self.box.height)

    @property
    def radius(self) -> float:
        return self.box.width / 2

    @property
    def diamond(self) -> str:
        """Corners for `points`."""
        x, y = self.middle
        half = self.box.width / 2
        return f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"


@dataclass(frozen=True, slots=True)
class Line:
    """`path` for `d`; `tip`: corners of the arrow's head."""

    path: str
    tip: str
    is_taken: bool
    is_back: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`stands`: the list beside it, the same facts in words."""

    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    stands: tuple[Stand, ...]
    width: float
    height: float


def draw_course(course: Course, language: str) -> Picture:
    """The officer's picture: every node and flow, what happened and where it stands."""
    nodes, found, drawing = drawn_nodes(course.definition), node_states(course), _lay_out(course)
    started = State.DONE if course.visits else State.NEXT
    shapes = [Shape(START, "circle", "start", started, drawing.boxes[START])]
    shapes += [_shape(node, found[code], drawing.boxes[code], language) for code, node in nodes.items()]
    taken = {_edge(*pair).id for pair in taken_ways(course, found)}
    return _picture(drawing, shapes, taken, list_stands(course, drawing.order))


def draw_stages(course: Course, language: str) -> Picture:
    """The applicant's picture: one row of stages. Empty when nothing was done in an ended process."""
    stages = {str(number): it for number, it in enumerate(list_stages(course, _lay_out(course).order))}
    if not stages:
        return Picture((), (), (), 0, 0)
    edges = [_edge(one, other) for one, other in pairwise(stages)]
    drawing = lay_out(dict.fromkeys(stages, _TASK), edges, "0")
    shapes = [
        Shape(
            name,
            "box",
            "stage",
            it.state,
            drawing.boxes[name],
            _inside(drawing.boxes[name], it.names, language),
        )
        for name, it in stages.items()
    ]
    taken = {it.id for it in edges if stages[it.target].state is not State.NEXT}
    return _picture(drawing, shapes, taken, list(stages.values()))


def _edge(one: str, other: str) -> Edge:
    return Edge(f"{one} {other}", one, other)


def _lay_out(course: Course) -> Drawing:
    nodes = drawn_nodes(course.definition)
    sizes = {START: _EVENT} | {code: _size(node) for code, node in nodes.items()}
    return lay_out(sizes, drawn_edges(course.definition), START)


def _size(node: Node) -> tuple[float, float]:
    if node.kind in GATEWAYS:
        return _GATEWAY
    return _EVENT if node.kind in _EVENTS else _TASK


def _shape(node: Node, state: State, box: Box, language: str) -> Shape:
    if node.kind in GATEWAYS:
        below = _below(box, node.names, language)
        return Shape(node.code, "diamond", str(node.kind), state, box, below, _SIGNS[node.kind])
    if node.kind in _EVENTS:
        return Shape(node.code, "circle", str(node.kind), state, box, _below(box, node.names, language))
    words = _inside(box, node.names, language)
    return Shape(node.code, "box", str(node.kind), state, box, words, has_timer=bool(node.timers))


def _title(names: Texts, language: str) -> str:
    return names.get(language) or next(iter(names.values()), "")


def _inside(box: Box, names: Texts, language: str) -> tuple[Word, ...]:
    lines = wrap(_title(names, language), _LETTERS, max_lines=_LINES, placeholder=" …")
    top = box.middle - (len(lines) - 1) * _LINE / 2
    return tuple(Word(box.x + box.width / 2, top + at * _LINE, line) for at, line in enumerate(lines))


def _below(box: Box, names: Texts, language: str) -> tuple[Word, ...]:
    lines = wrap(_title(names, language), _LETTERS - 3, max_lines=2, placeholder=" …")
    return tuple(
        Word(box.x + box.width / 2, box.y + box.height + (at + 1) * 14, line) for at, line in enumerate(lines)
    )


def _picture(drawing: Drawing, shapes: Sequence[Shape], taken: set[str], stands: Sequence[Stand]) -> Picture:
    lines = [_line(points, name in taken) for name, points in drawing.lines.items()]
    lines.sort(key=lambda line: line.is_taken)  # what was taken is drawn over what was not
    return Picture(tuple(shapes), tuple(lines), tuple(stands), drawing.width, drawing.height)


def _line(points: Sequence[Point], is_taken: bool) -> Line:
    x, y = points[-1]
    return Line(
        path=_rounded(points),
        tip=f"{x:g},{y:g} {x - 8:g},{y - 4.5:g} {x - 8:g},{y + 4.5:g}",
        is_taken=is_taken,
        is_back=points[0][0] > x,
    )


def _rounded(points: Sequence[Point]) -> str:
    """A path with round corners."""
    words = [f"M{points[0][0]:g},{points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        words.append(f"L{near[0]:g},{near[1]:g}Q{corner[0]:g},{corner[1]:g} {far[0]:g},{far[1]:g}")
    return "".join([*words, f"L{points[-1][0]:g},{points[-1][1]:g}"])


def _towards(corner: Point, other: Point) -> Point:
    """A little way from the corner to the next one; lines run level or upright."""
    reach = min(_CORNER, (abs(other[0] - corner[0]) + abs(other[1] - corner[1])) / 2)

    def step(one: float, to: float) -> float:
        return one + (reach if to > one else -reach) * (to != one)

    return round(step(corner[0], other[0]), 1), round(step(corner[1], other[1]), 1)
