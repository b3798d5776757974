"""Warehouse: electronic documents that the State issued to people, and their public verification.

Listing, sharing and reuse come with the issue that completes the room.
"""
