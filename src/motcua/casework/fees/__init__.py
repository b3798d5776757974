"""Fees: what a procedure costs, and the ledger of what was paid at counters.

Owns the ledger's entries and which receipts are in use; an entry is never changed, only corrected by another. Knows a
dossier only as `subject`, a UUID. `rules` hold which fees are due and what is open, all pure. Words: docs/fees.md.
"""
