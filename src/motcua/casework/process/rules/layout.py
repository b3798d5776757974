"""Where the parts of a process stand in a picture: layers from left to right, ways back below. Pure.

The method of Sugiyama, Tagawa and Toda (1981), simplified: layers by the longest way, order by the mean of the
neighbours, flows in right angles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

GAP_X, GAP_Y = 56, 36  # between layers, between rows
LANE = 18  # between two ways back
MARGIN = 16
_SWEEPS = 4
_STRAIGHT = 1.0  # less than this and a line need not turn

Point = tuple[float, float]
Span = tuple[float, float]  # left and right of a layer


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Box:
    """Upper left corner and size, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """`boxes`: part -> box. `lines`: edge -> its corners, two at least. `order`: parts, layer by layer."""

    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[Point, ...]]
    order: tuple[str, ...]
    width: float
    height: float


@dataclass(slots=True)
class _Layers:
    """Layers with stand-ins where an edge passes through; `chains`: edge -> what it passes, ends included."""

    rows: list[list[str]]
    chains: dict[str, list[str]]
    back: list[Edge]
    row_of: dict[str, float] = field(default_factory=dict)


def lay_out(sizes: Mapping[str, tuple[float, float]], edges: Sequence[Edge], start: str) -> Drawing:
    """Place parts of the given sizes (width, height) and route the edges between them.

    Every part must be reachable from `start`. Deterministic.
    """
    layers = _in_layers(list(sizes), edges, start)
    _order(layers)
    _assign_rows(layers)
    return _draw(layers, sizes, edges)


def _in_layers(parts: list[str], edges: Sequence[Edge], start: str) -> _Layers:
    forward, back = _without_circles(parts, edges, start)
    depth = dict.fromkeys(parts, 0)
    for part in _topological(parts, forward):
        for edge in forward:
            if edge.source == part:
                depth[edge.target] = max(depth[edge.target], depth[part] + 1)
    rows: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for part in parts:
        rows[depth[part]].append(part)
    chains: dict[str, list[str]] = {}
    for edge in forward:
        stands = [f"{edge.id}#{layer}" for layer in range(depth[edge.source] + 1, depth[edge.target])]
        for layer, stand in enumerate(stands, start=depth[edge.source] + 1):
            rows[layer].append(stand)
        chains[edge.id] = [edge.source, *stands, edge.target]
    return _Layers(rows, chains, back)


def _without_circles(parts: list[str], edges: Sequence[Edge], start: str) -> tuple[list[Edge], list[Edge]]:
    """Edges that lead on, and those that lead back to where one has been on the way (depth first)."""
    out: dict[str, list[Edge]] = {}
    for edge in edges:
        out.setdefault(edge.source, []).append(edge)
    open_, back = {start}, list[Edge]()
    done = set[str]()
    stack = [(start, iter(out.get(start, ())))]
    while stack:
        part, ways = stack[-1]
        if (edge := next(ways, None)) is None:
            stack.pop()
            open_.discard(part)
            done.add(part)
        elif edge.target in open_:
            back.append(edge)
        elif edge.target not in done:
            open_.add(edge.target)
            stack.append((edge.target, iter(out.get(edge.target, ()))))
    return [edge for edge in edges if edge not in back], back


def _topological(parts: list[str], forward: Sequence[Edge]) -> list[str]:
    missing = dict.fromkeys(parts, 0)
    for edge in forward:
        missing[edge.target] += 1
    ready = [part for part in parts if not missing[part]]
    for part in ready:
        for edge in forward:
            if edge.source == part:
                missing[edge.target] -= 1
                if not missing[edge.target]:
                    ready.append(edge.target)
    return ready


def _neighbours(layers: _Layers) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for chain in layers.chains.values():
        for one, other in pairwise(chain):
            after.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
    return before, after


def _order(layers: _Layers) -> None:
    """Fewer crossings: each layer in the order of the mean place of its neighbours, to and fro."""
    before, after = _neighbours(layers)
    for sweep in range(_SWEEPS):
        near = before if sweep % 2 == 0 else after
        rows = layers.rows if sweep % 2 == 0 else layers.rows[::-1]
        place = {part: at for row in layers.rows for at, part in enumerate(row)}
        for row in rows:
            wanted = {part: _mean([place[it] for it in near.get(part, [])], place[part]) for part in row}
            row.sort(key=lambda part, wanted=wanted: wanted[part])  # type: ignore[misc]
            place |= {part: at for at, part in enumerate(row)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _assign_rows(layers: _Layers) -> None:
    """A row for every part, so that lines run straight where they can; 1 is the least distance."""
    before, after = _neighbours(layers)
    rows = layers.row_of
    rows |= {part: float(at) for row in layers.rows for at, part in enumerate(row)}
    for near, passing in ((before, layers.rows), (after, layers.rows[::-1]), (before, layers.rows)):
        for row in passing:
            wanted = [_mean([rows[it] for it in near.get(part, [])], rows[part]) for part in row]
            rows |= dict(zip(row, _apart(wanted), strict=True))
    least = min(rows.values())
    for part in rows:
        rows[part] -= least


def _apart(wanted: Sequence[float]) -> list[float]:
    """The places nearest to those wanted, on the mean, that keep the order and a distance of 1."""
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, placed[-1] + 1) if placed else place)
    shift = sum(placed) / len(placed) - sum(wanted) / len(wanted)
    return [place - shift for place in placed]


def _draw(layers: _Layers, sizes: Mapping[str, tuple[float, float]], edges: Sequence[Edge]) -> Drawing:
    pitch = max(height for _, height in sizes.values()) + GAP_Y
    boxes: dict[str, Box] = {}
    spans: dict[str, Span] = {}
    x = float(MARGIN)
    for row in layers.rows:
        widest = max(sizes[part][0] for part in row if part in sizes)
        for part in row:
            width, height = sizes.get(part, (widest, 0))
            middle = MARGIN + layers.row_of[part] * pitch + (pitch - GAP_Y) / 2
            boxes[part] = Box(
                round(x + (widest - width) / 2, 1), round(middle - height / 2, 1), width, height
            )
            spans[part] = (x, x + widest)
        x += widest + GAP_X
    floor = max(box.y + box.height for box in boxes.values())
    lines = {
        edge.id: _forward([(boxes[it], spans[it]) for it in layers.chains[edge.id]])
        for edge in edges
        if edge.id in layers.chains
    }
    for at, edge in enumerate(layers.back, start=1):
        ends = [(boxes[part], spans[part]) for part in (edge.source, edge.target)]
        lines[edge.id] = _backward(ends[0], ends[1], floor + LANE * at)
    return Drawing(
        boxes={part: boxes[part] for part in sizes},
        lines=lines,
        order=tuple(part for row in layers.rows for part in row if part in sizes),
        width=x - GAP_X + MARGIN,
        height=floor + LANE * len(layers.back) + MARGIN,
    )


def _forward(chain: Sequence[tuple[Box, Span]]) -> tuple[Point, ...]:
    """Right angles in the gap before each next layer."""
    first, last = chain[0][0], chain[-1][0]
    points: list[Point] = [(first.x + first.width, first.middle)]
    for box, (left, _right) in chain[1:]:
        y = points[-1][1]
        if abs(box.middle - y) > _STRAIGHT:
            points += [(left - GAP_X / 2, y), (left - GAP_X / 2, box.middle)]
        points.append((box.x, points[-1][1]))
        if box is not last:
            points.append((box.x + box.width, points[-1][1]))
    return tuple(points)


def _backward(source: tuple[Box, Span], target: tuple[Box, Span], lane: float) -> tuple[Point, ...]:
    """Out into the gap, back below everything, and up the gap before the target."""
    (box, (_, right)), (goal, (left, _)) = source, target
    down, up = right + GAP_X / 4, left - GAP_X / 4
    return (
        (box.x + box.width, box.middle),
        (down, box.middle),
        (down, lane),
        (up, lane),
        (up, goal.middle),
        (goal.x, goal.middle),
    )
