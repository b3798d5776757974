"""Console: how officers come in, and pages over the foundation for those who look after all agencies.

Owns the officers' sign-in, the auditors' reading of the journal with its extracts, and the operators' view of who
follows the journal. Has no tables: what it shows belongs to the rooms below.
"""
