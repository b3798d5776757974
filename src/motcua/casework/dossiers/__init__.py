"""Dossiers: drafts, dossiers, their acts and statuses, their papers and official documents.

`rules.states` is the one table of what may be done when and by whom; services, pages and tests read it.
"""
