"""The scenario `vinh-phuc-2024`: the province of the press, played dossier by dossier with a ledger of its own.

`quotas`, `cases`, `moments` and `ledger` are pure. The ledger is written as it is decided what happens, and knows
neither the journal nor the tallies; `comparing` holds both, and the press, against each other.
"""
