"""The demonstration: one-click sign-in for officers, made-up people, a banner on every page."""

from .base import *  # noqa: F403

DEMO = True
PLACE_NAME = PLACE_NAME or "Tỉnh Phú Thọ"  # noqa: F405
