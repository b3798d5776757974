"""Asking, answering, replying, keeping: one function an act."""
