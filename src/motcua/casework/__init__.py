"""Casework: forms, processes, warehouse, dossiers and the packs that describe procedures."""
