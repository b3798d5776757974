"""Packs: procedures as files: checking and publishing them.

Editing, diff, test, export and trial come with the issue that completes the room.
"""
