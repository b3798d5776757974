"""Catalogue: procedures, their versions, sectors and life events, and finding them.

What a version says is loaded from a pack (`casework.packs`); the catalogue does not read pack files.
"""
