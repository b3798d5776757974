"""What an administrator decides about this installation while it runs, and what it still lacks.

Rooms declare their settings in their `apps.py`; anybody asks `selectors.get(key)`. What the operator sets in the
environment wins and is shown, not changed. Every change is an entry of the journal.
"""
