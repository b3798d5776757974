"""Journal: what was done, by whom, to what, when and why.

Owns entries (never updated, never deleted: the application's database role cannot) and their details
(personal values, which retention may erase; the entry keeps a salted digest, so the proof stays).
Does not own positions and seals yet: `docs/status.md` says when they come.
"""
