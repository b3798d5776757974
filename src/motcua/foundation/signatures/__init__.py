"""Signatures: signing keys, PDF and XML signatures, their pictures, and the verification of anybody's signed file.

Owns the keys of this installation and its trust list, both as files below SIGNATURES_DIR; no table.
Does not own who may sign what (the room of the document decides) nor where a signed file is kept (files).

Doors: `keys`, `pdf`, `batch`, `xml`, `stamp`, `images` and `verification` are named for their nouns instead of being
one `services`, because each serves another caller (set-up, signing, drawing, the public page). `examination` and
`xml_examination` are the verification itself, run by `worker` and `xml_worker` in processes of their own. `signers`
is what all keys have in common; those that are kept elsewhere are in `adapters`, described by `key_files`.
"""
