"""Signatures: signing keys, PDF signatures, their stamp, and the verification of anybody's signed PDF.

Owns the keys of this installation and its trust list, both as files below SIGNATURES_DIR; no table.
Does not own who may sign what (the room of the document decides) nor where a signed file is kept (files).

Doors: `keys`, `pdf`, `stamp` and `verification` are named for their nouns instead of being one `services`,
because each serves another caller (set-up, signing, drawing, the public page). `examination` is the
verification itself, run by `worker` in a process of its own.
"""
