"""Our own drawings: 24 grid, 1.6 stroke, round ends, beside a word."""

# ruff: noqa: E501  path data does not wrap

from __future__ import annotations

from functools import lru_cache

# Outlines; `fill` parts are marked by a leading "!".
ICONS: dict[str, str] = {
    "check": "M4.5 12.5 9.7 17.7 19.5 7",
    "arrow-left": "M14.5 5.5 8 12l6.5 6.5",
    "arrow-right": "M9.5 5.5 16 12l-6.5 6.5",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20.5 20.5",
    "download": "M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15",
    "share": "M8.3 10.7 15.4 6.6M8.3 13.3l7.1 4.1M6 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z"
    "M17.8 2.7a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM17.8 15.9a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
    "print": "M7.5 8.5v-5h9v5M7.5 17H5a1.5 1.5 0 0 1-1.5-1.5V10A1.5 1.5 0 0 1 5 8.5h14a1.5 1.5 0 0 1 1.5 1.5v5.5"
    "A1.5 1.5 0 0 1 19 17h-2.5M7.5 14h9v6.5h-9z",
    "pause": "!M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z",
    "clock-half": "!M12 3.5v17a8.5 8.5 0 0 0 0-17z|M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z",
    "ring": "M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15z",
    "triangle": "!M12 3.2 22.2 20.5H1.8z",
    "exclamation-ring": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5v5.6M12 16.2v.3",
    "pencil": "M4.5 19.5 5.6 15 15.8 4.8a2.1 2.1 0 0 1 3 0l.4.4a2.1 2.1 0 0 1 0 3L9 18.4zM13.7 6.9l3.4 3.4",
    "qr": "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v2.5M17.2 20H20v-1.4M14 20h.2M7 7v.01M17 7v.01M7 17v.01",
    "file": "M6 3.5h8l4.5 4.5v12.5H6zM9 12h6.5M9 15h6.5M9 9h2.5",
    "face-3": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9 9.4v.5M15 9.4v.5M7.6 13.4h8.8a4.5 4.5 0 0 1-8.8 0z",
    "face-2": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9 9.4v.5M15 9.4v.5M8 14c2.2 2.3 5.8 2.3 8 0",
    "face-1": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM9 9.4v.5M15 9.4v.5M8 16.2c2.2-2.6 5.8-2.6 8 0",
    "close": "M6 6l12 12M18 6 6 18",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "bell": "M12 3.5a5.8 5.8 0 0 0-5.8 5.8V13l-1.7 3.5h15L17.8 13V9.3A5.8 5.8 0 0 0 12 3.5zM9.8 19.3a2.3 2.3 0 0 0 4.4 0",
    "birth": "M12.2 3.2v8.3M12.2 3.2c4.6 0 8.2 3.6 8.4 8.3M2.4 11.5h19.4c0 5.4-4.3 9.6-9.7 9.6s-9.7-4.2-9.7-9.6z"
    "M4.7 22.4c2.3.6 4.8.8 7.4.8s5.1-.2 7.4-.8",
    "marriage": "M8.6 8a6.4 6.4 0 1 0 0 12.8A6.4 6.4 0 0 0 8.6 8zM15.6 8a6.4 6.4 0 1 0 0 12.8 6.4 6.4 0 0 0 0-12.8z"
    "M8.6 3.6 6.8 6l1.8 2.1L10.4 6z",
    "house": "M2.5 12.5 12 4l9.5 8.5M5 10.5V20.5h14V10.5M9.8 20.5V14h4.4v6.5",
    "shop": "M4.8 3.8h14.4l1.8 5.7a2.2 2.2 0 0 1-4.4.2 2.3 2.3 0 0 1-4.6 0 2.3 2.3 0 0 1-4.6 0A2.2 2.2 0 0 1 3 9.5z"
    "M4.8 11.8v8.7h14.4v-8.7",
    "land": "M2.8 7.4 9 4l6 3.4L21.2 4v12.6L15 20l-6-3.4L2.8 20zM9 4v12.6M15 7.4V20",
    "residence": "M3.5 5h17A1.3 1.3 0 0 1 21.8 6.3v11.4a1.3 1.3 0 0 1-1.3 1.3h-17a1.3 1.3 0 0 1-1.3-1.3V6.3A1.3 1.3 0 0 1 "
    "3.5 5zM8.3 8.4a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM5.2 16c.6-1.5 1.7-2.2 3.1-2.2s2.5.7 3.1 2.2M14 10.2h4.6M14 13.8h4.6",
    "work": "M4 7.5h16A1.2 1.2 0 0 1 21.2 8.7v10.1A1.2 1.2 0 0 1 20 20H4a1.2 1.2 0 0 1-1.2-1.2V8.7A1.2 1.2 0 0 1 4 7.5z"
    "M8.5 7.5V4h7v3.5M2.8 12.8h18.4",
    "death": "M5 13.5h14l-1.6 7H6.6zM12 13.5V3M8.7 13.5V5M15.3 13.5V5",
}

CREST = (
    '<rect width="48" height="48" rx="5" fill="#8E1B16"/><g fill="#FFFBF0" stroke="#8E1B16" stroke-width="1.6" '
    'stroke-linejoin="round"><path d="M17 36C9.4 34.6 4.3 29 3.6 19.8 9.2 21.6 14.2 25.4 17 31z"/>'
    '<path d="M31 36C38.6 34.6 43.7 29 44.4 19.8 38.8 21.6 33.8 25.4 31 31z"/>'
    '<path d="M18 36C11.6 30.2 9.6 21.4 12 11.6 16.6 15 20 19.6 21.6 25z"/>'
    '<path d="M30 36C36.4 30.2 38.4 21.4 36 11.6 31.4 15 28 19.6 26.4 25z"/>'
    '<path d="M24 5.5c5.4 6.3 8.1 13.2 8.1 20.6 0 3.5-.5 6.8-1.5 9.9H17.4c-1-3.1-1.5-6.4-1.5-9.9C15.9 18.7 18.6 11.8 24 5.5z"/>'
    '</g><path fill="#8E1B16" d="M24 18.5c2.7 2.7 3.9 5.6 3.9 9V36h-7.8v-8.5c0-3.4 1.2-6.3 3.9-9z"/>'
    '<path stroke="#FFFBF0" stroke-width="2.4" stroke-linecap="round" d="M8 40.3h32"/>'
)

# The seal on a result card: the crest's flower, drawn in line, inside two rings.
SEAL = (
    '<g fill="none" stroke="currentColor" stroke-linejoin="round"><circle cx="24" cy="24" r="22.5" stroke-width="2"/>'
    '<circle cx="24" cy="24" r="18" stroke-width="1"/></g><g fill="currentColor" transform="translate(11.5 9.5) scale(.52)">'
    '<path d="M17 36C9.4 34.6 4.3 29 3.6 19.8 9.2 21.6 14.2 25.4 17 31z"/>'
    '<path d="M31 36C38.6 34.6 43.7 29 44.4 19.8 38.8 21.6 33.8 25.4 31 31z"/>'
    '<path d="M18 36C11.6 30.2 9.6 21.4 12 11.6 16.6 15 20 19.6 21.6 25z"/>'
    '<path d="M30 36C36.4 30.2 38.4 21.4 36 11.6 31.4 15 28 19.6 26.4 25z"/>'
    '<path d="M24 5.5c5.4 6.3 8.1 13.2 8.1 20.6 0 3.5-.5 6.8-1.5 9.9h-2.7v-8.5c0-3.4-1.2-6.3-3.9-9-2.7 2.7-3.9 5.6-3.9 9V36h-2.7'
    'c-1-3.1-1.5-6.4-1.5-9.9C15.9 18.7 18.6 11.8 24 5.5z"/><path d="M8 40h32v2.4H8z"/></g>'
)


@lru_cache(maxsize=500)
def svg(name: str, label: str = "") -> str:
    """The drawing as inline SVG: hidden from screen readers, or an image with `label` (escaped by the caller)."""
    parts = []
    for part in ICONS[name].split("|"):
        filled = part.startswith("!")
        paint = 'fill="currentColor" stroke="none" ' if filled else ""
        parts.append(f'<path {paint}d="{part.removeprefix("!")}"/>')
    said = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return f'<svg class="icon" viewBox="0 0 24 24" {said}>{"".join(parts)}</svg>'
