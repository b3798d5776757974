"""Measures motcua on this machine against the budget: `make bench`."""
