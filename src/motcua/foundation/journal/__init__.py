"""Journal: what was done, by whom, to what, when and why.

Owns entries (never updated, never deleted: the application's database role cannot) and their details
(personal values, which retention may erase; the entry keeps a salted digest, so the proof stays).
Owns seals (position, leaf, batch, time stamp), who follows them and how far, verification, proofs, extracts.
`sealing`, `consuming`, `stamping` are run by `following`; `reading`, `heads`, `outside`, `report` serve `verification`.
Does not own time-stamp authorities and signers: `signatures` hands them in by `contributions`.
"""
