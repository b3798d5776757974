"""motcua: one door from a published administrative procedure to a signed result.

The package is a house of eight floors; a floor imports only from floors below it.
`docs/architecture.md` draws it, `pyproject.toml` enforces it.
"""
