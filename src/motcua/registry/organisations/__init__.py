"""Organisations: agencies, units, posts, officers, their calendars and their running numbers.

Delegation, absence and successors come with the issue that completes this room.
"""
