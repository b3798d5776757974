"""Draws docs/images/map.svg from the import contracts in pyproject.toml, so that the map cannot lie.

Usage: python tools/map.py [--check]. With --check nothing is written; ends with 1 when the committed map differs.
A floor stands above those it may import; within a floor a room may import those to its right. Dashed: named in a
contract and not built yet.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAP = ROOT / "docs" / "images" / "map.svg"
WIDTH, EDGE, LABEL = 980, 16, 124
ROOM_WIDTH, ROOM_HEIGHT, STEP, GAP = 118, 32, 22, 8
# An opaque sheet of its own: readable on light and on dark pages.
STYLE = """\
text { font: 14px system-ui, sans-serif; fill: #211c17; dominant-baseline: central; }
.sheet { fill: #fbf8f1; stroke: #cfc5b3; }
.floor { fill: #f0e9dc; stroke: #cfc5b3; }
.room { fill: #fffefb; stroke: #0d5c4b; stroke-width: 1.5; }
.planned { fill: none; stroke: #8a7f6d; stroke-dasharray: 5 4; }
.name { font-weight: 600; }
.faint { fill: #655b4c; }
.room-name { text-anchor: middle; }
.step { stroke: #655b4c; stroke-width: 1.5; fill: none; }
"""


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """`columns`: rooms that may import all columns to their right; rooms of one column are independent."""

    name: str
    exists: bool
    columns: list[list[Room]] = field(default_factory=list)


def names_of(layer: str) -> list[str]:
    """ "(motcua.national) | (motcua.office)" -> ["national", "office"]"""
    return [part.strip().strip("()").removeprefix("motcua.") for part in layer.split("|")]


def read_floors(contracts: Sequence[dict], source: Path) -> list[list[Floor]]:
    """Layers of floors, highest first. Rooms come from the contract whose container is the floor."""
    rooms = {
        contract["containers"][0]: contract["layers"] for contract in contracts if "containers" in contract
    }
    floors = next(contract for contract in contracts if contract["id"] == "floors")
    return [
        [read_floor(name, rooms.get(f"motcua.{name}", []), source) for name in names_of(layer)]
        for layer in floors["layers"]
    ]


def read_floor(name: str, layers: Sequence[str], source: Path) -> Floor:
    folder = source / "motcua" / name
    columns = [
        [Room(room, (folder / room / "__init__.py").exists()) for room in names_of(layer)] for layer in layers
    ]
    return Floor(name, (folder / "__init__.py").exists(), columns)


def draw(layers: Sequence[Sequence[Floor]]) -> str:
    body: list[str] = []
    top = EDGE
    for floors in layers:
        height = max(map(height_of, floors))
        width = (WIDTH - 2 * EDGE - GAP * (len(floors) - 1)) / len(floors)
        for position, floor in enumerate(floors):
            body += draw_floor(floor, EDGE + position * (width + GAP), top, width, height)
        top += height + GAP
    legend = top + 16
    body += [
        f'<text class="faint" x="{EDGE + 2}" y="{legend}">A floor imports only from floors below it; a room only from '
        "rooms to its right. Dashed: planned, not built yet.</text>",
    ]
    height = legend + 24
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="map-title map-words">',
        '<title id="map-title">The floors and rooms of motcua</title>',
        f'<desc id="map-words">{escape(" ".join(in_words(layers)))}</desc>',
        f"<style>\n{STYLE}</style>",
        f'<rect class="sheet" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>',
    ]
    return "\n".join([*head, *body, "</svg>", ""])


def height_of(floor: Floor) -> int:
    rows = max((len(column) for column in floor.columns), default=1)
    return 2 * 10 + rows * ROOM_HEIGHT + (rows - 1) * GAP


def draw_floor(floor: Floor, left: float, top: float, width: float, height: float) -> Iterator[str]:
    middle = top + height / 2
    kind = "floor" if floor.exists else "planned"
    yield f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="8"/>'
    faint = "" if floor.exists else " faint"
    yield f'<text class="name{faint}" x="{left + 14:g}" y="{middle:g}">{floor.name}</text>'
    x = left + LABEL
    for number, column in enumerate(floor.columns):
        if number:
            yield f'<path class="step" d="M{x - STEP + 8:g} {middle - 5:g}l6 5l-6 5"/>'
        y = middle - (len(column) * (ROOM_HEIGHT + GAP) - GAP) / 2
        for row, room in enumerate(column):
            yield from draw_room(room, x, y + row * (ROOM_HEIGHT + GAP))
        x += ROOM_WIDTH + STEP


def draw_room(room: Room, x: float, y: float) -> Iterator[str]:
    kind, faint = ("room", "") if room.exists else ("planned", " faint")
    yield f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{ROOM_WIDTH}" height="{ROOM_HEIGHT}" rx="5"/>'
    centre = f'x="{x + ROOM_WIDTH / 2:g}" y="{y + ROOM_HEIGHT / 2:g}"'
    yield f'<text class="room-name{faint}" {centre}>{room.name}</text>'


def in_words(layers: Sequence[Sequence[Floor]]) -> Iterator[str]:
    """The same map as sentences, for those who do not see it."""
    for number, floors in enumerate(layers, start=1):
        for floor in floors:
            planned = "" if floor.exists else " (planned)"
            columns = [
                " and ".join(room.name + ("" if room.exists else " (planned)") for room in column)
                for column in floor.columns
            ]
            yield f"Floor {number}: {floor.name}{planned}" + (
                f": {', then '.join(columns)}." if columns else "."
            )


def main() -> int:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    drawn = draw(read_floors(settings["tool"]["importlinter"]["contracts"], ROOT / "src"))
    if "--check" not in sys.argv[1:]:
        MAP.parent.mkdir(parents=True, exist_ok=True)
        MAP.write_text(drawn, encoding="utf-8")
        return 0
    if MAP.exists() and MAP.read_text(encoding="utf-8") == drawn:
        return 0
    print(f"{MAP.relative_to(ROOT)} does not show the import contracts. Draw it again: python tools/map.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
