"""The hall of an agency: numbers, counters, calls and the board, measured waiting times; appointments.

Knows no dossier: what follows once somebody was called is given it by higher rooms (`contributions`).
"""
