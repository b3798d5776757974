"""Kernel: small values every room uses: ids, errors, text, the actor of an act.

Owns no table. Imported whole; imports nothing of ours.
"""
