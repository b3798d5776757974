"""Packs: procedures as files: checking, comparing, trying, publishing and exporting them; drafts and their review."""
